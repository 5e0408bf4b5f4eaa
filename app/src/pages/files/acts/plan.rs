//! What is to be deleted, decided when the question is asked: what changes behind it changes nothing.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{
    BucketName,
    job::{JobKind, MAX_KEYS, MAX_PREFIXES, NewJob, Rule},
};

use super::super::{listing::Entry, selection::Selection, state::FilesState};
use crate::{ui::Icon, unit, words::acts};

/// More files than this are counted by the server first.
const FEW: usize = 100;
/// Bytes of the keys in one job, far below what a request may have.
const KEY_BYTES: usize = 2_000_000;
/// Names that the question spells out.
const NAMED: usize = 5;

/// What is to go.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// All that the folder holds and the filter lets through, loaded or not.
    pub everything: Option<Rule>,
    /// The folder that is shown.
    prefix: String,
    /// Folders, with everything below them.
    pub folders: Vec<Entry>,
    /// Files.
    pub files: Vec<Entry>,
    /// How many of them the filter hides.
    hidden: usize,
}

impl Plan {
    /// Of what is selected.
    pub fn new(state: FilesState) -> Self {
        let (folders, files) = untrack(|| state.chosen());
        let hidden = state
            .selection
            .with_untracked(|selection| state.rows.with_untracked(|rows| selection.hidden(rows)));
        Self {
            everything: everything(state),
            prefix: state.prefix.get_value(),
            folders,
            files,
            hidden,
        }
    }

    /// Whether the server counts it before anybody is asked.
    pub fn is_counted(&self) -> bool {
        self.everything.is_some() || !self.folders.is_empty() || self.files.len() > FEW
    }

    /// Verb and object.
    pub fn title(&self) -> String {
        let (folders, files) = (self.folders.len() as u64, self.files.len() as u64);
        match (folders, files) {
            _ if self.everything.is_some() => acts::delete_everything().to_owned(),
            (0, files) => acts::delete_files(files),
            (folders, 0) => acts::delete_folders(folders),
            (folders, files) => acts::delete_both(folders, files),
        }
    }

    fn bytes(&self) -> u64 {
        self.files.iter().filter_map(|file| file.size).sum()
    }

    /// The keys of the rows.
    pub fn keys(&self) -> BTreeSet<String> {
        let all = self.folders.iter().chain(&self.files);
        all.map(|entry| entry.key.clone()).collect()
    }

    /// The jobs that delete it: one, unless more is named than a job takes.
    pub fn orders(&self, bucket: &BucketName) -> Vec<NewJob> {
        let new = || NewJob::new(JobKind::Delete, bucket.to_string());
        if let Some(rule) = &self.everything {
            return vec![NewJob {
                rule: Some(rule.clone()),
                ..new()
            }];
        }
        let mut orders = Vec::new();
        let (mut order, mut bytes) = (new(), 0);
        for entry in self.folders.iter().chain(&self.files) {
            bytes += entry.key.len();
            let full = order.prefixes.len() == MAX_PREFIXES || order.keys.len() == MAX_KEYS;
            if full || bytes > KEY_BYTES {
                orders.push(std::mem::replace(&mut order, new()));
                bytes = entry.key.len();
            }
            if entry.is_folder() {
                order.prefixes.push(entry.key.clone());
            } else {
                order.keys.push(entry.key.clone());
            }
        }
        orders.push(order);
        orders
    }
}

/// The rule of a selection that is one. Where all is loaded the rows are what they are.
pub(super) fn everything(state: FilesState) -> Option<Rule> {
    let is_rule = state.selection.with_untracked(Selection::is_everything)
        && state.token.with_untracked(Option::is_some);
    is_rule.then(|| {
        state.look.with_untracked(|look| Rule {
            prefix: state.prefix.get_value(),
            filter: look.text.clone(),
            flat: look.flat || look.text.is_empty(),
            all: state.prefix.with_value(String::is_empty) && look.text.is_empty(),
        })
    })
}

/// What goes, by name and number.
#[component]
pub(super) fn Names(state: FilesState, plan: Plan) -> impl IntoView {
    if let Some(rule) = &plan.everything {
        let folder = state
            .bucket
            .with_value(|bucket| super::super::say::folder(bucket, &rule.prefix));
        let text = if rule.filter.is_empty() {
            acts::everything_goes(&folder)
        } else {
            acts::everything_matching_goes(&folder, &rule.filter)
        };
        return view! { <p>{text}</p> }.into_any();
    }
    let prefix = &plan.prefix;
    let all = plan.folders.iter().chain(&plan.files);
    let names = all
        .clone()
        .take(NAMED)
        .map(|entry| {
            let icon = if entry.is_folder() { "folder" } else { "file" };
            let name = entry.name(prefix);
            view! {
                <li>
                    <Icon name=icon />
                    <bdi>{name}</bdi>
                </li>
            }
        })
        .collect_view();
    let rest = all.count().saturating_sub(NAMED) as u64;
    let hidden = (plan.hidden > 0).then(|| acts::hidden_too(plan.hidden as u64));
    let sum = (!plan.files.is_empty() && plan.folders.is_empty())
        .then(|| acts::files_in_total(plan.files.len() as u64, &unit::size(plan.bytes())));
    view! {
        <ul class="names">{names} {(rest > 0).then(|| view! { <li>{acts::and_more(rest)}</li> })}</ul>
        {sum.map(|sum| view! { <p>{sum}</p> })}
        {hidden.map(|hidden| view! { <p data-testid="hidden-too">{hidden}</p> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str) -> Entry {
        Entry {
            size: (!key.ends_with('/')).then_some(10),
            ..Entry::folder(key)
        }
    }

    /// A plan with so many folders and files.
    fn plan(folders: usize, files: usize) -> Plan {
        Plan {
            everything: None,
            prefix: String::new(),
            hidden: 0,
            folders: (0..folders).map(|n| entry(&format!("d{n}/"))).collect(),
            files: (0..files).map(|n| entry(&format!("f{n}"))).collect(),
        }
    }

    #[test]
    fn folders_and_many_files_are_counted_first() {
        assert!(!plan(0, 100).is_counted());
        assert!(plan(0, 101).is_counted());
        assert!(plan(1, 0).is_counted());
        assert_eq!(plan(1, 2).title(), "Delete 1 folder and 2 files");
    }

    #[test]
    fn jobs_name_no_more_than_they_take() {
        let bucket = BucketName::parse("b-1").unwrap();
        let orders = plan(1_001, 20_001).orders(&bucket);
        let sizes: Vec<_> = orders
            .iter()
            .map(|order| (order.prefixes.len(), order.keys.len()))
            .collect();
        assert_eq!(sizes, [(1_000, 0), (1, 10_000), (0, 10_000), (0, 1)]);
        assert!(orders.iter().all(|order| order.check().is_ok()));
        let mut long = plan(0, 0);
        long.files = (0..1_500)
            .map(|n| entry(&format!("{n}{}", "x".repeat(4_000))))
            .collect();
        let sizes: Vec<_> = long.orders(&bucket).iter().map(|o| o.keys.len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 1_500);
        assert!(sizes.len() > 2 && sizes.iter().all(|keys| *keys < 510));
    }
}
