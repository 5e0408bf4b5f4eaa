//! Checksums of files, computed by workers that run the WASM of the crate `checksum`.
//!
//! The workers begin with the first job. One that breaks is replaced, and its jobs fail; files can go
//! without checksums where there is no worker at all.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, VecDeque},
    ops::Range,
    rc::Rc,
};

use futures::{
    StreamExt as _,
    channel::{mpsc, oneshot},
    future::{AbortHandle, abortable},
};
use js_sys::{Object, Reflect};
use leptos::prelude::{document, window};
use model::{ChecksumAlgorithm, PartChecksum};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Workers for parts; more would only wait for the disk.
const HELPERS: usize = 2;

/// Why there is no checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The file is not the one any more that was chosen, or may not be read.
    Unreadable,
    /// There is no worker: its code could not be loaded, or it broke.
    Unavailable,
}

/// How far the checksum of a whole file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WholeFile {
    /// Bytes so far.
    Done(u64),
    /// SHA-256, in lower-case hex as lists of checksums have it. Nothing comes after it.
    Sha256(String),
    /// There is none. Nothing comes after it.
    Failed(Fault),
}

impl WholeFile {
    /// What came of it, if it is at its end.
    pub(super) fn end(self) -> Option<Result<String, Fault>> {
        match self {
            Self::Done(_) => None,
            Self::Sha256(sum) => Some(Ok(sum)),
            Self::Failed(fault) => Some(Err(fault)),
        }
    }
}

/// The workers of this page.
pub(super) struct Checksums {
    parts: Rc<Pool>,
    /// One of its own, so that reading a whole file never holds up a part.
    whole: Rc<Pool>,
}

/// A checksum of a whole file that is being computed. Dropping it ends that.
pub(super) struct Computing(AbortHandle);

impl Drop for Computing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Checksums {
    /// Begins nothing yet.
    pub(super) fn new() -> Self {
        let script = find_script();
        let cores = window().navigator().hardware_concurrency();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small whole number, and any other is cut to one"
        )]
        let beside_the_page = (cores as usize).saturating_sub(1);
        Self {
            parts: Pool::new(script.clone(), beside_the_page.clamp(1, HELPERS)),
            whole: Pool::new(script, 1),
        }
    }

    /// The checksum of some bytes of a file. Dropping the future ends the work.
    pub(super) async fn part(
        &self,
        file: &File,
        range: Range<u64>,
        algorithm: ChecksumAlgorithm,
    ) -> Result<PartChecksum, Fault> {
        let slot = self.parts.slot().await?;
        let mut job = slot.helper.begin(file, &range, algorithm.as_str())?;
        let value = loop {
            match job.next().await {
                Heard::Done(_) => {}
                Heard::Value(value) => break value,
                Heard::Failed(fault) => return Err(fault),
            }
        };
        PartChecksum::new(algorithm, value).map_err(|_not_ours| Fault::Unavailable)
    }

    /// The SHA-256 of a whole file, read from its beginning to its end. Files wait for each other.
    pub(super) fn whole(&self, file: &File, on: impl Fn(WholeFile) + 'static) -> Computing {
        let pool = Rc::clone(&self.whole);
        let file = file.clone();
        let (work, handle) = abortable(async move {
            if let Err(fault) = compute(&pool, &file, &on).await {
                on(WholeFile::Failed(fault));
            }
        });
        spawn_local(async move {
            // Ended, or at its end: all is told.
            let _ = work.await;
        });
        Computing(handle)
    }

    /// Ends the workers that have nothing to do, and gives their memory back.
    pub(super) fn rest(&self) {
        self.parts.rest();
        self.whole.rest();
    }
}

async fn compute(pool: &Rc<Pool>, file: &File, on: &impl Fn(WholeFile)) -> Result<(), Fault> {
    let slot = pool.slot().await?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number of bytes"
    )]
    let size = file.size() as u64;
    let mut job = slot.helper.begin(file, &(0..size), "SHA256")?;
    loop {
        match job.next().await {
            Heard::Done(bytes) => on(WholeFile::Done(bytes)),
            Heard::Value(value) => {
                on(WholeFile::Sha256(value));
                return Ok(());
            }
            Heard::Failed(fault) => return Err(fault),
        }
    }
}

/// The address of the worker's script, as the server wrote it into the page.
fn find_script() -> Option<String> {
    let element = document()
        .query_selector("meta[name='checksum-worker']")
        .ok()??;
    element.get_attribute("content")
}

/// Workers of one kind, each with one job at a time.
struct Pool {
    script: Option<String>,
    limit: usize,
    /// Workers there are, at work or not.
    made: Cell<usize>,
    idle: RefCell<Vec<Rc<Helper>>>,
    queue: RefCell<VecDeque<oneshot::Sender<Slot>>>,
}

/// A worker that is somebody's until dropped.
struct Slot {
    pool: Rc<Pool>,
    helper: Rc<Helper>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.pool.take_back(Rc::clone(&self.helper));
    }
}

impl Pool {
    fn new(script: Option<String>, limit: usize) -> Rc<Self> {
        Rc::new(Self {
            script,
            limit,
            made: Cell::new(0),
            idle: RefCell::default(),
            queue: RefCell::default(),
        })
    }

    /// A worker, when one is free.
    async fn slot(self: &Rc<Self>) -> Result<Slot, Fault> {
        let idle = self.idle.borrow_mut().pop();
        let helper = match idle {
            Some(helper) => helper,
            None if self.made.get() < self.limit => self.make()?,
            None => {
                let (sender, receiver) = oneshot::channel();
                self.queue.borrow_mut().push_back(sender);
                return receiver.await.map_err(|_gone| Fault::Unavailable);
            }
        };
        Ok(self.slot_of(helper))
    }

    fn slot_of(self: &Rc<Self>, helper: Rc<Helper>) -> Slot {
        Slot {
            pool: Rc::clone(self),
            helper,
        }
    }

    fn make(&self) -> Result<Rc<Helper>, Fault> {
        let script = self.script.as_deref().ok_or(Fault::Unavailable)?;
        let helper = Helper::new(script).map_err(|_refused| Fault::Unavailable)?;
        self.made.set(self.made.get() + 1);
        Ok(Rc::new(helper))
    }

    /// Gives the worker to who waits longest; a broken one is replaced.
    fn take_back(self: &Rc<Self>, helper: Rc<Helper>) {
        let waits = self.next_in_queue();
        let helper = if helper.broken.get() {
            self.made.set(self.made.get() - 1);
            // Without anybody waiting the next job makes one; who waits hears of it when it cannot be.
            match waits.is_some().then(|| self.make()) {
                Some(Ok(helper)) => helper,
                _ => return,
            }
        } else {
            helper
        };
        match waits {
            // Refused when the other side has gone this moment; the slot then comes back here by itself.
            Some(waits) => drop(waits.send(self.slot_of(helper))),
            None => self.idle.borrow_mut().push(helper),
        }
    }

    fn next_in_queue(&self) -> Option<oneshot::Sender<Slot>> {
        let mut queue = self.queue.borrow_mut();
        std::iter::from_fn(|| queue.pop_front()).find(|sender| !sender.is_canceled())
    }

    fn rest(&self) {
        let idle = self.idle.take();
        self.made.set(self.made.get() - idle.len());
    }
}

/// What a worker says about a job.
enum Heard {
    Done(u64),
    Value(String),
    Failed(Fault),
}

type Waiting = Rc<RefCell<HashMap<u32, mpsc::UnboundedSender<Heard>>>>;

/// A worker, and who waits for it. Dropping it ends it.
struct Helper {
    worker: Worker,
    waiting: Waiting,
    broken: Rc<Cell<bool>>,
    last: Cell<u32>,
    /// Kept as long as the browser may call them.
    _hear: Closure<dyn FnMut(MessageEvent)>,
    _fail: Closure<dyn FnMut(Event)>,
}

impl Helper {
    fn new(script: &str) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(script, &options)?;
        let waiting = Waiting::default();
        let broken = Rc::new(Cell::new(false));
        let hear = {
            let (waiting, broken) = (Rc::clone(&waiting), Rc::clone(&broken));
            Closure::new(move |event: MessageEvent| hear(&event.data(), &waiting, &broken))
        };
        let fail = {
            let (waiting, broken) = (Rc::clone(&waiting), Rc::clone(&broken));
            Closure::new(move |event: Event| {
                // Told by what comes of the jobs.
                event.prevent_default();
                broken.set(true);
                for (_, sender) in waiting.take() {
                    let _ = sender.unbounded_send(Heard::Failed(Fault::Unavailable));
                }
            })
        };
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            waiting,
            broken,
            last: Cell::new(0),
            _hear: hear,
            _fail: fail,
        })
    }

    fn begin(
        self: &Rc<Self>,
        file: &File,
        range: &Range<u64>,
        algorithm: &str,
    ) -> Result<Job, Fault> {
        let id = self.last.get().wrapping_add(1);
        self.last.set(id);
        #[expect(
            clippy::cast_precision_loss,
            reason = "files are far smaller than 2^53 bytes"
        )]
        let (start, end) = (range.start as f64, range.end as f64);
        let sent = message(&[
            ("id", id.into()),
            ("file", file.into()),
            ("start", start.into()),
            ("end", end.into()),
            ("algorithm", algorithm.into()),
        ])
        .and_then(|message| self.worker.post_message(&message));
        if sent.is_err() {
            return Err(Fault::Unavailable);
        }
        let (sender, replies) = mpsc::unbounded();
        self.waiting.borrow_mut().insert(id, sender);
        Ok(Job {
            helper: Rc::clone(self),
            id,
            replies,
        })
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// A job that runs. Dropping it ends it.
struct Job {
    helper: Rc<Helper>,
    id: u32,
    replies: mpsc::UnboundedReceiver<Heard>,
}

impl Job {
    async fn next(&mut self) -> Heard {
        let heard = self.replies.next().await;
        heard.unwrap_or(Heard::Failed(Fault::Unavailable))
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let runs = self.helper.waiting.borrow_mut().remove(&self.id).is_some();
        if runs && let Ok(message) = message(&[("id", self.id.into()), ("cancel", true.into())]) {
            // Numbers and truths can always be copied.
            let _ = self.helper.worker.post_message(&message);
        }
    }
}

fn message(fields: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let message = Object::new();
    for (name, value) in fields {
        Reflect::set(&message, &(*name).into(), value)?;
    }
    Ok(message.into())
}

fn hear(data: &JsValue, waiting: &Waiting, broken: &Cell<bool>) {
    let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number that we gave, and a number of bytes"
    )]
    let (id, done) = (
        field("id").as_f64().map(|id| id as u32),
        field("done").as_f64().map(|done| done as u64),
    );
    let Some(id) = id else { return };
    let heard = if let Some(done) = done {
        Heard::Done(done)
    } else if let Some(value) = field("value").as_string() {
        Heard::Value(value)
    } else if field("error").as_string().as_deref() == Some("unreadable") {
        Heard::Failed(Fault::Unreadable)
    } else {
        broken.set(true);
        Heard::Failed(Fault::Unavailable)
    };
    let mut waiting = waiting.borrow_mut();
    let sender = match heard {
        Heard::Done(_) => waiting.get(&id).cloned(),
        Heard::Value(_) | Heard::Failed(_) => waiting.remove(&id),
    };
    drop(waiting);
    if let Some(sender) = sender {
        // Refused when nobody waits any more.
        let _ = sender.unbounded_send(heard);
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
