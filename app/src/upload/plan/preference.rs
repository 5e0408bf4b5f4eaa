//! What this browser remembers about plans. It says how somebody likes to be asked, and nothing about
//! anybody's files.

use leptos::prelude::window;
use model::upload::Policy;

const QUIET: &str = "hako.upload.quiet";
const POLICY: &str = "hako.upload.existing";

/// A browser may refuse its storage; then nothing is remembered.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

fn write(name: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or closed storage remembers nothing.
        let _ = storage.set_item(name, value);
    }
}

/// Whether large batches that ask nothing begin without being shown.
pub(super) fn is_quiet() -> bool {
    read(QUIET).as_deref() == Some("true")
}

/// Remembers that large batches that ask nothing begin without being shown.
pub(super) fn be_quiet() {
    write(QUIET, "true");
}

/// What is always to be done about objects that are in the way.
pub(super) fn policy() -> Option<Policy> {
    let word = read(POLICY)?;
    Policy::ALL
        .into_iter()
        .find(|policy| super::words::policy_id(*policy) == word)
}

/// Remembers what is always to be done about objects that are in the way.
pub(super) fn remember(policy: Policy) {
    write(POLICY, super::words::policy_id(policy));
}
