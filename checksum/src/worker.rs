//! The worker's half of the protocol: takes jobs, reads their files, answers.

use std::{cell::RefCell, collections::HashSet};

use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope};

use crate::digest::Digester;

/// Bytes that are read at a time. Larger ones are not faster, and each job holds two.
const PIECE: f64 = 4_194_304.0;

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

    /// Reads piece by piece; the next one is on its way while one is reckoned with.
    async fn compute(mut self) -> Result<String, Failure> {
        // A slice beyond the end is cut off without an error, and would be a checksum of less.
        if !(self.start >= 0.0 && self.start <= self.end && self.end <= self.file.size()) {
            return Err(Failure::Unreadable);
        }
        let mut buffer = Vec::new();
        let mut at = self.start;
        let mut coming = self.piece(at)?;
        while at < self.end {
            let bytes = coming.await.map_err(|_changed| Failure::Unreadable)?;
            let read = ArrayBuffer::from(bytes);
            let bytes = Uint8Array::new(&read);
            let expected = self.end.min(at + PIECE) - at;
            at += expected;
            coming = self.piece(at)?;
            if f64::from(bytes.length()) < expected {
                return Err(Failure::Unreadable);
            }
            buffer.resize(bytes.length() as usize, 0);
            bytes.copy_to(&mut buffer);
            // Gives the memory back at once: by the time the browser clears it away by itself, a hundred
            // megabytes can have come together. Where it cannot be, that is only slower.
            let _ = read.transfer_with_length(0);
            self.digester.update(&buffer);
            if !RUNNING.with_borrow(|running| running.contains(&self.id.to_bits())) {
                return Err(Failure::Cancelled);
            }
            if at < self.end {
                post(self.id, "done", &(at - self.start).into());
            }
        }
        Ok(self.digester.finish())
    }

    /// Begins to read what comes after `at`; nothing at the end.
    fn piece(&self, at: f64) -> Result<JsFuture, Failure> {
        let piece = self
            .file
            .slice_with_f64_and_f64(at, self.end.min(at + PIECE))
            .map_err(|_refused| Failure::Unreadable)?;
        Ok(JsFuture::from(piece.array_buffer()))
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
