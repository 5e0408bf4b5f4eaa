//! Fetching one object straight from the store.

use leptos::task::spawn_local;
use model::presign::{Presign, PresignRequest};

use super::super::state::FilesState;
use crate::{api, browser};

pub(super) fn fetch(state: FilesState, request: PresignRequest) {
    spawn_local(async move {
        let answer = api::call(Presign(request)).await;
        if state.is_gone() {
            return;
        }
        match answer {
            Ok(signed) => browser::go(&signed.url),
            Err(problem) => state.failed(&problem),
        }
    });
}
