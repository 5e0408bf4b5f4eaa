//! A command's way to Hako and to the store.

use model::{
    BucketName, ObjectKey,
    object::{GetDetails, ListObjects, ListObjectsQuery, ObjectDetails, ObjectPage},
    session::{GetSession, Session},
    upload::Settings,
};
use tokio::sync::Semaphore;

use crate::{
    Error,
    api::Api,
    http::Http,
    profile::Choice,
    report::{Output, Telling},
};

/// What every command takes.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Options {
    /// Which profile it works by.
    #[command(flatten)]
    pub(crate) choice: Choice,
    /// How it tells results.
    #[command(flatten)]
    telling: Telling,
}

impl Options {
    /// Where the command says what it did.
    pub(crate) fn output(&self) -> Output {
        Output::new(self.telling)
    }
}

/// A session, and what it may do at once.
pub(crate) struct Client {
    /// Calls of Hako.
    pub(crate) api: Api,
    /// Who it is, and what the store can do.
    pub(crate) session: Session,
    /// How files are sent.
    pub(crate) settings: Settings,
    /// Where the command says what it did.
    pub(crate) output: Output,
    /// Requests with bytes at once, over all files.
    pub(crate) slots: Semaphore,
}

impl Client {
    /// Signs in.
    pub(crate) async fn open(options: &Options) -> Result<Self, Error> {
        let profile = options.choice.find()?;
        let http = Http::new(profile.ca_file.as_deref())?;
        let api = Api::new(http, &profile.server, profile.account()?);
        let session = api.call(&GetSession).await?;
        let settings = Settings::new(&session.upload, session.features.max_key_bytes);
        Ok(Self {
            api,
            session,
            settings,
            output: options.output(),
            slots: Semaphore::new(settings.parallelism),
        })
    }

    /// Signs in to move bytes: the account must have keys to sign addresses with.
    pub(crate) async fn open_to_move(options: &Options) -> Result<Self, Error> {
        let client = Self::open(options).await?;
        if client.session.features.presign {
            return Ok(client);
        }
        Err(Error::Usage(
            "this account has no keys: no address of the store can be signed for it".to_owned(),
        ))
    }

    /// One page of a listing.
    pub(crate) async fn page(
        &self,
        bucket: &BucketName,
        prefix: &str,
        delimiter: Option<&str>,
        after: Option<String>,
    ) -> Result<ObjectPage, Error> {
        let call = ListObjects {
            bucket: bucket.clone(),
            query: ListObjectsQuery {
                prefix: Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty()),
                delimiter: delimiter.map(str::to_owned),
                continuation_token: after,
                ..ListObjectsQuery::default()
            },
        };
        self.api.call(&call).await
    }

    /// What the store tells of an object.
    pub(crate) async fn details(
        &self,
        bucket: &BucketName,
        key: &ObjectKey,
    ) -> Result<ObjectDetails, Error> {
        let call = GetDetails {
            bucket: bucket.clone(),
            key: key.clone(),
            version_id: None,
        };
        self.api.call(&call).await
    }
}
