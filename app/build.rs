//! Turns the catalogue of texts, `i18n/{en,sv}/*.ftl`, into the module `words`.
//!
//! A file is a module, a message a function: `delete-objects = Delete { $count -> … }` in `i18n/en/files.ftl` is
//! called as `words::files::delete_objects(count)`. What values are, and what of Fluent is understood, stands in
//! the crate `catalogue`.

use std::path::Path;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells by it where to write"
)]
fn main() -> Result<(), String> {
    let target = std::env::var("OUT_DIR").map_err(|error| error.to_string())?;
    catalogue::generate::write(Path::new("i18n"), &Path::new(&target).join("words.rs"))
}
