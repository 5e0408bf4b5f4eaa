//! Sends bytes by `XMLHttpRequest`, because `fetch` does not tell how far it is.

use std::ops::Range;

use model::{
    Problem,
    upload::{Answer, Destination, Failure, Put, Reply},
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Blob, File, ProgressEvent, XmlHttpRequest};

/// A PUT that runs. Dropping it ends it; nobody is told.
pub(super) struct Sending {
    xhr: XmlHttpRequest,
    /// Kept as long as the browser may call them.
    _progress: Closure<dyn FnMut(ProgressEvent)>,
    _end: Closure<dyn FnMut()>,
}

impl Sending {
    /// Begins to send. `progress` is told the bytes so far; `end` is called once, unless dropped.
    pub(super) fn begin(
        file: &File,
        put: &Put,
        mut progress: impl FnMut(u64) + 'static,
        end: impl Fn(Answer) + 'static,
    ) -> Result<Self, JsValue> {
        let body = slice(file, &put.range)?;
        let xhr = XmlHttpRequest::new()?;
        let (url, through_hako) = match &put.to {
            Destination::Store(url) => (url, false),
            Destination::Hako(path) => (path, true),
        };
        xhr.open_with_async("PUT", &crate::browser::below(url), true)?;
        // Of the same origin the cookie goes along anyway; to the store none may.
        xhr.set_with_credentials(false);
        if let Some(content_type) = &put.content_type {
            xhr.set_request_header("Content-Type", content_type)?;
        }
        for (name, value) in &put.headers {
            xhr.set_request_header(name, value)?;
        }
        if through_hako {
            for (name, value) in crate::api::spoken_for() {
                xhr.set_request_header(name, &value)?;
            }
        }
        let on_progress = Closure::new(move |event: ProgressEvent| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number of bytes"
            )]
            progress(event.loaded() as u64);
        });
        let on_end = {
            let xhr = xhr.clone();
            Closure::new(move || end(answer(&xhr, through_hako)))
        };
        xhr.upload()?
            .set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        xhr.set_onloadend(Some(on_end.as_ref().unchecked_ref()));
        let sending = Self {
            xhr,
            _progress: on_progress,
            _end: on_end,
        };
        sending.xhr.send_with_opt_blob(Some(&body))?;
        Ok(sending)
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        // Ending it calls the handlers at once, and they are about to be gone.
        self.xhr.set_onloadend(None);
        if let Ok(upload) = self.xhr.upload() {
            upload.set_onprogress(None);
        }
        // Without effect on one that has ended.
        let _ = self.xhr.abort();
    }
}

/// Bytes of the file, without a type, so that the browser adds no `Content-Type` of its own.
pub(super) fn slice(file: &File, range: &Range<u64>) -> Result<Blob, JsValue> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "files are far smaller than 2^53 bytes"
    )]
    file.slice_with_f64_and_f64(range.start as f64, range.end as f64)
}

fn answer(xhr: &XmlHttpRequest, through_hako: bool) -> Answer {
    let status = xhr.status().unwrap_or(0);
    if (200..300).contains(&status) {
        return Ok(Reply::Stored);
    }
    if status == 0 {
        return Err(Failure::network());
    }
    let body = xhr.response_text().ok().flatten().unwrap_or_default();
    let problem = through_hako
        .then(|| serde_json::from_str::<Problem>(&body).ok())
        .flatten();
    let failure = match problem {
        Some(problem) => Failure::hako(&problem),
        None => Failure::store(status, &body),
    };
    Err(failure.after(retry_after(xhr)))
}

/// Reads `Retry-After` out of all headers: asking for one by name that the store does not expose is
/// an error in the browser's console.
fn retry_after(xhr: &XmlHttpRequest) -> Option<u64> {
    let headers = xhr.get_all_response_headers().ok()?;
    headers.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if !name.trim().eq_ignore_ascii_case("retry-after") {
            return None;
        }
        value.trim().parse::<u64>().ok()?.checked_mul(1_000)
    })
}
