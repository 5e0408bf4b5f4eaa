//! Profiles: which Hako, and who one is there.

mod command;
mod file;

pub use command::ProfileCommand;
pub(crate) use command::run;
pub(crate) use file::{Account, Profile, Profiles, Secret};

use crate::Error;

/// The profile that commands work by.
pub(crate) const PROFILE: &str = "HAKO_PROFILE";
/// The secret of a profile that is added.
pub(crate) const SECRET: &str = "HAKO_SECRET";

/// Which profile a command works by.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Choice {
    /// The profile; the one in use when absent.
    #[arg(long, env = PROFILE, value_name = "NAME")]
    profile: Option<String>,
}

impl Choice {
    /// The profile.
    pub(crate) fn find(&self) -> Result<Profile, Error> {
        Profiles::load()?.find(self.profile.as_deref())
    }
}
