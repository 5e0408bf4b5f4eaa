//! The command line: files to and from a store, by Hako's REST API and presigned addresses.
//!
//! Hako is asked where bytes go, and what is there; the bytes go straight to the store. What is kept between two runs
//! is kept by the store alone, so what was interrupted goes on from any machine.

mod api;
mod client;
mod digest;
mod error;
mod fetch;
mod folder;
mod http;
mod list;
mod place;
mod profile;
mod remove;
mod report;
mod send;
mod share;

use clap::Subcommand;

pub use error::Error;
pub use profile::ProfileCommand;
use report::{Output, Telling};

/// The variables of the environment that the commands read: to a server they say nothing.
pub const VARIABLES: [&str; 2] = [profile::PROFILE, profile::SECRET];

/// What is done with the files of a store.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Keep the addresses and keys of Hakos, for the commands below.
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// List buckets, or the files and folders at a place.
    Ls(list::Ls),
    /// Fetch a file, everything in a folder, or what a presigned address opens.
    Get(fetch::Get),
    /// Store a file.
    Put(send::PutFile),
    /// Store all files of a folder; what is stored already, byte for byte, is not sent again.
    UploadAll(folder::UploadAll),
    /// Store what differs, by size, time and entity tag.
    Sync(folder::Sync),
    /// Delete files.
    Rm(remove::Rm),
    /// Make an address by which anybody can fetch a file for a while.
    Share(share::Share),
}

/// Does it.
///
/// # Errors
/// With the sentence for standard error, and the exit status.
pub async fn run(command: ClientCommand) -> Result<(), Error> {
    match command {
        ClientCommand::Profile(command) => {
            let telling = match &command {
                ProfileCommand::List { telling } => *telling,
                _ => Telling::default(),
            };
            profile::run(command, &Output::new(telling)).await
        }
        ClientCommand::Ls(ls) => list::run(ls).await,
        ClientCommand::Get(get) => fetch::run(get).await,
        ClientCommand::Put(put) => send::run(put).await,
        ClientCommand::UploadAll(upload) => folder::upload_all(upload).await,
        ClientCommand::Sync(sync) => folder::sync(sync).await,
        ClientCommand::Rm(rm) => remove::run(rm).await,
        ClientCommand::Share(share) => share::run(share).await,
    }
}
