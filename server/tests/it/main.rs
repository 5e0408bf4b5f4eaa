//! The whole product on free ports, driven from outside by HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod app;
mod auth;
mod binary;
mod buckets;
mod crash;
mod gate;
mod guard;
mod keys;
mod multipart;
mod objects;
mod pages;
mod redis;
mod settings;
mod tasks;
mod trouble;
mod walk;
mod zip;
