//! The whole product on free ports, driven from outside by HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod annotations;
mod app;
mod audit;
mod auth;
mod binary;
mod buckets;
mod cache;
mod command_line;
mod contract;
mod cors;
mod crash;
mod credentials;
mod described;
mod ending;
mod expiry;
mod fake_hcp;
mod faults;
mod files;
mod gate;
mod grants;
mod guard;
mod jobs;
mod keeping_hcp;
mod kept;
mod keys;
mod links;
mod locking;
mod log;
mod management;
mod moto;
mod multipart;
mod objects;
mod openapi;
mod options;
mod pages;
mod passing;
mod permissions;
mod preview;
mod properties;
mod public;
mod query;
mod querying;
mod redis;
mod searching;
mod sessions;
mod settings;
mod shared_folders;
mod streaming;
mod system;
mod system_pages;
mod tasks;
mod templates;
mod temporary;
mod trouble;
mod unfinished;
mod uploading;
mod usage;
mod users;
mod versions;
mod walk;
mod workspace;
mod zip;
