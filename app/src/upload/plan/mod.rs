//! What is asked before files are sent: the plan of a batch where something stands out, and what is to
//! become of objects that have its keys.
//!
//! [`model::upload::Survey`] and [`model::upload::Conflicts`] decide what is to be asked; here the store
//! is asked (`ask`), and the person (`panel`, `meeting`). A batch without either is sent at once.

#[cfg(feature = "hydrate")]
mod ask;
#[cfg(any(feature = "hydrate", test))]
mod compare;
mod live;
mod meeting;
mod options;
mod panel;
mod question;
mod words;

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use model::{
    BucketName,
    session::ObjectFeatures,
    upload::{Conflicts, Day, FileFacts, Options, Pattern, Policy, Remedies, Survey},
    upload_target::Overwrites,
};

#[cfg(feature = "hydrate")]
pub(super) use ask::{Answered, Batch, Planned, is_taken, plan};
#[cfg(feature = "hydrate")]
pub(super) use compare::{Comparison, Verdict};
use meeting::MeetingDialog;
use panel::PlanPanel;
use question::Question;

/// The questions that can be open, one at a time.
#[derive(Clone, Copy)]
pub(super) struct Questions {
    panel: Question<Found, Chosen>,
    meeting: Question<Met, Policies>,
}

impl Questions {
    /// Nothing is asked yet.
    pub(super) fn new() -> Self {
        Self {
            panel: Question::new(),
            meeting: Question::new(),
        }
    }
}

/// Where files go.
#[derive(Clone, Debug)]
struct Place {
    bucket: BucketName,
    prefix: String,
}

impl Place {
    /// As a person reads it: `bucket/folder/`.
    fn words(&self) -> String {
        format!("{}/{}", self.bucket, self.prefix)
    }
}

/// What stood in the panel before files that could not be read were tried again.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    remedies: Remedies,
    typed: options::Typed,
}

/// A batch that a person is to look at.
#[derive(Debug)]
struct Found {
    to: Place,
    survey: Survey,
    /// The files, by the numbers that the survey knows them by.
    files: Vec<FileFacts>,
    /// What objects can be given here.
    offers: ObjectFeatures,
    /// Whether the person asked for the panel, for the options.
    wanted: bool,
    /// What was chosen before it was looked at again.
    before: Option<Before>,
    /// How many of the files that could not be read can be tried again.
    again: usize,
}

impl Found {
    /// The survey of the same files under the paths that a pattern gives them.
    fn renamed(&self, (pattern, day): &(Pattern, Day)) -> Survey {
        self.survey
            .renamed(pattern, *day, |index| self.files.get(index))
    }
}

/// What somebody wants done about the findings, and how objects are stored.
#[derive(Clone, Debug, Default)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the browser reads answers")
)]
struct Chosen {
    remedies: Remedies,
    options: Arc<Options>,
    /// Where files get other paths than their own.
    paths: Option<(Pattern, Day)>,
    /// Large batches that ask nothing are not shown again.
    quiet: bool,
    /// What could not be read is to be tried again, before anything else; then this stands in the panel.
    again: Option<Before>,
}

/// A batch that meets objects.
#[derive(Debug)]
struct Met {
    to: Place,
    conflicts: Conflicts,
    overwrites: Option<Overwrites>,
    /// What was chosen last and remembered.
    before: Option<Policy>,
}

/// What somebody wants done about the objects.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the browser reads answers")
)]
struct Policies {
    all: Policy,
    /// Others, by the number of the file.
    own: HashMap<usize, Policy>,
    /// For all batches to come.
    always: bool,
}

/// The dialogs; absent while nothing is asked, so also on the server.
#[component]
pub fn PlanDialogs() -> impl IntoView {
    let Questions { panel, meeting } = super::use_uploads().state.questions;
    view! {
        <PlanPanel question=panel />
        <MeetingDialog question=meeting />
    }
}
