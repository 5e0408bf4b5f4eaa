//! What an object is to be stored with, as requests say it: in headers as S3 has them, or in a body.

use http::HeaderMap;
use model::{
    ErrorCode,
    acl::CannedAcl,
    attributes::{
        ACL, AttributeFault, AttributeField, Attributes, HOLD, METADATA_PREFIX, RETENTION, TAGGING,
    },
    problem::FieldError,
};
use url::form_urlencoded;

use crate::{Error, service::reach, state::AppState};

/// Where a request says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Body,
    Headers,
}

impl Place {
    fn error(self, field: AttributeField, msg: String) -> FieldError {
        let loc = match self {
            Self::Body => ["body", field.as_str()],
            Self::Headers => ["header", header(field)],
        };
        FieldError {
            kind: "value_error".to_owned(),
            loc: loc.map(str::to_owned).to_vec(),
            msg,
        }
    }
}

fn header(field: AttributeField) -> &'static str {
    match field {
        AttributeField::Metadata => METADATA_PREFIX,
        AttributeField::Tags => TAGGING,
        AttributeField::Acl => ACL,
        AttributeField::Retention => RETENTION,
        AttributeField::LegalHold => HOLD,
    }
}

/// When the object is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// With this request, or soon after it.
    Now,
    /// It was said before: what was right then is not refused because time has passed.
    SaidBefore,
}

/// Checks what is to be stored with an object, before the store hears of it.
pub(super) fn check(
    state: &AppState,
    place: Place,
    attributes: &Attributes,
    stored: Stored,
) -> Result<(), Error> {
    let now = (stored == Stored::Now).then(|| state.now());
    let offers = reach::object_features(state.config());
    let faults = attributes.faults(offers, now).into_iter();
    // A header that has come is one that can be sent on.
    let faults = faults.filter(|fault| !(place == Place::Headers && is_of_one_pair(fault)));
    let errors: Vec<FieldError> = faults
        .map(|fault| place.error(fault.field, fault.to_string()))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Validation(errors))
    }
}

fn is_of_one_pair(fault: &AttributeFault) -> bool {
    fault.field == AttributeField::Metadata && fault.name.is_some()
}

/// Reads the headers of S3 and HCP that say it, and checks them.
pub(super) fn of_headers(state: &AppState, headers: &HeaderMap) -> Result<Attributes, Error> {
    let mut attributes = Attributes::default();
    for (name, value) in headers {
        let Some(name) = name.as_str().strip_prefix(METADATA_PREFIX) else {
            continue;
        };
        let value = value.to_str().map_err(|_not_ascii| {
            let detail = format!("{METADATA_PREFIX}{name}: only ASCII goes into a header");
            Error::bad_request(ErrorCode::InvalidArgument, detail)
        })?;
        attributes
            .metadata
            .insert(name.to_owned(), value.to_owned());
    }
    let refused = |field, message: &str| {
        Error::Validation(vec![Place::Headers.error(field, message.to_owned())])
    };
    let text = |field| match headers.get(header(field)).map(|value| value.to_str()) {
        None => Ok(None),
        Some(Ok(text)) => Ok(Some(text)),
        Some(Err(_not_ascii)) => Err(refused(field, "Only ASCII goes into a header")),
    };
    for (name, value) in
        form_urlencoded::parse(text(AttributeField::Tags)?.unwrap_or_default().as_bytes())
    {
        let twice = attributes.tags.insert(name.into(), value.into());
        if twice.is_some() {
            return Err(refused(AttributeField::Tags, "A tag is there twice"));
        }
    }
    if let Some(word) = text(AttributeField::Acl)? {
        let acl = CannedAcl::parse(word)
            .ok_or_else(|| refused(AttributeField::Acl, "No canned list has this name"))?;
        attributes.acl = Some(acl);
    }
    attributes.retention = text(AttributeField::Retention)?.map(str::to_owned);
    attributes.legal_hold = match text(AttributeField::LegalHold)? {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(refused(AttributeField::LegalHold, "`true` or `false`")),
    };
    check(state, Place::Headers, &attributes, Stored::Now)?;
    Ok(attributes)
}

/// What headers and body say together; where both say something, the body holds.
pub(super) fn together(headers: Attributes, body: Attributes) -> Attributes {
    let mut metadata = headers.metadata;
    let own = body.metadata.into_iter();
    metadata.extend(own.map(|(name, value)| (name.to_ascii_lowercase(), value)));
    Attributes {
        metadata,
        tags: if body.tags.is_empty() {
            headers.tags
        } else {
            body.tags
        },
        acl: body.acl.or(headers.acl),
        retention: body.retention.or(headers.retention),
        legal_hold: body.legal_hold || headers.legal_hold,
    }
}
