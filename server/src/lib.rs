//! The server: REST API, console pages and sessions, around the clients of the store.

pub mod audit;
pub mod cache;
pub mod config;
pub mod db;
pub mod error;
#[cfg(feature = "embedded")]
pub mod journal;
#[cfg(feature = "embedded")]
pub mod local;
pub mod openapi;
pub mod pages;
pub mod program;
pub mod routes;
pub mod serve;
pub mod service;
pub mod session;
pub mod state;
pub mod tasks;
pub mod users;
pub mod web;

pub use error::Error;
