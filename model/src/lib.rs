//! The contract in types: names, requests, responses, the error body and the upload plan.
//!
//! Server, browser, store client and local HCP share these definitions and the validation that goes
//! with them. The crate builds for WASM and does no I/O; the current time is always a parameter.

pub mod acl;
pub mod annotation;
pub mod attributes;
pub mod audit;
pub mod auth;
pub mod bucket;
pub mod checksum;
pub mod commands;
pub mod cors;
pub mod credentials;
pub mod effective;
pub mod endpoint;
pub mod expiry;
pub mod filter;
pub mod fingerprint;
pub mod fit;
pub mod form;
pub mod id;
pub mod job;
pub mod link;
pub mod lock;
pub mod log;
pub mod mapi;
pub mod multipart;
pub mod object;
pub mod preferences;
pub mod presign;
pub mod preview;
pub mod problem;
pub mod properties;
pub mod protection;
pub mod query;
pub mod reachable;
pub mod retention;
pub mod root;
pub mod route;
pub mod session;
pub mod spelling;
pub mod tags;
pub mod task;
pub mod time;
pub mod unit;
pub mod upload;
pub mod upload_target;
pub mod version;
pub mod workspace;
#[cfg(feature = "xml")]
pub mod xml;

pub use checksum::{ChecksumAlgorithm, InvalidChecksum, PartChecksum};
pub use endpoint::Endpoint;
pub use id::{AnnotationName, BucketName, ObjectKey, PartNumber, TenantName, UploadId, Username};
pub use problem::{ErrorCode, Problem};
pub use time::Timestamp;
