//! Checksums of files, computed in a worker of the browser while the page stays awake.
//!
//! The page talks to the worker by messages (see `worker.js` and the console's `upload::checksum`):
//!
//! | To the worker | |
//! |---|---|
//! | `{id, file, start, end, algorithm}` | computes a checksum of these bytes; `algorithm` is `CRC32C`, `MD5` or `SHA256` |
//! | `{id, cancel: true}` | ends that job; nothing more is said about it |
//!
//! | From the worker | |
//! |---|---|
//! | `{id, done}` | bytes so far, for jobs of more than 4 MiB |
//! | `{id, value}` | the checksum: base64 as S3's headers have it, and for `SHA256` lower-case hex as lists of checksums have it |
//! | `{id, error}` | `unreadable`: the file is not the one any more that was chosen; `unknown`: no such algorithm; `unavailable`: the worker's code could not be loaded |
//!
//! Any number of jobs may run at a time; each keeps a piece of its file in memory, whatever its size.

#[cfg(any(target_arch = "wasm32", test))]
mod digest;
#[cfg(target_arch = "wasm32")]
mod reading;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
pub use worker::receive;
