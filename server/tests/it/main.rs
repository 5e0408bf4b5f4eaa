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
mod contract;
mod crash;
mod described;
mod fake_hcp;
mod faults;
mod gate;
mod guard;
mod keys;
mod management;
mod moto;
mod multipart;
mod objects;
mod openapi;
mod pages;
mod redis;
mod settings;
mod tasks;
mod trouble;
mod users;
mod walk;
mod zip;
