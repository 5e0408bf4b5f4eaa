//! `hako user add|list|remove`.

use std::{
    io::{self, BufRead as _, IsTerminal as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use model::Username;
use secrecy::{ExposeSecret as _, SecretString};

use super::file;

/// What is done with the accounts of the users file.
#[derive(Args)]
pub struct User {
    /// The users file, in place of `HAKO_USERS_FILE`.
    #[arg(long, global = true)]
    file: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Add an account, or give it another password, which ends its sessions. The password is asked
    /// for, or is the first line of standard input.
    Add {
        /// The user name.
        name: String,
    },
    /// List the accounts.
    List,
    /// Remove an account; its sessions end.
    Remove {
        /// The user name.
        name: String,
    },
}

impl User {
    /// The file that was named on the command line.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }
}

/// Runs a command on the file. Returns what is to be said.
///
/// # Errors
/// In one sentence, for the person at the terminal.
pub fn run(user: &User, path: &Path) -> Result<String, String> {
    let said = |fault: file::FileFault| fault.to_string();
    match &user.command {
        Command::Add { name } => {
            let name = parse(name)?;
            let password = password(&name).map_err(|e| format!("no password was read: {e}"))?;
            let was_there = file::set(path, &name, password.expose_secret()).map_err(said)?;
            Ok(if was_there {
                format!("{name} has a new password; sessions with the old one have ended.")
            } else {
                format!("{name} may sign in.")
            })
        }
        Command::List => {
            let accounts = file::read(path).map_err(said)?;
            let names: Vec<_> = accounts.keys().map(Username::as_str).collect();
            Ok(names.join("\n"))
        }
        Command::Remove { name } => {
            let name = parse(name)?;
            if file::remove(path, &name).map_err(said)? {
                Ok(format!("{name} may no longer sign in."))
            } else {
                Err(format!("there is no account {name}"))
            }
        }
    }
}

fn parse(name: &str) -> Result<Username, String> {
    Username::parse(name).map_err(|invalid| invalid.to_string())
}

fn password(name: &Username) -> io::Result<SecretString> {
    let line = if io::stdin().is_terminal() {
        rpassword::prompt_password(format!("Password of {name}: "))?
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        line
    };
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}
