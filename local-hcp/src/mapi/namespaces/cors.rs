//! The CORS document of a namespace, which takes the place of its tenant's.

use model::mapi::{Cors, Resource as _};

use super::{
    super::{
        access::{A, Access, M},
        call::{Answer, Call, Endpoint},
        cors::{KIND, ROWS, written},
        error::Refusal,
    },
    read, write,
};
use crate::{
    Error,
    s3::parse_cors,
    store::{cors, namespaces as store},
};

pub(super) fn endpoints() -> [Endpoint; 1] {
    [
        Endpoint::at("/tenants/{tenant}/namespaces/{namespace}/cors")
            .get(Access::tenant(&[A, M]), show)
            .put(Access::tenant(&[A]), set)
            .delete(Access::tenant(&[A]), remove),
    ]
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let found = read(&call, &[A, M], |connection, bucket| {
        let rules = cors::of_bucket(connection, bucket.id)?;
        let words: Option<Cors> = store::document(connection, bucket.id, KIND)?;
        Ok((rules, words))
    });
    let (rules, words) = found.await?;
    let rules = rules.ok_or(Refusal::NotFound)?;
    // The words are those in which it was written here; S3 may have changed the rules since.
    let told = words.filter(|words| {
        let text = words.cors.as_deref().unwrap_or_default();
        parse_cors(text).is_ok_and(|parsed| parsed == rules)
    });
    let document = match told {
        Some(words) => words,
        None => Cors {
            cors: Some(written(&rules)?),
            ..Cors::default()
        },
    };
    Ok(call.show(ROWS, &document))
}

async fn set(call: Call) -> Result<Answer, Refusal> {
    let sent: Cors = call.read(ROWS)?;
    Refusal::of_faults(&sent.check_required(&["cors"]))?;
    let rules = parse_cors(sent.cors.as_deref().unwrap_or_default()).map_err(Error::from)?;
    write(&call, &[A], move |write, bucket| {
        cors::set_of_bucket(write.connection, bucket.id, Some(&rules))?;
        store::set_document(write.connection, bucket.id, KIND, &sent)
    })
    .await?;
    Ok(Answer::Empty)
}

async fn remove(call: Call) -> Result<Answer, Refusal> {
    write(&call, &[A], |write, bucket| {
        cors::of_bucket(write.connection, bucket.id)?.ok_or(Error::NoSuchResource)?;
        cors::set_of_bucket(write.connection, bucket.id, None)?;
        store::remove_document(write.connection, bucket.id, KIND).map(|_was_there| ())
    })
    .await?;
    Ok(Answer::Empty)
}
