//! Finds out who can be reached, when the queue asks.

use std::time::Duration;

use futures::future::{Either, select};
use gloo_net::http::Request;
use leptos::{prelude::*, task::spawn_local};
use model::{
    BucketName,
    cors::AddCorsRule,
    session::UploadRoute,
    upload::{Question, Verdict},
    upload_target::{Diagnose, DiagnoseUpload, UploadDiagnosis, Verdict as Found},
};
use web_sys::{RequestCache, RequestMode};

use super::{
    engine::{Engine, moment, wait},
    keep::origin,
    view::Card,
};
use crate::{api, browser, words::uploads};

/// Who does not answer in this time is not there.
const PATIENCE: Duration = Duration::from_secs(8);

impl Engine {
    /// Asks what the queue wants to know.
    pub(super) fn ask(&self) {
        while let Some(question) = self.with(|inner| inner.queue.question(moment())).flatten() {
            let engine = self.clone();
            match question {
                Question::Hako => spawn_local(async move {
                    let answers = answers("/liveness", None).await;
                    engine.then(|inner| inner.queue.hako_answers(answers, moment()));
                }),
                Question::Bucket(bucket) => spawn_local(engine.diagnose(bucket)),
            }
        }
    }

    async fn diagnose(self, bucket: BucketName) {
        let sends = self.with(|inner| inner.queue.sent_headers(&bucket).into_iter().collect());
        let request = DiagnoseUpload {
            bucket: bucket.clone(),
            body: Diagnose {
                origin: origin(),
                headers: sends.unwrap_or_default(),
            },
        };
        let verdict = match api::call(request).await {
            Ok(diagnosis) => self.judge(&bucket, diagnosis).await,
            // Hako does not know either: it is tried again.
            Err(_problem) => Verdict::TryAgain,
        };
        self.then(|inner| inner.queue.diagnosed(&bucket, verdict, moment()));
    }

    async fn judge(&self, bucket: &BucketName, diagnosis: UploadDiagnosis) -> Verdict {
        let why = match diagnosis.verdict {
            Found::NoRule => uploads::no_cors_rule(),
            Found::Origin => uploads::no_rule_for_origin(),
            Found::Method => uploads::rules_without_put(),
            Found::Header => uploads::rules_without_headers(),
            // The server reaches it no better: it may be starting again.
            Found::StoreUnreachable => return Verdict::TryAgain,
            Found::Unknown if diagnosis.rule.is_some() => uploads::store_does_not_say_why(),
            Found::Ok | Found::Expose | Found::Unknown => {
                let Some(store) = diagnosis.store_origin else {
                    return Verdict::TryAgain;
                };
                let reached = answers(&store, Some(RequestMode::NoCors)).await;
                return if reached {
                    Verdict::TryAgain
                } else {
                    Verdict::Unreachable
                };
            }
        };
        let card = Card {
            bucket: bucket.clone(),
            why,
            rule: diagnosis.rule,
            existing: diagnosis.existing,
            can_configure: diagnosis.can_configure,
            origin: origin(),
        };
        self.state.cards.try_update(|cards| {
            cards.retain(|card| card.bucket != *bucket);
            cards.push(card);
        });
        Verdict::NotLetIn
    }

    /// Adds the rule that lets this page in, and goes on.
    pub(super) fn configure_cors(&self, card: Card) {
        let Some(rule) = card.rule else { return };
        let engine = self.clone();
        spawn_local(async move {
            let bucket = card.bucket;
            let request = AddCorsRule {
                bucket: bucket.clone(),
                rule,
            };
            match api::call(request).await {
                Ok(_addition) => {
                    engine.close_card(&bucket);
                    engine.then(|inner| inner.queue.let_in(&bucket, moment()));
                    engine
                        .state
                        .messages
                        .success(uploads::lets_upload_now(bucket.as_ref()));
                }
                Err(problem) => engine
                    .state
                    .messages
                    .error(uploads::rule_not_added(&problem.sentence())),
            }
        });
    }

    /// Sends what goes to a bucket through Hako.
    pub(super) fn send_through(&self, bucket: &BucketName) {
        self.close_card(bucket);
        self.then(|inner| inner.queue.send_by(bucket, UploadRoute::Hako, moment()));
    }

    fn close_card(&self, bucket: &BucketName) {
        self.state
            .cards
            .try_update(|cards| cards.retain(|card| card.bucket != *bucket));
    }
}

/// Whether somebody answers at an address, whatever it is that they say.
async fn answers(address: &str, mode: Option<RequestMode>) -> bool {
    let mut request = Request::get(&browser::below(address)).cache(RequestCache::NoStore);
    if let Some(mode) = mode {
        request = request
            .mode(mode)
            .credentials(web_sys::RequestCredentials::Omit);
    }
    let asked = std::pin::pin!(request.send());
    let too_late = std::pin::pin!(wait(PATIENCE));
    match select(asked, too_late).await {
        // Of another origin nothing is told, not even the status.
        Either::Left((Ok(answer), _)) => mode.is_some() || answer.ok(),
        Either::Left((Err(_), _)) | Either::Right(_) => false,
    }
}
