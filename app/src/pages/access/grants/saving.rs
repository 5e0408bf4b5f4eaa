//! Saving a list: the question before strangers get in, and what somebody else has saved meanwhile.

use leptos::{ev, prelude::*};
use model::acl::{Grant, Public, merged};

use super::{state::State, words::line_of};
use crate::{
    text::visible_name,
    ui::{Button, Icon, Modal, SubmitBar, Tone},
    words::access,
};

#[component]
pub(super) fn Saving(state: State) -> impl IntoView {
    let reason = Signal::derive(move || {
        if state.busy.get() {
            Some(access::saving())
        } else if state.theirs.with(Option::is_some) {
            Some(access::decide_first())
        } else {
            (!state.is_changed()).then(access::nothing_changed)
        }
    });
    let press = move |_| {
        if state.opens() {
            state.ask.open();
        } else {
            state.save();
        }
    };
    view! {
        <div class="actions">
            <Button tone=Tone::Primary reason attr:data-testid="acl-save" press>
                {access::save()}
            </Button>
            <Show when=move || state.is_changed()>
                <Button attr:data-testid="acl-reset" press=move |_| state.reset()>
                    {access::reset()}
                </Button>
            </Show>
        </div>
    }
}

/// The question before strangers get in.
#[component]
pub(super) fn Question(state: State, back: Signal<String>) -> impl IntoView {
    let name = state.granted.with_value(|granted| {
        let place = &granted.place;
        let name = place.key.as_ref().map(ToString::to_string);
        visible_name(&name.unwrap_or_else(|| place.bucket.to_string()))
    });
    let title = access::make_public(&name);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        state.save();
    };
    let means = move || {
        let public = state.draft.with(|draft| Public::of(draft));
        match (public.read, public.write) {
            (true, true) => access::means_reads_writes(),
            (true, false) => access::means_reads(),
            (false, true) => access::means_writes(),
            (false, false) => access::means_list(),
        }
    };
    let of = if state.is_object() {
        access::back_object()
    } else {
        access::back_bucket()
    };
    view! {
        <Modal handle=state.ask title back busy=state.busy testid="acl-public-dialog">
            <form data-testid="form-acl-public" on:submit=submit>
                <div class="modal-body">
                    <p class="alert alert-danger">
                        <Icon name="globe" />
                        <span>{means}</span>
                    </p>
                    <p>{of}</p>
                </div>
                <SubmitBar
                    handle=state.ask
                    back
                    label=access::make_it_public()
                    tone=Tone::Danger
                    busy=state.busy
                />
            </form>
        </Modal>
    }
}

/// What somebody else has made of the list meanwhile, beside one's own.
#[component]
pub(super) fn Clash(state: State) -> impl IntoView {
    let lines = |grants: &[Grant]| {
        if grants.is_empty() {
            return view! { <li class="muted">{access::none()}</li> }.into_any();
        }
        let lines = grants.iter().map(|grant| {
            view! {
                <li>
                    <bdi>{line_of(grant)}</bdi>
                </li>
            }
        });
        lines.collect_view().into_any()
    };
    let column = move |title: &'static str, testid: &'static str, grants: Vec<Grant>| {
        view! {
            <div>
                <h4>{title}</h4>
                <ul data-testid=testid>{lines(&grants)}</ul>
            </div>
        }
    };
    move || {
        state.theirs.get().map(|theirs| {
            let now = theirs.beside_owner();
            let (take, both) = (theirs.clone(), theirs);
            let takes = move |_| state.settle(take.clone(), take.beside_owner());
            let merges = move |_| {
                let draft = merged(
                    &untrack(|| state.saved()),
                    &state.draft.get_untracked(),
                    &both.beside_owner(),
                );
                state.settle(both.clone(), draft);
            };
            view! {
                <section class="access-clash" data-testid="conflict-table">
                    <div class="access-columns">
                        {column(access::before(), "conflict-before", state.saved())}
                        {column(access::theirs(), "conflict-theirs", now)}
                        {column(access::yours(), "conflict-yours", state.draft.get())}
                    </div>
                    <div class="actions">
                        <Button attr:data-testid="take-theirs" press=takes>
                            {access::take_theirs()}
                        </Button>
                        <Button attr:data-testid="keep-mine" press=merges>
                            {access::put_mine_on_theirs()}
                        </Button>
                    </div>
                </section>
            }
        })
    }
}
