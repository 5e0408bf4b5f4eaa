//! The end of the object that is looked at: when it has come, the drawer says so.

use leptos::{prelude::*, task::spawn_local};
use model::{ErrorCode, ObjectKey, Timestamp, expiry::GetExpiry};

use super::{
    live::Desk,
    seen::{Seen, What},
};
use crate::{api, browser, pages::files::ends::pause, text::visible_name, words::kept};

/// Asks for the object when its end has come, until it is gone. Called once.
pub(super) fn watch(desk: Desk) {
    let run = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (end, key) = (desk.ends.get(), desk.open.with(|open| open.key.clone()));
        run.update_value(|run| *run += 1);
        if let Some(end) = end {
            wait(desk, (run, run.get_value()), key, end, 0);
        }
    });
}

fn wait(desk: Desk, run: (StoredValue<u32>, u32), key: String, end: Timestamp, looks: usize) {
    let Some((now, _)) = browser::clock() else {
        return;
    };
    let Some(pause) = pause(end, now, looks) else {
        return;
    };
    let is_current = move || run.0.try_get_value() == Some(run.1);
    let look = move || {
        if !is_current() {
            return;
        }
        if browser::clock().is_none_or(|(now, _)| now < end) {
            return wait(desk, run, key, end, looks);
        }
        let Ok(parsed) = ObjectKey::parse(key.as_str()) else {
            return;
        };
        let asked = GetExpiry {
            bucket: desk.state().bucket.get_value(),
            key: parsed,
        };
        spawn_local(async move {
            let answer = api::call(asked).await;
            if !is_current() {
                return;
            }
            match answer {
                Err(problem) if problem.code == ErrorCode::ObjectNotFound => {
                    gone(desk, &key, problem);
                }
                // Somebody else has set another end, or written it anew.
                Ok(expiry) if expiry.expires_at != Some(end) => desk.refresh(),
                _ => wait(desk, run, key, end, looks + 1),
            }
        });
    };
    set_timeout(look, pause);
}

fn gone(desk: Desk, key: &str, problem: model::Problem) {
    let open = desk.open.get_untracked();
    desk.seen.set(Some(Seen {
        key: open.key.clone(),
        version: open.version.clone(),
        what: What::Failed(open.part(), problem),
    }));
    let state = desk.state();
    state.messages.announce(kept::ends_gone(&visible_name(key)));
    state.refresh_when_idle();
}
