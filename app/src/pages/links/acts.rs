//! What one can do with a link: revoke it, take that back, have it live longer. Plain forms that scripts take over.

use std::sync::Arc;

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Problem,
    link::{ChangeLink, Link, LinkChange, LinkState, RestoreLink, RevokeLink},
};

use crate::{
    api,
    outcome::Outcome,
    ui::{Button, Icon, Messages, Offer, Tone},
    urls,
    words::links,
};

/// By how much a link is extended, in seconds from now: a week.
const WEEK: u64 = 604_800;

/// An act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Revoke,
    Restore,
    Extend,
}

impl Act {
    const ALL: [Self; 3] = [Self::Restore, Self::Extend, Self::Revoke];

    fn op(self) -> &'static str {
        match self {
            Self::Revoke => "revoke_link",
            Self::Restore => "restore_link",
            Self::Extend => "extend_link",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Revoke => links::revoke(),
            Self::Restore => links::undo(),
            Self::Extend => links::extend(),
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Revoke => "close",
            Self::Restore => "undo",
            Self::Extend => "clock",
        }
    }

    fn testid(self) -> &'static str {
        match self {
            Self::Revoke => "link-revoke",
            Self::Restore => "link-restore",
            Self::Extend => "link-extend",
        }
    }

    fn fits(self, link: &Link) -> bool {
        match self {
            Self::Revoke => link.state != LinkState::Revoked,
            Self::Restore => link.undo_until.is_some(),
            Self::Extend => link.own && link.state != LinkState::Revoked,
        }
    }

    async fn call(self, id: String) -> Result<Link, Problem> {
        match self {
            Self::Revoke => api::call(RevokeLink { id }).await,
            Self::Restore => api::call(RestoreLink { id }).await,
            Self::Extend => {
                let change = LinkChange {
                    expires_in: Some(WEEK),
                    uses: None,
                };
                api::call(ChangeLink { id, change }).await
            }
        }
    }
}

/// What was refused to a form without scripts.
#[component]
pub fn Refused() -> impl IntoView {
    let problem = Act::ALL
        .into_iter()
        .find_map(|act| Outcome::problem(act.op()));
    problem.map(|problem| {
        view! {
            <div class="alert alert-danger" role="alert">
                <Icon name="alert" />
                <p>{problem.sentence()}</p>
            </div>
        }
    })
}

/// The buttons that a link has now.
#[component]
pub fn Acts(link: RwSignal<Link>) -> impl IntoView {
    Act::ALL
        .map(|act| {
            let fits = Memo::new(move |_| link.with(|link| act.fits(link)));
            move || {
                fits.get()
                    .then(|| view! { <ActForm act link /> }.into_any())
            }
        })
        .collect_view()
        .into_any()
}

fn run(act: Act, link: RwSignal<Link>, messages: Messages, done: Callback<()>) {
    let Some(id) = link.try_with_untracked(|link| link.id.clone()) else {
        return;
    };
    spawn_local(async move {
        let answer = act.call(id).await;
        let _left = done.try_run(());
        match answer {
            Ok(changed) => {
                let until = changed.undo_until;
                link.try_set(changed);
                match act {
                    Act::Revoke => messages.offer(
                        links::revoked(),
                        Offer {
                            word: links::undo(),
                            until,
                            run: Arc::new(move || {
                                run(Act::Restore, link, messages, Callback::new(|()| ()));
                            }),
                        },
                    ),
                    Act::Restore => messages.success(links::restored()),
                    Act::Extend => messages.success(links::extended()),
                }
            }
            Err(problem) => messages.error(problem.sentence()),
        }
    });
}

#[component]
fn ActForm(act: Act, link: RwSignal<Link>) -> impl IntoView {
    let (id, name) = link.with_untracked(|link| {
        let name = format!("{} {}/{}", act.word(), link.bucket, link.target);
        (link.id.clone(), name)
    });
    let busy = RwSignal::new(false);
    let messages = Messages::here();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let done = Callback::new(move |()| {
            busy.try_set(false);
        });
        run(act, link, messages, done);
    };
    let extends = act == Act::Extend;
    view! {
        <form method="post" action=urls::LINKS class="inline-form" on:submit=submit>
            <input type="hidden" name="op" value=act.op() />
            <crate::SessionField />
            <input type="hidden" name="link" value=id />
            <input type="hidden" name="next" value=urls::LINKS />
            {extends.then(|| view! { <input type="hidden" name="expires_in" value=WEEK /> })}
            <Button
                kind="submit"
                tone=Tone::Plain
                attr:aria-label=name
                attr:title=act.word()
                attr:data-testid=act.testid()
            >
                <Icon name=act.icon() />
                <span class="word">{act.word()}</span>
            </Button>
        </form>
    }
}
