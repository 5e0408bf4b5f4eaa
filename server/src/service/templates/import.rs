//! Making namespaces as a template says, or telling what that would change.
//!
//! Nothing is written that is there already, so that the same import again writes nothing. A step that
//! fails is told, and the rest goes on, as long as HCP answers at all.

use std::collections::{BTreeMap, BTreeSet};

use hcp::ErrorKind;
use model::mapi::template::{
    Change, Existing, ImportReport, NamespaceReport, NamespaceTemplate, Outcome, Part, Setting,
    Step, StepResult, Write, creation, difference,
};
use serde_json::{Map, Value};

use super::{Templates, is_the_end, kind, limits::Limits, words};
use crate::Error;

/// What is to become of a template.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether to tell only what would change.
    pub dry_run: bool,
    /// New names.
    pub rename: BTreeMap<String, String>,
    /// What becomes of namespaces that are there.
    pub existing: Existing,
}

const NO_ANSWER: &str = "HCP did not answer before, and was not asked again";

impl Templates<'_> {
    /// Applies a template, one namespace after the other.
    ///
    /// # Errors
    /// HCP does not answer, or not to these credentials, before anything was done; the account may not
    /// look at namespaces.
    pub async fn import(
        &self,
        namespaces: &[NamespaceTemplate],
        options: &Options,
    ) -> Result<ImportReport, Error> {
        let mut report = ImportReport {
            dry_run: options.dry_run,
            summary: BTreeMap::new(),
            namespaces: Vec::new(),
        };
        let mut names = BTreeSet::new();
        let mut limits = self.limits(namespaces).await;
        let mut has_ended = false;
        for wanted in namespaces {
            let source = wanted
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let name = options.rename.get(source).map_or(source, String::as_str);
            let mut one = Import {
                templates: self,
                wanted,
                name,
                steps: Vec::new(),
                has_ended,
            };
            let mut done = if !names.insert(name.to_lowercase()) {
                Ended::failed("another namespace of the template has this name")
            } else if has_ended {
                Ended::failed(NO_ANSWER)
            } else {
                match one.run(options, &mut limits).await {
                    Err(error) if is_hopeless(&error) && report.namespaces.is_empty() => {
                        return Err(error);
                    }
                    Err(error) => {
                        one.has_ended |= is_the_end(&error);
                        Ended::failed(words(&error))
                    }
                    Ok(done) => done,
                }
            };
            has_ended = one.has_ended;
            done.settings.sort_by_key(|setting| setting.part);
            *report.summary.entry(done.outcome).or_default() += 1;
            report.namespaces.push(NamespaceReport {
                source: source.to_owned(),
                name: name.to_owned(),
                exists: done.exists,
                outcome: done.outcome,
                reason: done.reason,
                settings: done.settings,
                steps: one.steps,
            });
        }
        Ok(report)
    }
}

/// Whether there is nothing to report: who may not even look at the first may not at any.
fn is_hopeless(error: &Error) -> bool {
    is_the_end(error) || kind(error) == Some(ErrorKind::Denied)
}

/// One namespace on its way.
struct Import<'a> {
    templates: &'a Templates<'a>,
    wanted: &'a NamespaceTemplate,
    name: &'a str,
    steps: Vec<Step>,
    /// Whether HCP no longer answers.
    has_ended: bool,
}

/// How it ended with one.
struct Ended {
    exists: bool,
    outcome: Outcome,
    reason: Option<String>,
    settings: Vec<Setting>,
}

impl Ended {
    fn failed(reason: impl Into<String>) -> Self {
        Self {
            exists: false,
            outcome: Outcome::Failed,
            reason: Some(reason.into()),
            settings: Vec::new(),
        }
    }
}

impl Import<'_> {
    async fn run(&mut self, options: &Options, limits: &mut Limits) -> Result<Ended, Error> {
        let present = match self.templates.namespace(self.name).await {
            Ok((namespace, _unread)) => Some(namespace),
            Err(error) if matches!(kind(&error), Some(ErrorKind::NotFound { .. })) => None,
            Err(error) => return Err(error),
        };
        let mut all = difference(self.wanted, present.as_ref());
        let exists = present.is_some();
        if !exists || options.existing == Existing::Update {
            limits.refuse(&mut all, !exists);
        }
        let (outcome, reason) = match (exists, options.existing) {
            (true, Existing::Skip) => (Outcome::Skipped, None),
            (true, Existing::Fail) => {
                let reason = "there is a namespace of this name already";
                (Outcome::Failed, Some(reason.to_owned()))
            }
            (false, _) if own_refusal(&all.settings).is_some() => {
                (Outcome::Failed, own_refusal(&all.settings))
            }
            (true, Existing::Update) if options.dry_run => {
                self.plan(&all.writes);
                (self.outcome(exists, &all.settings), None)
            }
            (true, Existing::Update) => {
                self.apply(&all.writes).await;
                (self.outcome(exists, &all.settings), None)
            }
            (false, _) if options.dry_run => {
                self.plan_new(&all.writes);
                (self.outcome(exists, &all.settings), None)
            }
            (false, _) => {
                self.make().await;
                (self.outcome(exists, &all.settings), None)
            }
        };
        Ok(Ended {
            exists,
            outcome,
            reason,
            settings: all.settings,
        })
    }

    /// Makes the namespace, and then sees what of it is not yet as the template says: HCP and the
    /// tenant's defaults have decided on much of it.
    async fn make(&mut self) {
        let body = creation(self.wanted, self.name);
        let made = self.templates.write("create_namespace", &[], body).await;
        if !self.note("create", None, made) {
            return;
        }
        let present = match self.templates.namespace(self.name).await {
            Ok((namespace, _unread)) => namespace,
            Err(error) => {
                self.note("read", None, Err(error));
                return;
            }
        };
        let writes = difference(self.wanted, Some(&present)).writes;
        // What may forbid S3, such as the use of access control lists, is set before.
        let (before, after): (Vec<_>, Vec<_>) = writes
            .into_iter()
            .partition(|write| write.part == Part::Namespace);
        self.apply(&before).await;
        if self.opens_s3() {
            let body = Map::from_iter([("hs3Enabled".to_owned(), true.into())]);
            let (_, write) = Part::Http.operations();
            let opened = self.templates.write(write, &[self.name], body).await;
            // A namespace without S3 is one all the same.
            if let Err(error) = opened {
                self.has_ended |= is_the_end(&error);
                self.step("s3", None, StepResult::Skipped, Some(words(&error)));
            } else {
                self.step("s3", None, StepResult::Done, None);
            }
        }
        self.apply(&after).await;
    }

    /// Whether S3 is switched on because the template does not say.
    fn opens_s3(&self) -> bool {
        let http = Part::Http.of(self.wanted);
        let said = http.and_then(|http| http.get("hs3Enabled"));
        said.is_none_or(Value::is_null)
    }

    async fn apply(&mut self, writes: &[Write]) {
        for write in writes {
            let (step, item) = (step_of(write.part), write.item.as_deref());
            if self.has_ended {
                let reason = Some(NO_ANSWER.to_owned());
                self.step(step, item, StepResult::Skipped, reason);
                continue;
            }
            let (_, operation) = write.part.operations();
            let templates = self.templates;
            let body = write.body.clone();
            let written = match (&write.item, write.creates) {
                (Some(_), true) => {
                    let create = "create_retention_class";
                    templates.write(create, &[self.name], body).await
                }
                (Some(item), false) => templates.write(operation, &[self.name, item], body).await,
                (None, _) => templates.write(operation, &[self.name], body).await,
            };
            self.note(step, item, written);
        }
    }

    fn plan(&mut self, writes: &[Write]) {
        for write in writes {
            let (step, item) = (step_of(write.part), write.item.as_deref());
            self.step(step, item, StepResult::Planned, None);
        }
    }

    fn plan_new(&mut self, writes: &[Write]) {
        self.step("create", None, StepResult::Planned, None);
        let made = creation(self.wanted, self.name);
        let is_made = |write: &Write| {
            write.part == Part::Namespace && write.body.keys().all(|name| made.contains_key(name))
        };
        let writes: Vec<_> = writes.iter().filter(|w| !is_made(w)).cloned().collect();
        let own = usize::from(writes.first().is_some_and(|w| w.part == Part::Namespace));
        self.plan(&writes[..own]);
        if self.opens_s3() {
            self.step("s3", None, StepResult::Planned, None);
        }
        self.plan(&writes[own..]);
    }

    /// Notes how a step went; whether it went well.
    fn note(&mut self, step: &str, item: Option<&str>, result: Result<(), Error>) -> bool {
        match result {
            Ok(()) => {
                self.step(step, item, StepResult::Done, None);
                true
            }
            Err(error) => {
                self.has_ended |= is_the_end(&error);
                self.step(step, item, StepResult::Failed, Some(words(&error)));
                false
            }
        }
    }

    fn step(&mut self, step: &str, item: Option<&str>, result: StepResult, reason: Option<String>) {
        self.steps.push(Step {
            step: step.to_owned(),
            name: item.map(str::to_owned),
            result,
            reason,
        });
    }

    fn outcome(&self, exists: bool, settings: &[Setting]) -> Outcome {
        let is = |result| move |step: &&Step| step.result == result;
        let failed = self.steps.iter().filter(is(StepResult::Failed)).count();
        let left = self.has_ended
            && (self.steps.iter()).any(|s| s.result == StepResult::Skipped && s.step != "s3");
        let done = self
            .steps
            .iter()
            .any(|s| matches!(s.result, StepResult::Done | StepResult::Planned));
        let refused = settings.iter().any(|s| s.change == Change::Refused);
        match (exists, done) {
            (_, false) if failed > 0 || left => Outcome::Failed,
            (_, true) if failed > 0 || left => Outcome::Partial,
            _ if refused => Outcome::Partial,
            (true, false) => Outcome::Same,
            (true, true) => Outcome::Updated,
            (false, _) => Outcome::Created,
        }
    }
}

/// Why a namespace is not even made: one that breaks a rule would be made otherwise than it was meant.
fn own_refusal(settings: &[Setting]) -> Option<String> {
    let mut own = settings.iter().filter(|s| s.part == Part::Namespace);
    let refused = own.find(|s| s.change == Change::Refused)?;
    let reason = refused.reason.as_deref().unwrap_or_default();
    Some(format!("{}: {reason}", refused.setting))
}

fn step_of(part: Part) -> &'static str {
    match part {
        Part::Namespace => "namespace",
        other => other.path(),
    }
}
