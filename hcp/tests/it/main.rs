//! The client against a scripted server, for what goes wrong, and against the local HCP.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail where they stand, like the tests"
)]

mod copying;
mod failures;
mod local;
mod management;
mod query;
mod removal;
mod script;
mod sign_in;
mod tls;
mod transfers;
mod wire;
