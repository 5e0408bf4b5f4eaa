//! Every operation of the contract: once with success, once refused, and both answers as documented.

use model::cors::{CorsRule, fingerprint};
use reqwest::{Method, RequestBuilder, StatusCode, header, multipart};
use serde_json::{Value, json};

use crate::{
    app::{Actor, Answer, TestApp},
    moto::{self, Moto},
    openapi,
};

/// One request of an operation, and the status that it gets.
struct Call {
    path: String,
    body: Body,
    signed_in: bool,
    host: Option<&'static str>,
    method: Option<Method>,
    prefer: Option<&'static str>,
    status: u16,
}

enum Body {
    None,
    Json(Value),
    Form(Value),
    File(&'static str),
}

impl Call {
    fn with(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    fn form(mut self, fields: Value) -> Self {
        self.body = Body::Form(fields);
        self
    }

    fn file(mut self, text: &'static str) -> Self {
        self.body = Body::File(text);
        self
    }

    fn anonymous(mut self) -> Self {
        self.signed_in = false;
        self
    }

    /// By a method that the path does not know.
    fn by(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// As work in the background.
    fn in_background(mut self) -> Self {
        self.prefer = Some("respond-async");
        self
    }

    /// By a name that is not the server's.
    fn elsewhere(mut self) -> Self {
        self.host = Some("elsewhere.example");
        self
    }

    async fn send(&self, app: &TestApp, demo: &Actor<'_>, method: Method) -> Answer {
        let anonymous = app.anonymous();
        let actor = if self.signed_in { demo } else { &anonymous };
        let method = self.method.clone().unwrap_or(method);
        let mut request = self.body(actor.request(method, &self.path));
        if let Some(host) = self.host {
            request = request.header(header::HOST, host);
        }
        if let Some(prefer) = self.prefer {
            request = request.header("prefer", prefer);
        }
        Answer(request.send().await.unwrap())
    }

    fn body(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.body {
            Body::None => request,
            Body::Json(body) => request.json(body),
            Body::Form(fields) => request.form(fields),
            Body::File(text) => {
                let part = multipart::Part::text(*text).file_name("file");
                request.multipart(multipart::Form::new().part("file", part))
            }
        }
    }
}

fn call(status: u16, path: impl Into<String>) -> Call {
    Call {
        path: path.into(),
        body: Body::None,
        signed_in: true,
        host: None,
        method: None,
        prefer: None,
        status,
    }
}

/// An operation with its two requests.
struct Case {
    method: &'static str,
    path: &'static str,
    good: Call,
    bad: Call,
}

fn case(method: &'static str, path: &'static str, good: Call, bad: Call) -> Case {
    Case {
        method,
        path,
        good,
        bad,
    }
}

const B: &str = "/api/v1/buckets/walk";
const NONE: &str = "/api/v1/buckets/absent";

/// What the requests need to be there.
struct Seed {
    /// An upload without parts, of the key `begun`.
    begun: String,
    /// One with a part, of the key `whole`, and the part's tag.
    whole: (String, String),
    /// One to give up, of the key `dropped`.
    dropped: String,
    /// Tasks that have ended: a count, an archive, a deletion, a copy.
    tasks: [String; 4],
    /// A job of which something failed.
    job: String,
}

async fn seed(demo: &Actor<'_>) -> Seed {
    demo.bucket("walk").await;
    for key in ["a.txt", "gone.txt", "many/1", "many/2"] {
        let path = format!("{B}/object?key={key}");
        let _: Value = demo.put_bytes(&path, "some bytes").await.good().await;
    }
    let begin = async |key: &str| {
        let path = format!("{B}/multipart/{key}");
        let upload: Value = demo.post(&path, &Value::Null).await.good().await;
        upload["upload_id"].as_str().unwrap().to_owned()
    };
    let whole = begin("whole").await;
    let path = format!("{B}/multipart/whole?upload_id={whole}&part_number=1");
    let part: Value = demo.put_bytes(&path, "part").await.good().await;
    Seed {
        begun: begin("begun").await,
        whole: (whole, part["etag"].as_str().unwrap().to_owned()),
        dropped: begin("dropped").await,
        tasks: ended_tasks(demo).await,
        job: failed_job(demo).await,
    }
}

/// A copy onto what is there.
async fn failed_job(demo: &Actor<'_>) -> String {
    let order = json!({"kind": "copy", "bucket": "walk", "keys": ["many/1"], "base": "many/1",
        "target": {"prefix": "a.txt"}});
    let started: Value = demo.post("/api/v1/jobs?wait=20", &order).await.good().await;
    assert_eq!(started["progress"]["failed"], 1);
    started["id"].as_str().unwrap().to_owned()
}

/// Jobs.
fn jobs(seed: &Seed) -> Vec<Case> {
    const JOBS: &str = "/api/v1/jobs";
    const NOBODY_S: &str = "5f0c3a52-6f5e-4c0e-9b6a-0f8d4a1b2c3d";
    let of = |method: &'static str, path: &'static str, status: u16| {
        let good = call(status, path.replace("{job_id}", &seed.job));
        case(
            method,
            path,
            good,
            call(404, path.replace("{job_id}", NOBODY_S)),
        )
    };
    let order = json!({"kind": "delete", "bucket": "walk", "prefixes": ["nothing/"], "plan": true});
    let undo = "/api/v1/jobs/{job_id}/undo";
    vec![
        case(
            "GET",
            JOBS,
            call(200, JOBS),
            call(422, "/api/v1/jobs?state=lost"),
        ),
        case(
            "POST",
            JOBS,
            call(202, JOBS).with(order),
            call(422, JOBS).with(json!({"kind": "delete", "bucket": "walk"})),
        ),
        of("GET", "/api/v1/jobs/{job_id}", 200),
        of("GET", "/api/v1/jobs/{job_id}/failures", 200),
        of("GET", "/api/v1/jobs/{job_id}/markers", 200),
        of("GET", "/api/v1/jobs/{job_id}/results", 200),
        of("POST", "/api/v1/jobs/{job_id}/cancel", 200),
        of("POST", "/api/v1/jobs/{job_id}/retry", 202),
        // It made no delete markers.
        of("POST", undo, 409),
    ]
}

/// Starts one task of each kind, and waits until it has ended.
async fn ended_tasks(demo: &Actor<'_>) -> [String; 4] {
    let run = async |kind: &str, body: Value| {
        let path = format!("{B}/objects/{kind}");
        let request = demo.request(Method::POST, &path).json(&body);
        let request = request.header("prefer", "respond-async");
        let started: Value = Answer(request.send().await.unwrap()).good().await;
        let id = started["task_id"].as_str().unwrap().to_owned();
        loop {
            let answer = demo.get(&format!("{path}/{id}")).await;
            if answer.header("content-type") == "application/zip" {
                return id;
            }
            let task: Value = answer.good().await;
            if !["counting", "processing"].contains(&task["status"].as_str().unwrap()) {
                return id;
            }
        }
    };
    [
        run("s3_stats", json!({})).await,
        run("download", json!({"keys": ["a.txt"]})).await,
        run("delete-task", json!({"keys": ["absent"]})).await,
        run(
            "copy-task",
            json!({"source_prefix": "many/", "target_prefix": "more/"}),
        )
        .await,
    ]
}

/// Background work.
fn tasks(seed: &Seed) -> Vec<Case> {
    const NOBODY_S: &str = "5f0c3a52-6f5e-4c0e-9b6a-0f8d4a1b2c3d";
    const FORM: &str = "/api/v1/buckets/{bucket}/objects/";
    let at = |rest: &str| format!("{B}/objects/{rest}");
    let [count, archive, deletion, copy] = &seed.tasks;
    let start = |path: &'static str, good: Value, bad: Value| {
        let target = at(&path[FORM.len()..]);
        let good = call(202, &*target).with(good).in_background();
        case("POST", path, good, call(400, target).with(bad))
    };
    let of = |method: &'static str, path: &'static str, id: &str| {
        let rest = &path[FORM.len()..];
        let good = call(200, at(&rest.replace("{task_id}", id)));
        let bad = call(404, at(&rest.replace("{task_id}", NOBODY_S)));
        case(method, path, good, bad)
    };
    let count_of = "/api/v1/buckets/{bucket}/objects/s3_stats";
    vec![
        case(
            "POST",
            count_of,
            call(202, at("s3_stats?prefix=many/")),
            call(401, at("s3_stats")).anonymous(),
        ),
        of(
            "GET",
            "/api/v1/buckets/{bucket}/objects/s3_stats/{task_id}",
            count,
        ),
        start(
            "/api/v1/buckets/{bucket}/objects/download",
            json!({"keys": ["a.txt"]}),
            json!({}),
        ),
        of(
            "GET",
            "/api/v1/buckets/{bucket}/objects/download/{task_id}",
            archive,
        ),
        start(
            "/api/v1/buckets/{bucket}/objects/delete-task",
            json!({"prefixes": ["nothing/"]}),
            json!({}),
        ),
        of(
            "GET",
            "/api/v1/buckets/{bucket}/objects/delete-task/{task_id}",
            deletion,
        ),
        of(
            "POST",
            "/api/v1/buckets/{bucket}/objects/delete-task/{task_id}/cancel",
            deletion,
        ),
        start(
            "/api/v1/buckets/{bucket}/objects/copy-task",
            json!({"source_prefix": "many/", "target_prefix": "again/"}),
            json!({"source_prefix": "many/", "target_prefix": "many/more/"}),
        ),
        of(
            "GET",
            "/api/v1/buckets/{bucket}/objects/copy-task/{task_id}",
            copy,
        ),
        of(
            "POST",
            "/api/v1/buckets/{bucket}/objects/copy-task/{task_id}/cancel",
            copy,
        ),
    ]
}

/// The probes, signing in, and what concerns no bucket.
fn general(login: &Value) -> Vec<Case> {
    let wrong = json!({"username": login["username"]});
    let (presign, buckets) = ("/api/v1/presign", "/api/v1/buckets");
    vec![
        // The probes answer any host, whoever asks: what they refuse is a change.
        case(
            "GET",
            "/liveness",
            call(200, "/liveness").anonymous(),
            call(405, "/liveness").by(Method::DELETE),
        ),
        case(
            "GET",
            "/readiness",
            call(200, "/readiness").anonymous(),
            call(405, "/readiness").by(Method::DELETE),
        ),
        case(
            "GET",
            "/health",
            call(200, "/health").anonymous(),
            call(405, "/health").by(Method::DELETE),
        ),
        case(
            "GET",
            "/api/v1/capabilities",
            call(200, "/api/v1/capabilities").anonymous(),
            call(421, "/api/v1/capabilities").elsewhere(),
        ),
        case(
            "POST",
            "/api/v1/auth/token",
            call(200, "/api/v1/auth/token")
                .form(login.clone())
                .anonymous(),
            call(422, "/api/v1/auth/token").form(wrong).anonymous(),
        ),
        case(
            "GET",
            "/api/v1/credentials",
            call(200, "/api/v1/credentials"),
            call(401, "/api/v1/credentials").anonymous(),
        ),
        case(
            "POST",
            presign,
            call(200, presign).with(json!({"bucket": "walk", "key": "a.txt"})),
            call(422, presign).with(json!({"bucket": "walk", "key": "a", "expires_in": 604_801})),
        ),
        case(
            "GET",
            buckets,
            call(200, buckets),
            call(401, buckets).anonymous(),
        ),
        case(
            "POST",
            buckets,
            call(201, buckets).with(json!({"bucket": "walked"})),
            call(409, buckets).with(json!({"bucket": "walk"})),
        ),
    ]
}

/// What is set on a bucket.
#[expect(clippy::too_many_lines, reason = "a table")]
fn settings() -> Vec<Case> {
    let cors = json!({"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]});
    let rule = CorsRule {
        allowed_methods: Some(vec!["PUT".to_owned()]),
        allowed_origins: Some(vec!["https://console.example".to_owned()]),
        ..CorsRule::default()
    };
    let stranger = json!({"Grants": [{"Grantee": {"ID": "nobody"}, "Permission": "READ"}]});
    let at = |path: &'static str| &path["/api/v1/buckets/{bucket}".len()..];
    let read = |path: &'static str| {
        let good = call(200, format!("{B}{}", at(path)));
        case("GET", path, good, call(404, format!("{NONE}{}", at(path))))
    };
    let post = |path: &'static str, good: Value, bad: Value| {
        let target = format!("{B}{}", at(path));
        let good = call(200, &*target).with(good);
        case("POST", path, good, call(422, target).with(bad))
    };
    let put = |path: &'static str, good: Value, status: u16, bad: Value| {
        let target = format!("{B}{}", at(path));
        case(
            "PUT",
            path,
            call(200, &*target).with(good),
            call(status, &*target).with(bad),
        )
    };
    vec![
        case(
            "HEAD",
            "/api/v1/buckets/{bucket}",
            call(200, B),
            call(404, NONE),
        ),
        read("/api/v1/buckets/{bucket}/versioning"),
        put(
            "/api/v1/buckets/{bucket}/versioning",
            json!({"status": "Suspended"}),
            422,
            json!({"status": "Whatever"}),
        ),
        read("/api/v1/buckets/{bucket}/acl"),
        put(
            "/api/v1/buckets/{bucket}/acl",
            json!({"Grants": []}),
            400,
            stranger,
        ),
        put(
            "/api/v1/buckets/{bucket}/cors",
            cors,
            422,
            json!({"CORSRules": 7}),
        ),
        read("/api/v1/buckets/{bucket}/cors"),
        case(
            "DELETE",
            "/api/v1/buckets/{bucket}/cors",
            call(200, format!("{B}/cors")),
            call(404, format!("{NONE}/cors")),
        ),
        case(
            "GET",
            "/api/v1/reachable-buckets",
            call(200, "/api/v1/reachable-buckets"),
            call(401, "/api/v1/reachable-buckets").anonymous(),
        ),
        case(
            "GET",
            "/api/v1/bucket-facts",
            call(
                200,
                "/api/v1/bucket-facts?buckets=documents&with=cors,uploads,retention",
            ),
            call(422, "/api/v1/bucket-facts?buckets=documents&with=weather"),
        ),
        read("/api/v1/buckets/{bucket}/upload-target"),
        post(
            "/api/v1/buckets/{bucket}/upload-diagnosis",
            json!({"origin": "https://console.example"}),
            json!({"origin": "console"}),
        ),
        post(
            "/api/v1/buckets/{bucket}/cors/rules",
            json!(rule),
            json!({"AllowedMethods": ["PUT"]}),
        ),
        read("/api/v1/buckets/{bucket}/cors/overview"),
        post(
            "/api/v1/buckets/{bucket}/cors/changes",
            json!({
                "fingerprint": fingerprint(&[rule]),
                "change": {"kind": "remove", "at": 0},
            }),
            json!({"fingerprint": "", "change": {"kind": "remove"}}),
        ),
        post(
            "/api/v1/buckets/{bucket}/cors/reading",
            json!({"xml": "<CORSConfiguration/>"}),
            json!({"xml": 7}),
        ),
        case(
            "GET",
            "/api/v1/buckets/{bucket}/cors/check",
            call(
                200,
                format!("{B}/cors/check?origin=https://a.example&method=GET"),
            ),
            call(
                422,
                format!("{B}/cors/check?origin=https://a.example&method=PATCH"),
            ),
        ),
        read("/api/v1/buckets/{bucket}/uploads"),
        read("/api/v1/buckets/{bucket}/versions"),
        read("/api/v1/buckets/{bucket}/objects"),
    ]
}

const KEY: &str = "/api/v1/buckets/{bucket}/objects/{key}";
const ACL: &str = "/api/v1/buckets/{bucket}/objects/{key}/acl";
const COPY: &str = "/api/v1/buckets/{bucket}/objects/{key}/copy";
const FOLDER: &str = "/api/v1/buckets/{bucket}/objects/folder";
const DELETE: &str = "/api/v1/buckets/{bucket}/objects/delete";
const PRESIGN: &str = "/api/v1/buckets/{bucket}/objects/presign";
const TAGS: &str = "/api/v1/buckets/{bucket}/object/tags";
const DETAILS: &str = "/api/v1/buckets/{bucket}/object/details";
const PREVIEW: &str = "/api/v1/buckets/{bucket}/object/preview";
const CONTENT: &str = "/api/v1/buckets/{bucket}/object/preview/content";
const ANNOTATIONS: &str = "/api/v1/buckets/{bucket}/object/metadata";
const ANNOTATION: &str = "/api/v1/buckets/{bucket}/object/metadata/{annotation}";

/// Custom metadata. In front of a store that is no HCP all of it is 501.
fn annotations() -> Vec<Case> {
    let of = |name: &str, key: &str| format!("{B}/object/metadata/{name}?key={key}");
    let all = |key: &str| format!("{B}/object/metadata?key={key}");
    vec![
        case(
            "PUT",
            ANNOTATION,
            call(200, of("lab", "a.txt")).with(json!({"lab": 1})),
            call(404, of("lab", "absent")).with(json!({"lab": 1})),
        ),
        case(
            "GET",
            ANNOTATIONS,
            call(200, format!("{}&content=true", all("a.txt"))),
            call(404, all("absent")),
        ),
        case(
            "GET",
            ANNOTATION,
            call(200, of("lab", "a.txt")),
            call(404, of("other", "a.txt")),
        ),
        case(
            "DELETE",
            ANNOTATION,
            call(200, of("lab", "a.txt")),
            call(404, of("other", "a.txt")),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a line or two for each route")]
fn objects() -> Vec<Case> {
    let o = |rest: &str| format!("{B}/objects/{rest}");
    let source = json!({"source_bucket": "walk", "source_key": "a.txt"});
    let absent = json!({"source_bucket": "walk", "source_key": "absent"});
    let (tags, none) = (
        format!("{B}/object/tags?key=a.txt"),
        format!("{B}/object/tags?key=absent"),
    );
    vec![
        case(
            "POST",
            KEY,
            call(201, o("b/c.txt")).file("bytes"),
            call(415, o("b")).with(json!({})),
        ),
        case(
            "PUT",
            KEY,
            call(201, o("raw")).with(json!({})),
            call(404, format!("{NONE}/objects/a")),
        ),
        case("GET", KEY, call(200, o("a.txt")), call(404, o("absent"))),
        case("HEAD", KEY, call(200, o("a.txt")), call(404, o("absent"))),
        case(
            "GET",
            DETAILS,
            call(200, format!("{B}/object/details?key=a.txt")),
            call(404, format!("{B}/object/details?key=absent")),
        ),
        case(
            "GET",
            PREVIEW,
            call(200, format!("{B}/object/preview?key=a.txt")),
            call(404, format!("{B}/object/preview?key=absent")),
        ),
        case(
            "GET",
            CONTENT,
            call(200, format!("{B}/object/preview/content?key=a.txt")),
            call(404, format!("{B}/object/preview/content?key=absent")),
        ),
        case(
            "GET",
            ACL,
            call(200, o("a.txt/acl")),
            call(404, o("absent/acl")),
        ),
        case(
            "PUT",
            ACL,
            call(200, o("a.txt/acl")).with(json!({"Grants": []})),
            call(404, o("absent/acl")).with(json!({"Grants": []})),
        ),
        case(
            "POST",
            COPY,
            call(200, o("copied/copy")).with(source),
            call(404, o("copied/copy")).with(absent),
        ),
        case(
            "POST",
            FOLDER,
            call(201, o("folder")).with(json!({"folder_name": "made"})),
            call(422, o("folder")).with(json!({"folder_name": "a//b"})),
        ),
        case(
            "POST",
            PRESIGN,
            call(200, o("presign")).with(json!({"keys": ["a.txt"]})),
            call(422, o("presign")).with(json!({"keys": []})),
        ),
        case(
            "PUT",
            TAGS,
            call(200, &*tags).with(json!({"tags": {"project": "walk"}})),
            call(422, &*tags).with(json!({"tags": ["project"]})),
        ),
        case("GET", TAGS, call(200, &*tags), call(404, &*none)),
        case("DELETE", TAGS, call(200, tags), call(404, none)),
        case(
            "DELETE",
            KEY,
            call(200, o("gone.txt")),
            call(404, format!("{NONE}/objects/a")),
        ),
        case(
            "POST",
            DELETE,
            call(200, o("delete")).with(json!({"prefix": "many/"})),
            call(400, o("delete")).with(json!({"prefix": ""})),
        ),
    ]
}

fn queries() -> Vec<Case> {
    const OBJECTS: &str = "/api/v1/query/tenants/{tenant_name}/objects";
    const OPERATIONS: &str = "/api/v1/query/tenants/{tenant_name}/operations";
    let of = |what: &str| format!("/api/v1/query/tenants/demo/{what}");
    let all = json!({
        "query": "*:*", "verbose": true, "facets": ["namespace"], "contentProperties": true
    });
    vec![
        case(
            "POST",
            OBJECTS,
            call(200, of("objects")).with(all),
            call(400, of("objects")).with(json!({"query": "size:many"})),
        ),
        case(
            "POST",
            OPERATIONS,
            call(200, of("operations")).with(json!({"verbose": true})),
            call(422, of("operations")).with(json!({"count": -2})),
        ),
    ]
}

fn uploads(seed: &Seed) -> Vec<Case> {
    const UPLOAD: &str = "/api/v1/buckets/{bucket}/multipart/{key}";
    const PRESIGN: &str = "/api/v1/buckets/{bucket}/multipart/{key}/presign";
    const PARTS: &str = "/api/v1/buckets/{bucket}/multipart/{key}/parts";
    const COMPLETE: &str = "/api/v1/buckets/{bucket}/multipart/{key}/complete";
    const ABORT: &str = "/api/v1/buckets/{bucket}/multipart/{key}/abort";
    let m = |rest: &str| format!("{B}/multipart/{rest}");
    let begun = &seed.begun;
    let (whole, etag) = &seed.whole;
    let completion = json!({"upload_id": whole, "parts": [{"PartNumber": 1, "ETag": etag}]});
    let wrong = json!({"upload_id": begun, "parts": [{"PartNumber": 1, "ETag": etag}]});
    let plan = json!({"file_size": 30_000_000, "upload_id": begun, "part_numbers": [2]});
    vec![
        case(
            "POST",
            UPLOAD,
            call(201, m("new")).with(json!({"metadata": {"city": "Oslo"}})),
            call(404, format!("{NONE}/multipart/new")),
        ),
        case(
            "PUT",
            UPLOAD,
            call(
                200,
                m(&format!("begun?upload_id={begun}&part_number=10000")),
            )
            .file("part"),
            call(
                422,
                m(&format!("begun?upload_id={begun}&part_number=10001")),
            )
            .file("part"),
        ),
        case(
            "POST",
            PRESIGN,
            call(200, m("begun/presign")).with(plan),
            call(422, m("begun/presign")).with(json!({"file_size": 0})),
        ),
        case(
            "GET",
            PARTS,
            call(200, m(&format!("whole/parts?upload_id={whole}"))),
            call(422, m("whole/parts")),
        ),
        case(
            "POST",
            COMPLETE,
            call(200, m("whole/complete")).with(completion),
            call(400, m("begun/complete")).with(wrong),
        ),
        case(
            "POST",
            ABORT,
            call(200, m("dropped/abort")).with(json!({"upload_id": seed.dropped})),
            call(404, m("dropped/abort")).with(json!({"upload_id": "absent"})),
        ),
        case(
            "DELETE",
            "/api/v1/buckets/{bucket}",
            call(200, format!("{B}?force=true")),
            call(404, NONE),
        ),
    ]
}

#[tokio::test]
async fn openapi_operations_of_the_contract_succeed_and_refuse_as_documented() {
    let app = TestApp::new().await;
    let login = json!({"username": "demo/demo", "password": "demo-demo"});
    walk(&app, &login, &[]).await;
}

/// What moto does not have, or answers in another way: the operation, whether it is the good request,
/// and the status.
const OF_MOTO: &[(&str, bool, u16)] = &[
    // It looks at no grantee.
    ("PUT /api/v1/buckets/{bucket}/acl", false, 200),
    // It fails (500) where there is no object to take tags from.
    ("DELETE /api/v1/buckets/{bucket}/object/tags", false, 502),
    // These are HCP's.
    ("GET /api/v1/buckets/{bucket}/object/metadata", true, 501),
    ("GET /api/v1/buckets/{bucket}/object/metadata", false, 501),
    (
        "PUT /api/v1/buckets/{bucket}/object/metadata/{annotation}",
        true,
        501,
    ),
    (
        "PUT /api/v1/buckets/{bucket}/object/metadata/{annotation}",
        false,
        501,
    ),
    (
        "GET /api/v1/buckets/{bucket}/object/metadata/{annotation}",
        true,
        501,
    ),
    (
        "GET /api/v1/buckets/{bucket}/object/metadata/{annotation}",
        false,
        501,
    ),
    (
        "DELETE /api/v1/buckets/{bucket}/object/metadata/{annotation}",
        true,
        501,
    ),
    (
        "DELETE /api/v1/buckets/{bucket}/object/metadata/{annotation}",
        false,
        501,
    ),
    // S3 has no metadata queries.
    (
        "POST /api/v1/query/tenants/{tenant_name}/objects",
        true,
        501,
    ),
    (
        "POST /api/v1/query/tenants/{tenant_name}/objects",
        false,
        501,
    ),
    (
        "POST /api/v1/query/tenants/{tenant_name}/operations",
        true,
        501,
    ),
    (
        "POST /api/v1/query/tenants/{tenant_name}/operations",
        false,
        501,
    ),
];

#[tokio::test]
async fn the_same_holds_in_front_of_a_store_of_somebody_else() {
    let Some(moto) = Moto::start() else {
        return;
    };
    let app = moto.app().await;
    let login = json!({"username": moto::KEYS.0, "password": moto::KEYS.1});
    walk(&app, &login, OF_MOTO).await;
}

/// Makes all requests; `other` lists what the store behind does in another way.
async fn walk(app: &TestApp, login: &Value, other: &[(&str, bool, u16)]) {
    let text = |name: &str| login[name].as_str().unwrap().to_owned();
    let demo = app.script(&text("username"), &text("password")).await;
    let document = openapi::document(app).await;
    let ours = openapi::operations(&document);
    let mut left = openapi::operations(&openapi::contract());
    // Management has an HCP of its own behind it: `crate::management`.
    left.retain(|(_, path), _| !path.contains("/mapi"));
    let seed = seed(&demo).await;
    let cases = [
        general(login),
        settings(),
        objects(),
        annotations(),
        tasks(&seed),
        jobs(&seed),
        queries(),
        uploads(&seed),
    ];
    let mut other = other.to_vec();
    for mut case in cases.into_iter().flatten() {
        let name = (case.method.to_owned(), case.path.to_owned());
        let operation = ours.get(&name).unwrap_or_else(|| panic!("{name:?}"));
        let promised = left.remove(&name);
        let place = format!("{} {}", case.method, case.path);
        other.retain(|(operation, good, status)| {
            let its = *operation == place;
            if its {
                let call = if *good { &mut case.good } else { &mut case.bad };
                call.status = *status;
            }
            !its
        });
        let method = Method::from_bytes(case.method.as_bytes()).unwrap();
        // The refusal first: it must not change what success needs.
        let bad = case.bad.send(app, &demo, method.clone()).await;
        refused(&document, operation, &place, &case.bad, bad).await;
        let good = case.good.send(app, &demo, method).await;
        let status = good.status();
        assert_eq!(
            status.as_u16(),
            case.good.status,
            "{place}: {}",
            good.text().await
        );
        if let Some(promised) = promised.filter(|_| status.is_success()) {
            assert!(
                openapi::successes(&promised).contains(status.as_str()),
                "{place}"
            );
        }
        documented(&document, operation, &place, good).await;
    }
    let left: Vec<_> = left.keys().collect();
    assert!(left.is_empty(), "nobody calls {left:?}");
    assert!(other.is_empty(), "no operations: {other:?}");
}

async fn refused(document: &Value, operation: &Value, place: &str, call: &Call, answer: Answer) {
    let status = answer.status();
    assert_eq!(
        status.as_u16(),
        call.status,
        "{place}: {}",
        answer.text().await
    );
    // A method that is not documented has no answer that is.
    if call.method.is_some() {
        let _ = answer.problem(405, "method_not_allowed").await;
        return;
    }
    documented(document, operation, place, answer).await;
}

/// Asserts that an answer is as the document says it is.
pub(crate) async fn documented(document: &Value, operation: &Value, place: &str, answer: Answer) {
    let status = answer.status();
    let response = &operation["responses"][status.as_str()];
    assert!(response.is_object(), "{place}: {status} is not documented");
    let media_type = answer
        .header("content-type")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let Some(content) = response["content"].as_object() else {
        assert_eq!(answer.text().await, "", "{place}: {status} has a body");
        return;
    };
    if content.contains_key("*/*") || place.starts_with("HEAD") {
        return;
    }
    if ["application/zip", "application/octet-stream", "text/plain"].contains(&&*media_type) {
        assert!(content.contains_key(&media_type), "{place}");
        return;
    }
    let schema = &content
        .get(&media_type)
        .unwrap_or_else(|| panic!("{place}: {media_type}"))["schema"];
    let body: Value = serde_json::from_str(&answer.text().await).unwrap();
    if let Err(fault) = conforms(document, schema, &body) {
        panic!("{place}: {status}: {fault} in {body}");
    }
    assert!(status != StatusCode::NO_CONTENT);
}

/// Whether a value is what the schema says; stricter than JSON Schema: no field is unknown.
fn conforms(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let schema = openapi::resolved(document, schema);
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let fits = choices
                .iter()
                .any(|one| conforms(document, one, value).is_ok());
            return fits
                .then_some(())
                .ok_or_else(|| format!("{value} is none of the choices"));
        }
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{value} is not among the words"));
    }
    let kinds = match &schema["type"] {
        // Of anything.
        Value::Null => return Ok(()),
        Value::Array(kinds) => kinds.clone(),
        one => vec![one.clone()],
    };
    if !kinds.iter().any(|kind| is_kind(kind, value)) {
        return Err(format!("{value} is not {kinds:?}"));
    }
    match value {
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| conforms(document, &schema["items"], item)),
        Value::Object(fields) => {
            for name in schema["required"].as_array().into_iter().flatten() {
                if !fields.contains_key(name.as_str().unwrap_or_default()) {
                    return Err(format!("{name} is missing"));
                }
            }
            fields.iter().try_for_each(|(name, field)| {
                let known = schema["properties"].get(name);
                let further = schema.get("additionalProperties").filter(|s| s.is_object());
                if known.is_none() && schema["additionalProperties"] == true {
                    return Ok(());
                }
                let schema = known
                    .or(further)
                    .ok_or(format!("{name} is not documented"))?;
                conforms(document, schema, field)
            })
        }
        _ => Ok(()),
    }
}

fn is_kind(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap_or_default() {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
