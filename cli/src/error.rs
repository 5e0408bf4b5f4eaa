//! What goes wrong, and the exit status that tells it.

use std::{io, path::Path, process::ExitCode};

use model::upload::{Failure, Kind, Origin};

/// A command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was typed, or what the profile says, cannot be done: exit status 2.
    #[error("{0}")]
    Usage(String),
    /// Hako, or the store, does not take the keys: exit status 3.
    #[error("{0}")]
    SignIn(String),
    /// Hako or the store refused, or did not answer: exit status 1.
    #[error("{}", said(.0))]
    Refused(Failure),
    /// Something of this machine: exit status 1.
    #[error("{0}")]
    Local(String),
    /// Some of several files: exit status 4.
    #[error("{0}")]
    Some(String),
}

impl Error {
    /// A file or folder that could not be used.
    pub(crate) fn local(path: &Path, error: &io::Error) -> Self {
        Self::Local(format!("{}: {error}", path.display()))
    }

    /// The exit status.
    pub fn exit(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) | Self::Local(_) => 1,
            Self::Usage(_) => 2,
            Self::SignIn(_) => 3,
            Self::Some(_) => 4,
        })
    }

    /// Whether no other file will fare better.
    pub(crate) fn concerns_all(&self) -> bool {
        match self {
            Self::Usage(_) | Self::SignIn(_) => true,
            Self::Refused(failure) => matches!(
                failure.kind(),
                Kind::SignedOut | Kind::NoBucket | Kind::Skew
            ),
            Self::Local(_) | Self::Some(_) => false,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure.kind() {
            Kind::SignedOut => Self::SignIn(said(&failure)),
            _ => Self::Refused(failure),
        }
    }
}

/// A failure in a sentence. Neither an address with its signature nor a key is part of one.
fn said(failure: &Failure) -> String {
    let by = match &failure.origin {
        Origin::Network | Origin::Silence => return "there is no answer".to_owned(),
        Origin::Store { .. } => "the store refuses it",
        Origin::Hako(_) => "Hako refuses it",
        Origin::Nonsense => "this is no answer of Hako or of a store",
    };
    if failure.detail.is_empty() {
        format!("{by}: {}", failure.code())
    } else {
        format!("{by}: {} ({})", failure.detail, failure.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_is_told_by_whoever_says_so() {
        let of = |failure: Failure| Error::from(failure).to_string();
        assert_eq!(of(Failure::network()), "there is no answer");
        let denied = "<Error><Code>AccessDenied</Code><Message>No.</Message></Error>";
        assert_eq!(
            of(Failure::store(403, denied)),
            "the store refuses it: No. (AccessDenied, status 403)"
        );
        assert_eq!(
            of(Failure::store(500, "")),
            "the store refuses it: status 500"
        );
    }
}
