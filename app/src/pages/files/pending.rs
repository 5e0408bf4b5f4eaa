//! Small deletions where nothing brings objects back: they wait for a moment, in which they can be taken back.
//!
//! Nothing is sent before the time is over, and nothing at all when the page is closed meanwhile. It outlives
//! the folder that it began in, but not the pages of files.

use std::{collections::BTreeSet, time::Duration};

use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};
use model::{
    BucketName, Problem,
    object::{DeleteObjects, Deletion, DeletionReport},
};

use super::state::FilesState;
use crate::{
    api, drawn,
    text::visible_name,
    ui::{Button, Icon, Messages, Tone},
    words::files,
};

/// Until when a deletion waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// It does not: there is none, or it is under way.
    Nothing,
    /// For so many seconds.
    Seconds(u64),
    /// Until somebody says so.
    Asked,
}

impl Left {
    /// How long one waits that begins now.
    fn wanted() -> Self {
        let delay = drawn::preferences().deletion_delay;
        delay.seconds().map_or(Self::Asked, Self::Seconds)
    }

    /// What is said of a number of files.
    fn line(self, number: usize) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Seconds(seconds) => files::going_in(number as u64, &seconds.to_string()),
            Self::Asked => files::going_when_told(number as u64),
        }
    }
}

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Waiting {
    bucket: BucketName,
    keys: BTreeSet<String>,
}

/// The deletion that waits, if there is one.
#[derive(Clone, Copy)]
pub struct Pending {
    waiting: RwSignal<Option<Waiting>>,
    left: RwSignal<Left>,
    tick: StoredValue<Option<IntervalHandle>>,
    /// The folder that is shown.
    here: StoredValue<Option<FilesState>>,
    messages: Messages,
}

impl Pending {
    /// None yet; to be called by what outlives the folders.
    pub fn new() -> Self {
        let pending = Self {
            waiting: RwSignal::new(None),
            left: RwSignal::new(Left::Nothing),
            tick: StoredValue::new(None),
            here: StoredValue::new(None),
            messages: Messages::here(),
        };
        on_cleanup(move || {
            pending.stop_clock();
            let waits = pending.waiting.try_get_untracked().flatten();
            if waits.is_some() {
                pending.messages.success(files::not_deleted_left());
            }
        });
        pending
    }

    /// Says which folder is shown.
    pub fn show_in(self, state: FilesState) {
        self.here.set_value(Some(state));
    }

    /// The keys of a bucket that wait.
    pub fn keys(self, bucket: &BucketName) -> BTreeSet<String> {
        self.waiting.with(|waiting| {
            waiting
                .as_ref()
                .filter(|waiting| waiting.bucket == *bucket)
                .map(|waiting| waiting.keys.clone())
                .unwrap_or_default()
        })
    }

    /// Deletes after a moment, or when that is confirmed. What waited for its moment goes at once; what waits to be
    /// confirmed waits on with these, unless it is in another bucket: then it stays.
    pub fn begin(self, bucket: BucketName, mut keys: BTreeSet<String>) {
        if self.left.get_untracked() == Left::Asked {
            match self.waiting.get_untracked() {
                Some(before) if before.bucket == bucket => keys.extend(before.keys),
                Some(_) => self.messages.success(files::not_deleted_left()),
                None => {}
            }
        } else {
            self.go();
        }
        let left = Left::wanted();
        self.left.set(left);
        self.messages.announce(left.line(keys.len()));
        self.waiting.set(Some(Waiting { bucket, keys }));
        if left == Left::Asked {
            return;
        }
        let tick = set_interval_with_handle(
            move || {
                let over = self.left.try_update(|left| match left {
                    Left::Seconds(seconds) => {
                        *seconds = seconds.saturating_sub(1);
                        *seconds == 0
                    }
                    Left::Nothing | Left::Asked => false,
                });
                if over == Some(true) {
                    self.go();
                }
            },
            Duration::from_secs(1),
        );
        self.tick.set_value(tick.ok());
    }

    fn stop_clock(self) {
        let tick = self.tick.try_update_value(Option::take).flatten();
        if let Some(tick) = tick {
            tick.clear();
        }
    }

    /// Takes it back.
    fn undo(self) {
        self.stop_clock();
        self.left.set(Left::Nothing);
        self.waiting.set(None);
        self.messages.announce(files::nothing_deleted());
        crate::browser::focus(".files-body [tabindex=\"0\"]");
    }

    /// Deletes now, unless that is under way.
    fn go(self) {
        self.stop_clock();
        let Some(waiting) = self.waiting.get_untracked() else {
            return;
        };
        if self.left.get_untracked() == Left::Nothing {
            return;
        }
        self.left.set(Left::Nothing);
        spawn_local(async move {
            let request = DeleteObjects {
                bucket: waiting.bucket.clone(),
                body: Deletion {
                    keys: waiting.keys.iter().cloned().collect(),
                    ..Deletion::default()
                },
            };
            let answer = api::call(request).await;
            let over = self.waiting.try_update(|now| {
                if now.as_ref() == Some(&waiting) {
                    *now = None;
                }
            });
            if over.is_some() {
                self.tell(waiting, answer);
            }
        });
    }

    fn tell(self, waiting: Waiting, answer: Result<DeletionReport, Problem>) {
        match answer {
            Ok(report) => {
                if let Some(first) = report.errors.first() {
                    let reason = first.message.as_deref().or(first.code.as_deref());
                    self.messages.error(files::stayed(
                        report.errors.len() as u64,
                        &visible_name(&first.key),
                        reason.unwrap_or_default(),
                    ));
                } else {
                    self.messages.success(files::deleted(report.deleted_count));
                }
            }
            Err(problem) => {
                let here = self.here.get_value().filter(|state| !state.is_gone());
                match here {
                    Some(state) => state.failed(&problem),
                    None => self.messages.error(problem.sentence()),
                }
            }
        }
        let here = self.here.get_value().filter(|state| !state.is_gone());
        if let Some(state) = here
            && state.bucket.with_value(|bucket| *bucket == waiting.bucket)
        {
            state.refresh_without(waiting.keys, || {});
        }
    }
}

/// What waits, for how long, and the ways to have it back or done.
#[component]
pub fn Countdown(pending: Pending) -> impl IntoView {
    let any = Memo::new(move |_| pending.left.get() != Left::Nothing);
    let line = move || {
        let number = pending
            .waiting
            .with(|waiting| waiting.as_ref().map_or(0, |waiting| waiting.keys.len()));
        pending.left.get().line(number)
    };
    view! {
        <Show when=move || any.get()>
            <section class="countdown" aria-label=files::delete()>
                <div class="toast" data-testid="toast">
                    <Icon name="trash" />
                    <p>{line}</p>
                    <Button
                        tone=Tone::Plain
                        attr:data-testid="toast-undo"
                        press=move |_| pending.undo()
                    >
                        {files::undo()}
                    </Button>
                    <Button
                        tone=Tone::Danger
                        attr:data-testid="delete-now"
                        press=move |_| pending.go()
                    >
                        {files::delete_now()}
                    </Button>
                </div>
            </section>
        </Show>
    }
}
