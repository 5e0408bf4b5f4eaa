//! What the parts of the page share: the rules as they are saved, and as they are changed here.

use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName, Problem,
    cors::{
        ChangeCors, CorsChange, CorsCheck, CorsEdit, CorsOverview, CorsRule, CorsSource, RuleText,
        document,
    },
    form::rule_text,
};

use super::Loaded;
use crate::{
    api, browser,
    outcome::Outcome,
    ui::{Messages, ModalHandle},
    urls::{self, Query},
    words,
};

/// The name of the page's forms.
pub(super) const FORM: &str = "change_cors";

/// The rule that the dialog is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Editing {
    /// Its place, where it is there already.
    pub replaces: Option<usize>,
    /// The place of a new one; behind all others without.
    pub at: Option<usize>,
    /// What the fields say.
    pub text: RuleText,
}

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct CorsState {
    /// The bucket.
    pub bucket: StoredValue<BucketName>,
    /// The rules as they are saved.
    pub saved: RwSignal<CorsOverview>,
    /// The rules as they are changed here.
    draft: RwSignal<Option<Vec<CorsRule>>>,
    /// The document as it is shown.
    pub xml: RwSignal<String>,
    /// The rule that the dialog is about.
    pub editing: RwSignal<Editing>,
    /// The rule that is to go.
    pub doomed: RwSignal<usize>,
    /// The dialog for a rule.
    pub rule: ModalHandle,
    /// The question before a rule goes, where there are no scripts.
    pub remove: ModalHandle,
    /// The dialog for the rule that lets a page in.
    pub fix: ModalHandle,
    /// What was found of a request.
    pub check: RwSignal<Option<Result<CorsCheck, Problem>>>,
    /// Whether something is being saved.
    pub busy: RwSignal<bool>,
    /// What could not be saved.
    pub problem: RwSignal<Option<Problem>>,
    /// Messages.
    pub messages: Messages,
}

impl CorsState {
    /// Begins with what the server rendered.
    pub fn new(loaded: Loaded, query: &Query) -> Self {
        let overview = loaded.overview;
        let number = query
            .get("rule")
            .and_then(|rule| rule.parse::<usize>().ok());
        let at = number.and_then(|number| number.checked_sub(1));
        let at = at.filter(|at| *at < overview.cors_rules.len());
        let failed = Outcome::fields(FORM);
        let asked = query.get("ask").unwrap_or_default();
        let (asks_rule, editing) = editing(asked, at, &overview.cors_rules, failed.as_deref());
        let tried = |change: &str| {
            let mut fields = failed.iter().flatten();
            fields.any(|(name, value)| name == "change" && value == change)
        };
        let xml = if tried("document") {
            Outcome::value(FORM, "xml").replace("\r\n", "\n")
        } else {
            document(&overview.cors_rules)
        };
        // What a dialog failed with stands in the dialog.
        let has_dialog = asks_rule || asked == "remove" || asked == "fix";
        let problem = Outcome::problem(FORM).filter(|_| !has_dialog);
        let fixable = matches!(&loaded.check, Some(Ok(check)) if check.rule.is_some());
        let may = overview.can_configure;
        Self {
            bucket: StoredValue::new(loaded.bucket),
            saved: RwSignal::new(overview),
            draft: RwSignal::new(None),
            xml: RwSignal::new(xml),
            editing: RwSignal::new(editing),
            doomed: RwSignal::new(at.unwrap_or_default()),
            rule: ModalHandle::new(asks_rule && may),
            remove: ModalHandle::new(asked == "remove" && at.is_some() && may),
            fix: ModalHandle::new(asked == "fix" && fixable && may),
            check: RwSignal::new(loaded.check),
            busy: RwSignal::new(false),
            problem: RwSignal::new(problem),
            messages: Messages::here(),
        }
    }

    /// The address of the page.
    pub fn here(self) -> String {
        self.bucket
            .with_value(|bucket| urls::cors(bucket.as_str(), &[]))
    }

    /// The address of the page with a dialog; rules are counted from 1 there.
    pub fn asking(self, what: &str, at: Option<usize>) -> String {
        let number = at.map(|at| (at + 1).to_string()).unwrap_or_default();
        self.bucket
            .with_value(|bucket| urls::cors(bucket.as_str(), &[("ask", what), ("rule", &number)]))
    }

    /// Whether this session may change the rules.
    pub fn can_configure(self) -> bool {
        self.saved.with_untracked(|saved| saved.can_configure)
    }

    /// The bucket's own rules, as they are saved.
    pub fn base(self) -> Vec<CorsRule> {
        self.saved.with(|saved| saved.cors_rules.clone())
    }

    /// The bucket's own rules, as they are changed here.
    pub fn rules(self) -> Vec<CorsRule> {
        self.draft.get().unwrap_or_else(|| self.base())
    }

    /// Whether something is not saved.
    pub fn is_changed(self) -> bool {
        let differs = |draft: &Vec<CorsRule>| self.saved.with(|saved| saved.cors_rules != *draft);
        self.draft.with(|draft| draft.as_ref().is_some_and(differs))
    }

    /// The tenant's rules, where they hold and a first rule of the bucket would hide them.
    pub fn hidden_by_first(self) -> Vec<CorsRule> {
        let saved = self.saved.get();
        let first = saved.source == CorsSource::Tenant && self.rules().is_empty();
        if first {
            saved.tenant_rules
        } else {
            Vec::new()
        }
    }

    /// Changes the rules here; the document follows.
    pub fn set_rules(self, rules: Vec<CorsRule>) {
        self.xml.set(document(&rules));
        self.take_rules(rules);
    }

    /// Changes the rules as the document has them.
    pub fn take_rules(self, rules: Vec<CorsRule>) {
        self.problem.set(None);
        self.draft.set(Some(rules));
    }

    /// Makes a change here.
    pub fn change(self, change: &CorsChange) {
        if let Some(rules) = change.apply(&untrack(|| self.rules())) {
            self.set_rules(rules);
        }
    }

    /// The tenant's rules, here.
    pub fn copy_tenant(self) {
        self.set_rules(untrack(|| self.hidden_by_first()));
    }

    /// Forgets what was changed.
    pub fn reset(self) {
        self.problem.set(None);
        self.draft.set(None);
        self.xml.set(document(&untrack(|| self.base())));
    }

    /// Opens the dialog for a new rule.
    pub fn edit_new(self) {
        self.editing.set(new_rule());
        self.rule.open();
    }

    /// Opens the dialog for a rule, or for another like it.
    pub fn edit(self, at: usize, again: bool) {
        let rules = untrack(|| self.rules());
        if let Some(rule) = rules.get(at) {
            self.editing.set(Editing {
                replaces: (!again).then_some(at),
                at: again.then_some(at + 1),
                text: RuleText::of(rule),
            });
            self.rule.open();
        }
    }

    /// Saves what was changed.
    pub fn save(self) {
        let cors_rules = untrack(|| self.rules());
        self.send(CorsChange::Rules { cors_rules }, false, || {});
    }

    /// Sends a change of the saved rules, then calls `done`.
    pub fn send(self, change: CorsChange, with_tenant: bool, done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        let request = ChangeCors {
            bucket: self.bucket.get_value(),
            body: CorsEdit {
                fingerprint: self.saved.with_untracked(|saved| saved.fingerprint.clone()),
                change,
                with_tenant,
            },
        };
        spawn_local(async move {
            let answer = api::call(request).await;
            if self.is_gone() {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(overview) => {
                    self.saved.set(overview);
                    self.reset();
                    // What was found holds for other rules.
                    self.check.set(None);
                    self.messages.success(words::cors::saved());
                    done();
                }
                Err(refusal) if api::needs_sign_in(&refusal) => {
                    browser::go(&urls::sign_in(&self.here()));
                }
                Err(refusal) => self.problem.set(Some(refusal)),
            }
        });
    }

    /// Whether the page was left while something was under way.
    pub fn is_gone(self) -> bool {
        self.draft.is_disposed()
    }
}

/// What a new rule begins with.
fn new_rule() -> Editing {
    Editing {
        text: RuleText {
            methods: vec!["GET".to_owned()],
            max_age: "3600".to_owned(),
            ..RuleText::default()
        },
        ..Editing::default()
    }
}

/// Whether the address asks for the dialog, and what it begins with: what was typed, if that failed.
fn editing(
    asked: &str,
    at: Option<usize>,
    rules: &[CorsRule],
    failed: Option<&[(String, String)]>,
) -> (bool, Editing) {
    let mut editing = match (asked, at.and_then(|at| rules.get(at))) {
        ("edit", Some(rule)) => Editing {
            replaces: at,
            at: None,
            text: RuleText::of(rule),
        },
        ("duplicate", Some(rule)) => Editing {
            replaces: None,
            at: at.map(|at| at + 1),
            text: RuleText::of(rule),
        },
        ("add", _) => new_rule(),
        _ => return (false, new_rule()),
    };
    if let Some(fields) = failed {
        editing.text = rule_text(fields);
    }
    (true, editing)
}

/// The fields that each plain form of the page has.
#[component]
pub(super) fn PlainFields(state: CorsState, change: &'static str) -> impl IntoView {
    view! {
        <input type="hidden" name="op" value=FORM />
        <crate::SessionField />
        <input type="hidden" name="bucket" value=state.bucket.with_value(ToString::to_string) />
        <input type="hidden" name="next" value=state.here() />
        <input type="hidden" name="change" value=change />
        <input
            type="hidden"
            name="fingerprint"
            value=state.saved.with_untracked(|saved| saved.fingerprint.clone())
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_opens_a_rule_and_what_was_typed_comes_back() {
        let rule = |origin: &str| CorsRule {
            allowed_origins: Some(vec![origin.to_owned()]),
            ..CorsRule::default()
        };
        let rules = [rule("https://a.example"), rule("https://b.example")];
        let (open, edit) = editing("edit", Some(1), &rules, None);
        assert!(open);
        assert_eq!((edit.replaces, edit.at), (Some(1), None));
        assert_eq!(edit.text.origins, "https://b.example");
        let (_, copy) = editing("duplicate", Some(0), &rules, None);
        assert_eq!((copy.replaces, copy.at), (None, Some(1)));
        assert!(!editing("edit", None, &rules, None).0);
        assert!(!editing("", Some(1), &rules, None).0);
        let typed = [("origins".to_owned(), "https://*.*".to_owned())];
        let (_, again) = editing("edit", Some(1), &rules, Some(&typed));
        assert_eq!(again.text.origins, "https://*.*");
        assert_eq!(again.replaces, Some(1));
    }
}
