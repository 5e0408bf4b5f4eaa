//! One licence, or one certificate, as it stands in the list: HCP has no resource for the one, and only the text of
//! the other.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use hcp::Call;
use http::StatusCode;
use model::{
    ErrorCode,
    mapi::{
        Certificate, License,
        calls::{Shape, operations},
    },
};

use super::{Incoming, Management, shape};
use crate::Error;

/// What is looked for: in which list, below which property, and by which property of its own.
struct Wanted {
    list: &'static str,
    below: &'static str,
    by: &'static str,
    shape: Shape,
    /// What it is called, and the word for its absence.
    word: &'static str,
    absent: ErrorCode,
}

impl Management<'_> {
    /// The licence of a number, be it one of the past.
    pub(super) async fn license(&self, incoming: &Incoming) -> Result<Response, Error> {
        let wanted = Wanted {
            list: "list_licenses",
            below: "license",
            by: "serialNumber",
            shape: Shape::of::<License>(),
            word: "licence",
            absent: ErrorCode::LicenseNotFound,
        };
        self.listed(&wanted, incoming).await
    }

    /// Whose the certificate of an id is.
    pub(super) async fn certificate(&self, incoming: &Incoming) -> Result<Response, Error> {
        let wanted = Wanted {
            list: "list_certificates",
            below: "certificate",
            by: "id",
            shape: Shape::of::<Certificate>(),
            word: "certificate",
            absent: ErrorCode::CertificateNotFound,
        };
        self.listed(&wanted, incoming).await
    }

    async fn listed(&self, wanted: &Wanted, incoming: &Incoming) -> Result<Response, Error> {
        let list = operations()
            .find(|one| one.id == wanted.list)
            .ok_or_else(|| Error::internal("there is no such list"))?;
        let call = Call::new(list, &[])?.with("verbose", "true");
        let reply = self.perform(&call).await?;
        let name = incoming.last_name();
        let mut all = shape::members(wanted.below, reply.body)
            .into_iter()
            .map(|one| shape::resource(&wanted.shape, one));
        match all.find(|one| one[wanted.by] == name) {
            Some(found) => {
                let mut response = Json(found).into_response();
                super::name_software(&mut response, reply.software_version.as_deref());
                Ok(response)
            }
            None => Err(Error::Refused {
                status: StatusCode::NOT_FOUND,
                code: wanted.absent,
                detail: format!("{} '{name}' not found", wanted.word),
            }),
        }
    }
}
