//! The worker's half of the protocol: takes jobs, reads their files, answers.

use std::{cell::RefCell, collections::HashSet};

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageChannel};

use crate::{digest::Digester, reading::Reading};

/// The page is told how far a job is after so many bytes.
const TELL_EVERY: f64 = 4_194_304.0;

thread_local! {
    /// The jobs that run. A number that is not here any more was cancelled.
    static RUNNING: RefCell<HashSet<u64>> = RefCell::default();
}

/// One job, as the page sent it.
struct Job {
    id: f64,
    file: Blob,
    start: f64,
    end: f64,
    digester: Digester,
}

enum Failure {
    Unreadable,
    Unknown,
    /// Nobody waits for the answer.
    Cancelled,
}

/// Takes a message of the page.
#[wasm_bindgen]
pub fn receive(message: JsValue) {
    let Some(id) = number(&message, "id") else {
        return; // Not one of ours, and without a number it cannot be answered.
    };
    if field(&message, "cancel").is_truthy() {
        RUNNING.with_borrow_mut(|running| running.remove(&id.to_bits()));
        return;
    }
    match Job::read(id, &message) {
        Ok(job) => {
            RUNNING.with_borrow_mut(|running| running.insert(id.to_bits()));
            spawn_local(run(job));
        }
        Err(failure) => answer(id, Err(failure)),
    }
}

async fn run(job: Job) {
    let id = job.id;
    let outcome = job.compute().await;
    RUNNING.with_borrow_mut(|running| running.remove(&id.to_bits()));
    answer(id, outcome);
}

fn answer(id: f64, outcome: Result<String, Failure>) {
    match outcome {
        Ok(value) => post(id, "value", &value.into()),
        Err(Failure::Unreadable) => post(id, "error", &"unreadable".into()),
        Err(Failure::Unknown) => post(id, "error", &"unknown".into()),
        Err(Failure::Cancelled) => {}
    }
}

impl Job {
    fn read(id: f64, message: &JsValue) -> Result<Self, Failure> {
        let algorithm = field(message, "algorithm").as_string();
        let digester = algorithm.and_then(|name| Digester::new(&name));
        let file = field(message, "file").dyn_into::<Blob>();
        let (start, end) = (number(message, "start"), number(message, "end"));
        let (Some(digester), Ok(file), Some(start), Some(end)) = (digester, file, start, end)
        else {
            return Err(Failure::Unknown);
        };
        Ok(Self {
            id,
            file,
            start,
            end,
            digester,
        })
    }

    /// Reads piece by piece.
    async fn compute(mut self) -> Result<String, Failure> {
        // A slice beyond the end is cut off without an error, and would be a checksum of less.
        if !(self.start >= 0.0 && self.start <= self.end && self.end <= self.file.size()) {
            return Err(Failure::Unreadable);
        }
        let part = self.file.slice_with_f64_and_f64(self.start, self.end);
        let mut reading = Reading::new(part.map_err(|_refused| Failure::Unreadable)?);
        let size = self.end - self.start;
        let turn = Turn::new();
        let (mut done, mut told) = (0.0, 0.0);
        let mut piece = Vec::new();
        while done < size {
            let read = reading.next(&mut piece).await;
            read.map_err(|_changed| Failure::Unreadable)?;
            if piece.is_empty() {
                return Err(Failure::Unreadable);
            }
            self.digester.update(&piece);
            #[expect(
                clippy::cast_precision_loss,
                reason = "a piece is far smaller than 2^53 bytes"
            )]
            let read = piece.len() as f64;
            done += read;
            if done < size && done - told >= TELL_EVERY {
                told = done;
                post(self.id, "done", &done.into());
                turn.take().await;
            }
            if !RUNNING.with_borrow(|running| running.contains(&self.id.to_bits())) {
                reading.stop();
                return Err(Failure::Cancelled);
            }
        }
        Ok(self.digester.finish())
    }
}

/// Lets the worker hear what was said to it: bytes that are there already come without that.
struct Turn(Option<MessageChannel>);

impl Turn {
    fn new() -> Self {
        Self(MessageChannel::new().ok())
    }

    async fn take(&self) {
        let Some(channel) = &self.0 else { return };
        let heard = Promise::new(&mut |done, _failed| {
            channel.port1().set_onmessage(Some(&done));
            // Refused only for values that cannot be copied.
            let _ = channel.port2().post_message(&JsValue::NULL);
        });
        // Never refused.
        let _ = JsFuture::from(heard).await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(channel) = &self.0 {
            channel.port1().close();
        }
    }
}

fn field(message: &JsValue, name: &str) -> JsValue {
    // Refused for what is not an object, which then has no such field.
    Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn number(message: &JsValue, name: &str) -> Option<f64> {
    field(message, name).as_f64()
}

fn post(id: f64, name: &str, value: &JsValue) {
    let message = Object::new();
    // Neither can be refused: the object is ours, and numbers and texts can be copied.
    let _ = Reflect::set(&message, &"id".into(), &id.into());
    let _ = Reflect::set(&message, &name.into(), value);
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let _ = scope.post_message(&message);
}
