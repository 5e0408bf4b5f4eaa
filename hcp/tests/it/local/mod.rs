//! Against the local HCP: the same client, the same wire, a store that really keeps things.

mod copying;
mod objects;
mod presigned;
mod uploads;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use hcp::{
    AuthType, Body, Call, Credentials, ErrorKind, GetOptions, Missing, Presigner, PutOptions, S3,
    Store, StoreConfig,
};
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use local_hcp::{Clock, Config, Journal, LocalHcp, Profile};
use model::{
    BucketName, ObjectKey, TenantName, Username,
    auth::Login,
    mapi::{Role, calls::operations},
    object::ListObjectsQuery,
    session::Backend,
};
use tempfile::TempDir;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use url::Url;

use crate::script::{bucket, chain, config, key};

const PASSWORD: &str = "demo-demo";
const HOUR: Duration = Duration::from_hours(1);

/// A local HCP with the tenants `acme` and `globex`, each with a user `demo`, and an administrator.
struct Local {
    store: Store,
    /// The same, for accounts of a directory, which the store does not have.
    directory: Store,
    /// Whether `folder/` is a folder, without bytes, and not a key as any other.
    has_folders: bool,
    _folder: TempDir,
}

impl Local {
    async fn new(profile: Profile) -> Self {
        let folder = TempDir::new().unwrap();
        let hcp = LocalHcp::open(Config {
            data_dir: folder.path().join("store"),
            s3_domain: "localhost".to_owned(),
            allowed_origin: Arc::new(|_| false),
            reserve_bytes: 0,
            files_dir: None,
            inline_bytes: 16 * 1024,
            chargeback_days: 180,
            audit_days: 365,
            operation_days: 180,
            profile,
            clock: Clock::system(),
            journal: Journal::default(),
            settings: String::new(),
        })
        .await
        .unwrap();
        let user = Username::parse("demo").unwrap();
        for tenant in ["acme", "globex"] {
            let tenant = TenantName::parse(tenant).unwrap();
            hcp.create_tenant(&tenant).await.unwrap();
            let roles = [Role::Administrator, Role::Security];
            let made = hcp.create_user(&tenant, &user, PASSWORD, &roles, true);
            assert!(made.await.unwrap());
        }
        let admin = Username::parse("admin").unwrap();
        let roles = [Role::Administrator, Role::Security];
        hcp.create_system_user(&admin, PASSWORD, &roles)
            .await
            .unwrap();
        let s3 = serve(hcp.s3_router()).await;
        let mut config = config(&s3, Backend::Embedded, AuthType::Hcp);
        config.tenant_in_key = true;
        config.timeout = Duration::from_secs(30);
        let management = serve(hcp.management_router()).await;
        if let Some(endpoint) = &mut config.management {
            endpoint.address = management.socket_addrs(|| None).unwrap().pop();
            endpoint.domain = Some("localhost".to_owned());
        }
        let directory = StoreConfig {
            auth: AuthType::Ad,
            ..config.clone()
        };
        Self {
            store: Store::new(config).unwrap(),
            directory: Store::new(directory).unwrap(),
            has_folders: profile == Profile::Hcp,
            _folder: folder,
        }
    }

    fn who(&self, tenant: Option<&str>, user: &str, password: &str) -> Credentials {
        let login = Login {
            tenant: tenant.map(|t| TenantName::parse(t).unwrap()),
            username: Username::parse(user).unwrap(),
        };
        self.store.credentials(&login, password)
    }

    /// The client of a tenant's user, with a bucket.
    async fn s3(&self, tenant: &str) -> S3 {
        let demo = self.who(Some(tenant), "demo", PASSWORD);
        let s3 = self.store.s3(&demo).unwrap();
        s3.create_bucket(&bucket()).await.unwrap();
        s3
    }
}

/// Runs a test against the store with the habits of S3, and with those of HCP.
#[expect(clippy::print_stdout, reason = "shown where the test fails")]
async fn on_both(test: impl AsyncFn(Local)) {
    for profile in [Profile::Standard, Profile::Hcp] {
        println!("profile {profile:?}");
        Box::pin(test(Local::new(profile).await)).await;
    }
}

async fn serve(router: axum::Router) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Url::parse(&format!("http://{address}")).unwrap()
}

/// A call as a browser makes it: without any credentials but the URL.
async fn call(method: &str, url: &str, body: &str, content_type: Option<&str>) -> (u16, String) {
    let (status, _, text) = exchange(method, url, body, content_type).await;
    (status, text)
}

async fn put_with(url: &str, body: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let (status, _, text) = send("PUT", url, body, headers).await;
    (status, text)
}

async fn exchange(
    method: &str,
    url: &str,
    body: &str,
    content_type: Option<&str>,
) -> (u16, HeaderMap, String) {
    let headers: Vec<_> = content_type
        .map(|it| ("content-type", it))
        .into_iter()
        .collect();
    send(method, url, body, &headers).await
}

async fn send(
    method: &str,
    url: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> (u16, HeaderMap, String) {
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::from(body.to_owned())).unwrap();
    let (parts, body) = client.request(request).await.unwrap().into_parts();
    let text = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&text).into_owned();
    (parts.status.as_u16(), parts.headers, text)
}

fn presigner(s3: &S3) -> Presigner {
    s3.presigner(None, OffsetDateTime::now_utc()).unwrap()
}

async fn put(s3: &S3, name: &str, text: &'static str) {
    let body = Body::from_bytes(text);
    s3.put_object(&bucket(), &key(name), body, PutOptions::default())
        .await
        .unwrap();
}

async fn read(s3: &S3, key: &ObjectKey, options: GetOptions) -> Result<Bytes, hcp::Error> {
    let object = s3.get_object(&bucket(), key, options).await?;
    Ok(http_body_util::BodyExt::collect(object.body)
        .await?
        .to_bytes())
}

#[tokio::test]
async fn only_the_right_password_signs_in() {
    on_both(async |local| {
        let verify = async |tenant: Option<&str>, user: &str, password: &str| {
            let who = local.who(tenant, user, password);
            local.store.verify(&who).await.map_err(|e| e.kind())
        };
        let refused = Err(ErrorKind::Unauthenticated);
        assert_eq!(verify(Some("acme"), "demo", PASSWORD).await, Ok(()));
        assert_eq!(verify(Some("acme"), "demo", "wrong").await, refused);
        assert_eq!(verify(Some("acme"), "nobody", PASSWORD).await, refused);
        assert_eq!(verify(Some("nowhere"), "demo", PASSWORD).await, refused);
        assert_eq!(verify(None, "admin", PASSWORD).await, Ok(()));
        assert_eq!(verify(None, "admin", "wrong").await, refused);
        assert_eq!(verify(None, "demo", PASSWORD).await, refused);
        assert!(local.store.reachable().await);
    })
    .await;
}

/// A store without a directory knows nobody of one, not even by the name and password of an account of its
/// own; and that account is not disabled by it.
#[tokio::test]
async fn accounts_of_a_directory_are_refused_where_there_is_none() {
    on_both(async |local| {
        for (tenant, user) in [(Some("acme"), "demo"), (None, "admin")] {
            let own = local.who(tenant, user, PASSWORD);
            let login = Login {
                tenant: own.tenant.clone(),
                username: own.username.clone(),
            };
            let directory = &local.directory;
            let who = directory.credentials(&login, PASSWORD);
            for _attempt in 0..10 {
                let error = directory.verify(&who).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
                assert!(!chain(&error).contains(PASSWORD), "{error}");
            }
            let name = tenant.unwrap_or("acme");
            let get = operations().find(|one| one.id == "get_tenant").unwrap();
            let call = Call::new(get, &[name]).unwrap();
            let error = directory.perform(&who, &call).await.unwrap_err();
            let said = error.store_message().unwrap_or_default();
            assert!(said.contains("Active Directory"), "{error}: {said}");
            assert_eq!(local.store.verify(&own).await.map_err(|e| e.kind()), Ok(()));
        }
    })
    .await;
}

#[tokio::test]
async fn a_bucket_lives_and_dies() {
    on_both(async |local| {
        let s3 = local.s3("acme").await;
        let list = s3.list_buckets().await.unwrap();
        let names: Vec<_> = list.buckets.iter().map(|b| b.name.as_str()).collect();
        assert_eq!(names, ["archive"]);
        s3.head_bucket(&bucket()).await.unwrap();
        put(&s3, "a", "x").await;
        let error = s3.delete_bucket(&bucket()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BucketNotEmpty);
        s3.delete_object(&bucket(), &key("a"), None).await.unwrap();
        s3.delete_bucket(&bucket()).await.unwrap();
        let gone = ErrorKind::NotFound {
            what: Missing::Bucket,
        };
        assert_eq!(s3.head_bucket(&bucket()).await.unwrap_err().kind(), gone);
        assert_eq!(s3.delete_bucket(&bucket()).await.unwrap_err().kind(), gone);
        let query = ListObjectsQuery::default();
        let error = s3.list_objects(&bucket(), &query).await.unwrap_err();
        assert_eq!(error.kind(), gone);
    })
    .await;
}

#[tokio::test]
async fn two_tenants_with_the_same_names_stay_apart() {
    on_both(async |local| {
        let (acme, globex) = (local.s3("acme").await, local.s3("globex").await);
        put(&acme, "a", "acme's").await;
        put(&globex, "a", "globex's").await;
        for (s3, text) in [(&acme, "acme's"), (&globex, "globex's")] {
            assert_eq!(
                read(s3, &key("a"), GetOptions::default()).await.unwrap(),
                text
            );
            let url = presigner(s3).get_object(&bucket(), &key("a"), HOUR, None, None);
            assert_eq!(call("GET", &url, "", None).await, (200, text.to_owned()));
        }
        let name = BucketName::parse("only-acme").unwrap();
        acme.create_bucket(&name).await.unwrap();
        let error = globex.head_bucket(&name).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::NotFound {
                what: Missing::Bucket
            }
        );
    })
    .await;
}
