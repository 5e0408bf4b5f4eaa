//! `hako share`.

use std::time::Duration;

use clap::Args;
use model::presign::{MAX_EXPIRES_IN, Presign, PresignRequest, UrlWarning};

use crate::{
    Error,
    client::{Client, Options},
    place::Place,
};

/// Makes a presigned address.
#[derive(Args, Debug)]
pub struct Share {
    /// The file, as `bucket/key`.
    place: Place,
    /// How long the address opens it, such as `15m`, `1h` or `7days`, which is the longest.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = humantime::parse_duration)]
    expires: Duration,
    #[command(flatten)]
    options: Options,
}

/// `hako share`.
pub(crate) async fn run(share: Share) -> Result<(), Error> {
    let seconds = share.expires.as_secs();
    if !(1..=MAX_EXPIRES_IN).contains(&seconds) {
        return Err(Error::Usage("--expires is from 1s to 7days".to_owned()));
    }
    let key = share.place.key()?;
    let client = Client::open_to_move(&share.options).await?;
    // An address of nothing is of no use to whoever gets it.
    client.details(&share.place.bucket, &key).await?;
    let call = Presign(PresignRequest {
        bucket: share.place.bucket.into(),
        key: key.into(),
        expires_in: Some(seconds),
        ..PresignRequest::default()
    });
    let signed = client.api.call(&call).await?;
    for warning in &signed.warnings {
        let what = match warning {
            UrlWarning::NotRevocable => continue,
            UrlWarning::EndsWithKey => "it ends earlier where the account's key changes".to_owned(),
            UrlWarning::EndsWithTemporaryKey { at } => format!("it ends with its key, at {at}"),
            UrlWarning::InternalAddress { host } => {
                format!("others may not reach {host}, which looks internal")
            }
        };
        client.output.note(&what);
    }
    client.output.line(&signed.url, &signed);
    Ok(())
}
