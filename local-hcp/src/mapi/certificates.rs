//! Certificates by which other systems are trusted (HCP's management API, "replication"). The one of the system
//! itself is not here: TLS is spoken by what stands before it.

use model::mapi::{Certificate, Resource as _};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use x509_cert::{
    der::{Decode as _, Encode as _, pem::PemLabel as _},
    time::Time,
};

use super::{
    access::{A, Access, M},
    call::{Answer, Call, Endpoint},
    error::Refusal,
    media::Media,
    usage::written,
};
use crate::store::certificates::{self, Kept, NewCertificate};

const ALL: &str = "/services/replication/certificates";
/// It is text whatever is asked for.
const TEXT: &[Media] = &[Media::Plain, Media::Json, Media::Xml];
const NO_OWN: &str = "This system has no certificate of its own: it does not speak TLS itself.";

pub(super) fn endpoints() -> [Endpoint; 3] {
    const READ: Access = Access::system(&[A, M]);
    const WRITE: Access = Access::system(&[A]);
    [
        Endpoint::at(ALL)
            .takes_files()
            .get(READ, list)
            .put(WRITE, trust),
        Endpoint::at("/services/replication/certificates/server")
            .offers(TEXT)
            .get(WRITE, own),
        Endpoint::at("/services/replication/certificates/{certificate}")
            .offers(TEXT)
            .get(READ, show)
            .delete(WRITE, forget),
    ]
}

async fn list(call: Call) -> Result<Answer, Refusal> {
    let all = call.management.store.read(certificates::all).await?;
    let all: Vec<_> = all
        .into_iter()
        .map(|kept| Json::Object(told(kept).to_map()))
        .collect();
    Ok(Answer::Document(
        "certificates",
        json!({ "certificate": all }),
    ))
}

fn told(kept: Kept) -> Certificate {
    Certificate {
        id: Some(kept.guid),
        subject_dn: Some(kept.subject),
        valid_on: Some(written(kept.valid_ms)),
        expires_on: Some(written(kept.expires_ms)),
        ..Certificate::default()
    }
}

async fn show(call: Call) -> Result<Answer, Refusal> {
    let id = call.name("certificate").to_owned();
    let read = call
        .management
        .store
        .read(move |connection| certificates::pem(connection, &id));
    Ok(Answer::Text(Media::Plain, read.await?))
}

async fn own(_call: Call) -> Result<Answer, Refusal> {
    Err(Refusal::Absent(NO_OWN))
}

async fn trust(call: Call) -> Result<Answer, Refusal> {
    let certificate = read(call.file())
        .map_err(|reason| Refusal::invalid(format!("The certificate cannot be used: {reason}.")))?;
    let write = call.change(move |write| certificates::insert(write.connection, &certificate));
    write.await?;
    Ok(Answer::Empty)
}

async fn forget(call: Call) -> Result<Answer, Refusal> {
    let id = call.name("certificate").to_owned();
    let write = call.change(move |write| certificates::delete(write.connection, &id));
    write.await?;
    Ok(Answer::Empty)
}

/// Reads a certificate, or says why it is none. Nothing of what was sent is repeated: people send keys too.
fn read(file: &[u8]) -> Result<NewCertificate, String> {
    let text = std::str::from_utf8(file).map_err(|_not_text| "it is not text in PEM form")?;
    let (label, der) = x509_cert::der::pem::decode_vec(text.trim().as_bytes())
        .map_err(|error| format!("it is not one certificate in PEM form ({error})"))?;
    if label != x509_cert::Certificate::PEM_LABEL {
        return Err(if label.contains("PRIVATE KEY") {
            "it is a private key, which is nobody's but its owner's".to_owned()
        } else {
            "it is in PEM form, and something else".to_owned()
        });
    }
    let certificate = x509_cert::Certificate::from_der(&der)
        .map_err(|error| format!("what is in the PEM form is damaged ({error})"))?;
    let body = &certificate.tbs_certificate;
    let pem = x509_cert::der::pem::encode_string(
        x509_cert::Certificate::PEM_LABEL,
        x509_cert::der::pem::LineEnding::LF,
        &certificate.to_der().map_err(|error| error.to_string())?,
    );
    Ok(NewCertificate {
        sha256: Sha256::digest(&der).into(),
        subject: body.subject.to_string(),
        valid_ms: millis(&body.validity.not_before),
        expires_ms: millis(&body.validity.not_after),
        pem: pem.map_err(|error| error.to_string())?,
    })
}

fn millis(time: &Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX)
}
