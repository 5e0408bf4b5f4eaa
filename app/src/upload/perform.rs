//! Carries out what the queue asks for, and brings back what came of it.

use std::{ops::Range, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use model::{
    ChecksumAlgorithm, Endpoint,
    upload::{Action, Answer, Effect, Event, Failure, Job, Put, Reply, Ticket, TransferId},
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, MessageChannel};

use super::{
    board::{Running, now},
    checksum::Fault,
    engine::Engine,
    send::{Sending, slice},
};
use crate::api;

impl Engine {
    pub(super) fn perform(&self, jobs: Vec<Job>) {
        for Job { id, effect } in jobs {
            let Effect { ticket, action } = effect;
            match action {
                Action::Begin(request) | Action::Sign(request) => {
                    self.call(id, ticket, request, Reply::Signed);
                }
                Action::Create(request) => self.call(id, ticket, request, Reply::Created),
                Action::SignWhole(request) => {
                    self.call(id, ticket, request, Reply::SignedWhole);
                }
                Action::ListParts(request) => self.call(id, ticket, request, Reply::Listed),
                Action::Complete(request) => self.call(id, ticket, request, Reply::Completed),
                Action::Confirm(request) | Action::Names(request) => {
                    self.call(id, ticket, request, Reply::Objects);
                }
                Action::Abort(request) => {
                    self.call(id, ticket, request, |_status| Reply::Aborted);
                }
                Action::Put(put) => self.put(id, ticket, put),
                Action::Copy(request) => self.call(id, ticket, request, |_copied| Reply::Moved),
                Action::Clear(request) => self.call(id, ticket, request, |_gone| Reply::Moved),
                Action::Checksum { range, algorithm } => {
                    self.checksum(id, ticket, range, algorithm);
                }
                Action::Probe => self.probe(id, ticket),
                Action::Wake { at } => self.wake(id, ticket, at),
                Action::Stop => self.stop(id, ticket),
                Action::Remember(record) => {
                    let source = self.with(|inner| inner.sources.get(&id).cloned());
                    self.keep.remember(*record, source.flatten());
                }
                Action::Forget(upload) => self.keep.forget(upload),
            }
        }
    }

    fn answer(&self, id: TransferId, ticket: Ticket, answer: Answer) {
        self.dispatch(id, Event::Answer { ticket, answer });
    }

    fn call<E>(
        &self,
        id: TransferId,
        ticket: Ticket,
        request: E,
        reply: impl FnOnce(E::Response) -> Reply + 'static,
    ) where
        E: Endpoint + Send + Sync + 'static,
    {
        let engine = self.clone();
        spawn_local(async move {
            let answer = match api::call(request).await {
                Ok(response) => Ok(reply(response)),
                Err(problem) => Err(Failure::hako(&problem)),
            };
            engine.answer(id, ticket, answer);
        });
    }

    fn put(&self, id: TransferId, ticket: Ticket, put: Put) {
        if let Some(file) = self.held_file(id) {
            return self.send(id, ticket, &file, &put);
        }
        let engine = self.clone();
        spawn_local(async move {
            match engine.file(id).await {
                Some(file) => engine.send(id, ticket, &file, &put),
                // As if the network had failed: the file is probed, and found to be gone.
                None => engine.answer(id, ticket, Err(Failure::network())),
            }
        });
    }

    fn send(&self, id: TransferId, ticket: Ticket, file: &File, put: &Put) {
        let begun = {
            let (progress, end) = (self.clone(), self.clone());
            Sending::begin(
                file,
                put,
                move |loaded| progress.progressed(id, ticket, loaded),
                move |answer| {
                    let engine = end.clone();
                    later(move || engine.ended(id, ticket, answer));
                },
            )
        };
        if let Ok(sending) = begun {
            let size = put.range.end - put.range.start;
            self.keep_running(id, ticket, Running::new(sending, size, now()));
        } else {
            // As if the network had failed: the file is probed and the part tried again.
            let engine = self.clone();
            spawn_local(async move { engine.answer(id, ticket, Err(Failure::network())) });
        }
    }

    /// A request has ended by itself.
    fn ended(&self, id: TransferId, ticket: Ticket, answer: Answer) {
        if self.take_running(id, ticket).is_some() {
            self.answer(id, ticket, answer);
        }
    }

    /// Ends a request that stands still.
    pub(super) fn silence(&self, id: TransferId, ticket: Ticket) {
        if self.take_running(id, ticket).is_some() {
            self.answer(id, ticket, Err(Failure::silence()));
        }
    }

    fn stop(&self, id: TransferId, ticket: Ticket) {
        drop(self.take_running(id, ticket));
    }

    fn probe(&self, id: TransferId, ticket: Ticket) {
        let engine = self.clone();
        spawn_local(async move {
            let readable = match engine.file(id).await {
                Some(file) => is_readable(&file).await,
                None => false,
            };
            engine.answer(id, ticket, Ok(Reply::Readable(readable)));
        });
    }

    fn checksum(
        &self,
        id: TransferId,
        ticket: Ticket,
        range: Range<u64>,
        algorithm: ChecksumAlgorithm,
    ) {
        let engine = self.clone();
        spawn_local(async move {
            let sum = match engine.file(id).await {
                Some(file) => engine.checksums.part(&file, range, algorithm).await,
                None => Err(Fault::Unreadable),
            };
            let answer = match sum {
                Ok(sum) => Ok(Reply::Checksum(sum)),
                Err(Fault::Unreadable) => Ok(Reply::Readable(false)),
                Err(Fault::Unavailable) => Err(Failure::nonsense("no worker for checksums")),
            };
            engine.answer(id, ticket, answer);
        });
    }

    fn wake(&self, id: TransferId, ticket: Ticket, at: u64) {
        let engine = self.clone();
        let delay = Duration::from_millis(at.saturating_sub(now()));
        set_timeout(move || engine.answer(id, ticket, Ok(Reply::Woke)), delay);
    }
}

/// Does something when the browser is done with the present event. A request counts as running until
/// its last handler has returned, so the next one must not begin before; and a timer would not do,
/// because timers nearly stand still in a tab that is not seen.
fn later(act: impl FnOnce() + 'static) {
    let Ok(channel) = MessageChannel::new() else {
        return spawn_local(async move { act() });
    };
    let sender = channel.port1();
    let receiver = channel.port2();
    let port = receiver.clone();
    let run = Closure::once_into_js(move || {
        port.close();
        act();
    });
    receiver.set_onmessage(Some(run.unchecked_ref()));
    // Refused only for values that cannot be copied.
    let _ = sender.post_message(&JsValue::NULL);
}

/// Reads the last byte of the file: a browser refuses when the file on disk is not the one that was
/// chosen any more, and the last byte also tells when it became shorter.
async fn is_readable(file: &File) -> bool {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number of bytes"
    )]
    let size = file.size() as u64;
    let Ok(byte) = slice(file, &(size.saturating_sub(1)..size)) else {
        return false;
    };
    let Ok(buffer) = JsFuture::from(byte.array_buffer()).await else {
        return false;
    };
    js_sys::ArrayBuffer::from(buffer).byte_length() == u32::from(size > 0)
}
