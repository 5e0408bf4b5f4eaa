//! Deleting an emptied bucket that HCP still holds on to.

use std::time::Duration;

use hcp::{Error, ErrorKind};

use crate::script::{Asked, Script, bucket, credentials, refusal, reply};

const NAMESPACE: &str = "/mapi/tenants/acme/namespaces/archive";

fn is_management(asked: &Asked) -> bool {
    asked.target.starts_with("/mapi/")
}

async fn delete(script: &Script) -> Result<(), Error> {
    let (store, s3) = (script.store(), script.s3());
    let acme = credentials(&store, Some("acme"));
    store
        .delete_emptied(&s3, &acme, &bucket(), Duration::ZERO)
        .await
}

fn calls(script: &Script) -> Vec<String> {
    let asked = script.asked();
    let line = |one: &Asked| {
        let body = one.body.as_ref().map(AsRef::as_ref).unwrap_or_default();
        let (method, target) = (&one.method, &one.target);
        let text = format!("{method} {target} {}", String::from_utf8_lossy(body));
        text.trim_end().to_owned()
    };
    asked.iter().map(line).collect()
}

#[tokio::test]
async fn the_namespace_lets_go_and_the_bucket_goes() {
    let script = Script::new(|number, asked: Asked| async move {
        match (number, is_management(&asked)) {
            (1, _) => reply(409, refusal("BucketNotEmpty")),
            (_, true) => reply(200, ""),
            (_, false) => reply(204, ""),
        }
    })
    .await;
    delete(&script).await.unwrap();
    assert_eq!(
        calls(&script),
        [
            "DELETE /archive/".to_owned(),
            format!(
                "POST {NAMESPACE}/versioningSettings \
                 {{\"keepDeletionRecords\":false,\"prune\":true,\"pruneDays\":0}}"
            ),
            format!("POST {NAMESPACE} {{\"searchEnabled\":false}}"),
            "DELETE /archive/".to_owned(),
        ]
    );
}

#[tokio::test]
async fn the_management_api_may_delete_what_s3_does_not() {
    let script = Script::new(|_, asked: Asked| async move {
        match (asked.method.as_str(), is_management(&asked)) {
            (_, false) => reply(409, refusal("BucketNotEmpty")),
            // Whoever may not change the namespace may still delete it.
            ("POST", true) => reply(403, ""),
            (_, true) => reply(200, ""),
        }
    })
    .await;
    delete(&script).await.unwrap();
    let last = calls(&script).pop();
    assert_eq!(last, Some(format!("DELETE {NAMESPACE}")));
    assert_eq!(script.asked().len(), 5);
}

#[tokio::test]
async fn three_rounds_are_enough() {
    let script = Script::new(|_, asked: Asked| async move {
        if is_management(&asked) {
            reply(409, "")
        } else {
            reply(409, refusal("BucketNotEmpty"))
        }
    })
    .await;
    let error = delete(&script).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BucketNotEmpty);
    let (management, s3): (Vec<_>, Vec<_>) = script.asked().into_iter().partition(is_management);
    assert_eq!((management.len(), s3.len()), (5, 4));
}

#[tokio::test]
async fn any_other_refusal_ends_it() {
    let script = Script::always(403, "").await;
    assert_eq!(delete(&script).await.unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(script.asked().len(), 1);
}
