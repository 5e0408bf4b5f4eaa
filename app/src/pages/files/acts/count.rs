//! Counting what is in folders: by the server, page by page, as long as it takes.

use leptos::{prelude::*, task::spawn_local};
use model::{
    Problem,
    job::{CancelJob, GetJob, JobWait},
    task::{CountedObject, GetStats, StartStats, StatsDetails, StatsQuery, StatsTask, TaskStatus},
};

use super::{
    super::{
        listing::Entry,
        say,
        state::{Counted, FilesState},
    },
    Acts,
};
use crate::{
    api, browser,
    text::visible_name,
    ui::{Button, ErrorSummary, Modal, Moment},
    unit,
    words::acts,
};

/// How long an answer waits for a count to end, in seconds.
const WAIT: JobWait = JobWait { wait: Some(1) };

/// What was found so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    pub objects: u64,
    pub folders: u64,
    pub bytes: u64,
    details: StatsDetails,
}

impl Sum {
    /// Of files that are known already.
    pub fn of(files: &[Entry]) -> Self {
        let mut sum = Self::default();
        for file in files {
            sum.objects += 1;
            sum.bytes += file.size.unwrap_or_default();
            sum.details.see(CountedObject {
                key: file.key.clone(),
                size: file.size.unwrap_or_default(),
                last_modified: file.modified,
            });
        }
        sum
    }

    /// With what a count has found.
    #[must_use]
    pub fn with(mut self, task: &StatsTask) -> Self {
        let details = task.details.clone().unwrap_or_default();
        self.objects += details.objects;
        self.folders += details.folders;
        self.bytes += task.bytes;
        self.details.add(details);
        self
    }
}

/// Counts what is below a prefix. `tell` hears how far it is, and says whether it is to go on.
pub(super) async fn count(
    state: FilesState,
    prefix: String,
    mut tell: impl FnMut(&StatsTask) -> bool,
) -> Result<Option<StatsTask>, Problem> {
    let bucket = state.bucket.get_value();
    let query = StatsQuery {
        prefix: Some(prefix),
        delimiter: None,
    };
    let start = StartStats {
        bucket: bucket.clone(),
        query,
    };
    let mut task = api::call(start).await?;
    while !task.status.is_final() {
        if !tell(&task) {
            // If it cannot be stopped, it ends by itself.
            let id = task.task_id;
            let _ = api::call(CancelJob { id }).await;
            return Ok(None);
        }
        let id = task.task_id.clone();
        api::call(GetJob { id, wait: WAIT }).await?;
        let get = GetStats {
            bucket: bucket.clone(),
            task_id: task.task_id,
        };
        task = api::call(get).await?;
    }
    match task.status {
        TaskStatus::Ready => Ok(Some(task)),
        TaskStatus::Failed => Err(Problem::new(
            model::ErrorCode::TaskFailed,
            task.error.unwrap_or_else(|| acts::not_counted().to_owned()),
        )),
        _ => Ok(None),
    }
}

/// The dialog.
#[component]
pub(super) fn CountDialog(acts: Acts) -> impl IntoView {
    let title = Signal::derive(|| acts::count_title().to_owned());
    view! {
        <Modal handle=acts.scene().count title back=acts.scene().state.here() testid="count-dialog">
            <Counting acts />
        </Modal>
    }
}

/// How a count stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Running,
    Stopped,
    Whole,
}

#[derive(Clone, Copy)]
struct Count {
    state: FilesState,
    sum: RwSignal<Sum>,
    standing: RwSignal<Standing>,
    stopping: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
}

impl Count {
    fn is_closed(self) -> bool {
        self.sum.is_disposed()
    }

    /// Goes through the folders. It goes on when the dialog is closed: rows show what comes of it.
    async fn run(self, folders: Vec<String>, files: Vec<Entry>) {
        let state = self.state;
        let mut sum = Sum::of(&files);
        self.sum.try_set(sum.clone());
        for folder in folders {
            mark(state, &folder, Some(Counted::default()));
            let counted = count(state, folder.clone(), |task| {
                self.sum.try_set(sum.clone().with(task));
                !state.is_gone() && self.stopping.try_get_untracked() != Some(true)
            })
            .await;
            if state.is_gone() {
                return;
            }
            match counted {
                Ok(Some(task)) => {
                    mark(state, &folder, Some(result(&task)));
                    sum = sum.with(&task);
                    self.sum.try_set(sum.clone());
                }
                Ok(None) => {
                    mark(state, &folder, None);
                    self.standing.try_set(Standing::Stopped);
                    return;
                }
                Err(problem) => {
                    mark(state, &folder, None);
                    self.standing.try_set(Standing::Stopped);
                    if api::needs_sign_in(&problem) || self.is_closed() {
                        state.failed(&problem);
                    }
                    self.problem.try_set(Some(problem));
                    return;
                }
            }
        }
        let said = acts::counted(sum.objects, sum.folders, &unit::size(sum.bytes));
        if self.is_closed() {
            state.messages.success(said);
        } else {
            state.messages.announce(said);
        }
        self.standing.try_set(Standing::Whole);
    }
}

/// What the row of a folder shows.
fn mark(state: FilesState, folder: &str, counted: Option<Counted>) {
    state.counts.update(|counts| match counted {
        Some(counted) => {
            counts.insert(folder.to_owned(), counted);
        }
        None => {
            counts.remove(folder);
        }
    });
}

fn result(task: &StatsTask) -> Counted {
    let sum = Sum::default().with(task);
    let size = unit::size(sum.bytes);
    Counted {
        size: Some(size.clone()),
        at: browser::clock().map(|(now, _)| now),
        about: acts::counted(sum.objects, sum.folders, &size),
    }
}

#[component]
fn Counting(acts: Acts) -> impl IntoView {
    let state = acts.scene().state;
    let (folders, files) = untrack(|| state.chosen());
    let everything = super::plan::everything(state).is_some();
    let mut prefixes: Vec<String> = folders.into_iter().map(|folder| folder.key).collect();
    let files = if everything { Vec::new() } else { files };
    if everything || prefixes.is_empty() && files.is_empty() {
        prefixes = vec![state.prefix.get_value()];
    }
    let about = match prefixes.as_slice() {
        [one] if files.is_empty() => state
            .bucket
            .with_value(|bucket| acts::count_of(&say::folder(bucket, one))),
        all => acts::count_of_several(all.len() as u64),
    };
    let count = Count {
        state,
        sum: RwSignal::new(Sum::default()),
        standing: RwSignal::new(Standing::Running),
        stopping: RwSignal::new(false),
        problem: RwSignal::new(None),
    };
    spawn_local(count.run(prefixes, files));
    let runs = Memo::new(move |_| count.standing.get() == Standing::Running);
    let status = move || match count.standing.get() {
        Standing::Running => acts::counting(),
        Standing::Stopped => acts::count_stopped(),
        Standing::Whole => acts::count_whole(),
    };
    let word = move || match count.standing.get() {
        Standing::Running => "running",
        Standing::Stopped => "stopped",
        Standing::Whole => "whole",
    };
    view! {
        <div class="modal-body" aria-busy=move || runs.get().then_some("true")>
            <ErrorSummary problem=count.problem />
            <p><bdi>{about}</bdi></p>
            <p class="muted" data-testid="count-status" data-state=word>{status}</p>
            <Show when=move || runs.get()>
                <progress class="mpu-progress" aria-label=acts::counting()></progress>
            </Show>
            <Found sum=count.sum />
        </div>
        <div class="modal-foot">
            <Show when=move || runs.get()>
                <Button
                    attr:data-testid="count-stop"
                    press=move |_| count.stopping.set(true)
                >
                    {acts::stop()}
                </Button>
            </Show>
            <Button attr:autofocus=true press=move |_| acts.scene().count.close()>
                {acts::close()}
            </Button>
        </div>
    }
}

#[component]
fn Found(sum: RwSignal<Sum>) -> impl IntoView {
    let newest = move || {
        let newest = sum.with(|sum| sum.details.newest.clone())?;
        Some(view! {
            <dt>{acts::newest()}</dt>
            <dd data-testid="count-newest">
                <bdi>{visible_name(&newest.key)}</bdi>
                " "
                {newest.last_modified.map(|time| view! { <Moment time /> })}
            </dd>
        })
    };
    let largest = move || {
        let largest = sum.with(|sum| sum.details.largest.clone());
        (!largest.is_empty()).then(|| {
            let lines = largest
                .into_iter()
                .map(|object| {
                    view! {
                        <li>
                            <span class="count-size" title=unit::exact_bytes(object.size)>
                                {unit::size(object.size)}
                            </span>
                            <bdi>{visible_name(&object.key)}</bdi>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <h3>{acts::largest()}</h3>
                <ol class="largest" data-testid="count-largest">{lines}</ol>
            }
        })
    };
    view! {
        <dl class="count-numbers">
            <dt>{acts::objects()}</dt>
            <dd data-testid="count-objects">{move || sum.with(|sum| unit::count(sum.objects))}</dd>
            <dt>{acts::folders()}</dt>
            <dd data-testid="count-folders">{move || sum.with(|sum| unit::count(sum.folders))}</dd>
            <dt>{acts::size()}</dt>
            <dd data-testid="count-bytes" title=move || sum.with(|sum| unit::exact_bytes(sum.bytes))>
                {move || sum.with(|sum| unit::size(sum.bytes))}
            </dd>
            {newest}
        </dl>
        {largest}
    }
}
