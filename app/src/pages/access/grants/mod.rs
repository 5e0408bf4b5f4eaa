//! Who may do what by a list of grants: of a bucket, or of an object.
//!
//! The grants are changed here and saved as one list, on condition that nobody else has changed it meanwhile.

mod edit;
mod effective;
mod known;
mod plain;
mod saving;
mod state;
mod table;
mod words;

use leptos::prelude::*;

pub(crate) use effective::Effective;
pub(crate) use known::{Granted, Place, granted};
pub(super) use known::{User, users, words};

use self::{
    edit::{Adding, Canned},
    plain::Plain,
    saving::{Clash, Question, Saving},
    state::State,
    table::{Mark, Table},
};
use crate::{
    browser,
    text::visible_name,
    ui::{ErrorSummary, Icon},
    words::access,
};

/// Who may do what by the list, and the means to change it.
#[component]
pub(crate) fn Grants(
    /// What is known.
    granted: Granted,
    /// The address of the page without the question.
    #[prop(into)]
    back: Signal<String>,
) -> impl IntoView {
    let is_object = granted.place.key.is_some();
    let owner = granted.acl.owner.clone();
    let idle = is_object && granted.enforced == Some(false);
    let state = State::new(granted);
    browser::guard_leaving(Signal::derive(move || state.is_changed()));
    let owner = owner.and_then(|owner| owner.display_name.or(owner.id));
    view! {
        <div class="access-grants" id="access-grants" tabindex="-1" data-testid="access-grants">
            <Mark state />
            {idle
                .then(|| {
                    view! {
                        <p class="note" data-testid="acl-not-enforced">
                            <Icon name="info" />
                            <span>{access::not_enforced()}</span>
                        </p>
                    }
                })}
            {owner
                .map(|owner| {
                    view! {
                        <p data-testid="acl-owner">
                            <strong>{access::owner()}</strong>
                            " "
                            <bdi>{visible_name(&owner)}</bdi>
                            " "
                            <span class="muted">{access::owner_may_all()}</span>
                        </p>
                    }
                })}
            <Table state />
            <ErrorSummary problem=state.problem testid="error-acl" />
            <Clash state />
            <div class="access-edit needs-script">
                <Adding state />
                <Canned state />
                <Saving state />
            </div>
            <Question state back />
            <Plain state back />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use model::{BucketName, ObjectKey, acl::Acl};

    use super::{
        known::{Known, Place, User, minimum, words},
        state::person,
        *,
    };

    fn granted(users: Option<&[&str]>, key: Option<&str>, is_hcp: bool) -> Granted {
        let user = |name: &&str| User {
            name: (*name).to_owned(),
            id: format!("id-{name}"),
            full_name: String::new(),
        };
        Granted {
            place: Place {
                bucket: BucketName::parse("scans").unwrap(),
                key: key.map(|key| ObjectKey::parse(key).unwrap()),
                version_id: None,
            },
            acl: Acl::default(),
            users: users.map(|users| users.iter().map(user).collect()),
            bucket_owner: None,
            beside: Known::default(),
            enforced: None,
            is_hcp,
            tenant: None,
        }
    }

    #[test]
    fn only_those_can_be_granted_something_whom_the_place_takes() {
        let of = |granted: &Granted, typed: &str| person(granted, typed).map(|found| found.id);
        let bucket = granted(Some(&["anna"]), None, true);
        assert_eq!(of(&bucket, " Anna "), Ok(Some("id-anna".to_owned())));
        assert!(of(&bucket, "bo").unwrap_err().contains("bo"));
        assert!(of(&bucket, "anna@ad.example").is_err());
        assert!(of(&bucket, " ").is_err());
        // Objects take those of a directory, whom nobody lists; and where nobody is listed, the store decides.
        let object = granted(Some(&["anna"]), Some("a"), true);
        let found = person(&object, "bo@ad.example").unwrap();
        assert_eq!(found.email_address.as_deref(), Some("bo@ad.example"));
        assert!(person(&granted(None, None, true), "bo").is_ok());
        let elsewhere = granted(None, None, false);
        assert_eq!(of(&elsewhere, "79a59df9"), Ok(Some("79a59df9".to_owned())));
    }

    #[test]
    fn what_everybody_may_do_in_a_namespace_is_public_too() {
        let of = |words: &[&str]| {
            let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
            let public = minimum(&words);
            (public.read, public.write, public.list)
        };
        assert_eq!(of(&[]), (false, false, false));
        assert_eq!(of(&["BROWSE"]), (true, false, false));
        assert_eq!(of(&["BROWSE", "READ", "PURGE"]), (true, true, false));
        assert_eq!(of(&["READ_ACL"]), (false, false, true));
        let wrapped = serde_json::json!({"list": {"permission": ["READ"]}});
        assert_eq!(words(&wrapped, "list", "permission"), ["READ"]);
        let bare = serde_json::json!({"list": ["READ"]});
        assert_eq!(words(&bare, "list", "permission"), ["READ"]);
        assert!(words(&bare, "none", "permission").is_empty());
    }
}
