//! Clients of a real HCP, of the local HCP and of any S3 store, always over HTTP.
//!
//! A [`Store`] is one store and its one pool of connections. It checks a sign-in ([`Store::verify`])
//! and hands out an [`S3`] client for one person's [`Credentials`], whose methods speak in terms of
//! [`model`]. Presigned URLs come from a [`Presigner`] and cost no call. Every failure is an [`Error`]
//! with a [`kind`](Error::kind); what HCP's statuses and codes mean is decided here and nowhere else.

mod annotations;
mod attempt;
mod config;
mod credentials;
mod error;
mod mapi;
mod passing;
mod pool;
mod preflight;
mod protection;
mod removal;
pub mod s3;
mod store;
mod transport;

pub use annotations::{Annotation, AnnotationsOf, Expected, ListedAnnotation};
pub use config::{AuthType, ManagementEndpoint, QueryLanguage, Roots, S3Endpoint, StoreConfig};
pub use credentials::{Credentials, hex};
pub use error::{Error, ErrorKind, Missing, Resource};
pub use mapi::{Call, Fetched, Reply, cors_rules, read_cors};
pub use passing::{PassedOn, Passing, TENANT};
pub use preflight::{Allowed, Preflight};
pub use protection::Protection;
pub use s3::{
    AssumedKeys, Body, CompleteOptions, Conditions, Deleted, Demands, Description, GetOptions,
    Keys, ObjectBody, ObjectCopy, ObjectHead, ObjectStream, Presigner, PutOptions, S3, Stored,
};
pub use store::Store;
pub use transport::{PipeListener, Pipes};
