//! Grants in words.

use model::acl::{AclRight, Grant, Whom};

use crate::{text::visible_name, words::access};

/// To whom somebody is about to grant something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Person,
    SignedIn,
    Everybody,
}

impl To {
    pub(super) const ALL: [Self; 3] = [Self::Person, Self::SignedIn, Self::Everybody];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::SignedIn => "signed-in",
            Self::Everybody => "everybody",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Person => access::a_person(),
            Self::SignedIn => access::signed_in(),
            Self::Everybody => access::everybody(),
        }
    }
}

/// A right in words.
pub(super) fn right_words(right: AclRight) -> &'static str {
    match right {
        AclRight::Read => access::right_read(),
        AclRight::Write => access::right_write(),
        AclRight::ReadAcp => access::right_read_acp(),
        AclRight::WriteAcp => access::right_write_acp(),
        AclRight::FullControl => access::right_full_control(),
    }
}

pub(super) fn whom_words(grant: &Grant) -> String {
    match grant.whom() {
        Some(Whom::Everybody) => access::everybody().to_owned(),
        Some(Whom::SignedIn) => access::signed_in().to_owned(),
        Some(Whom::Group(uri)) => visible_name(&uri),
        Some(Whom::Person(name)) => visible_name(&name),
        None => access::nobody_known().to_owned(),
    }
}

pub(super) fn gives_words(grant: &Grant) -> String {
    match (grant.right(), &grant.permission) {
        (Some(right), _) => right_words(right).to_owned(),
        (None, Some(word)) => visible_name(word),
        (None, None) => String::new(),
    }
}

pub(super) fn line_of(grant: &Grant) -> String {
    access::line(&whom_words(grant), &gives_words(grant))
}
