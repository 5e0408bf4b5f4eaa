//! The local HCP over real sockets: the AWS SDK as an independent client, reqwest where the bytes
//! on the wire matter.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests are not tests to clippy"
)]

mod access;
mod annotations;
mod buckets;
mod changes;
mod check;
mod checksums;
mod connector;
mod cors;
mod durability;
mod fixture;
mod forms;
mod listing;
mod logs;
mod management;
mod mapi;
mod multipart;
mod namespaces;
mod objects;
mod part_copy;
mod plain;
mod presigned;
mod profile;
mod retention;
mod search;
mod signatures;
mod tags;
mod tenants;
mod usage;
mod versions;
mod wire;
