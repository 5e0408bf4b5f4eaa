//! One question to a person, from asking to the answer.

use std::sync::Arc;

use leptos::prelude::*;

use crate::ui::ModalHandle;

/// A dialog that asks about `Q` and is answered by an `A`, or closed without an answer.
pub(super) struct Question<Q: 'static, A: 'static> {
    /// Opens and closes the dialog.
    pub(super) handle: ModalHandle,
    about: RwSignal<Option<Arc<Q>>>,
    answer: StoredValue<Option<A>>,
    #[cfg(feature = "hydrate")]
    asker: StoredValue<Option<futures::channel::oneshot::Sender<Option<A>>>>,
}

impl<Q, A> Clone for Question<Q, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, A> Copy for Question<Q, A> {}

impl<Q: Send + Sync + 'static, A: Send + Sync + 'static> Question<Q, A> {
    pub(super) fn new() -> Self {
        let question = Self {
            handle: ModalHandle::new(false),
            about: RwSignal::new(None),
            answer: StoredValue::new(None),
            #[cfg(feature = "hydrate")]
            asker: StoredValue::new(None),
        };
        // Told when the dialog is gone, so that the next one finds its place free.
        Effect::new(move |_| {
            if !question.handle.is_open() {
                question.tell();
            }
        });
        question
    }

    /// What is asked about, while it is.
    pub(super) fn about(self) -> Option<Arc<Q>> {
        self.about.get()
    }

    /// Answers and closes the dialog.
    pub(super) fn answer(self, answer: A) {
        self.answer.set_value(Some(answer));
        self.handle.close();
    }

    #[cfg(feature = "hydrate")]
    fn tell(self) {
        let asker = self.asker.try_update_value(Option::take).flatten();
        if let Some(asker) = asker {
            let answer = self.answer.try_update_value(Option::take).flatten();
            self.about.set(None);
            // The engine waits as long as the page is there.
            let _ = asker.send(answer);
        }
    }

    #[cfg(not(feature = "hydrate"))]
    fn tell(self) {
        let _ = self.answer;
    }

    /// Asks, and waits for the answer. `None`: the person wants none of it.
    #[cfg(feature = "hydrate")]
    pub(super) async fn ask(self, about: Arc<Q>) -> Option<A> {
        let (asker, answer) = futures::channel::oneshot::channel();
        self.answer.set_value(None);
        self.asker.set_value(Some(asker));
        self.about.set(Some(about));
        self.handle.open();
        answer.await.ok().flatten()
    }
}
