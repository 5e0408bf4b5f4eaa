//! `hako profile`.

use std::{
    env,
    io::{self, BufRead as _, IsTerminal as _},
    path::PathBuf,
};

use clap::{Args, Subcommand};
use model::credentials::{GetConnection, RevealSecret};
use serde::Serialize;
use url::{Host, Url};

use super::{
    SECRET,
    file::{Account, Profile, Profiles, Secret},
};
use crate::{
    Error,
    api::Api,
    http::Http,
    report::{Output, Telling},
};

/// What is done with profiles.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Keep a profile, once Hako has taken its keys; the first one is in use from then on.
    ///
    /// The secret key, password or token is read from `HAKO_SECRET`, else from standard input, and is asked for at a
    /// terminal: as an argument, everybody on the machine could see it.
    Add(Add),
    /// List the profiles, without their secrets.
    List {
        /// How they are told.
        #[command(flatten)]
        telling: Telling,
    },
    /// Forget a profile.
    Remove {
        /// Its name.
        name: String,
    },
    /// Work by a profile where a command names none.
    Use {
        /// Its name.
        name: String,
    },
}

/// A new profile.
#[derive(Args, Debug)]
pub struct Add {
    /// What it is called; one of that name is replaced.
    name: String,
    /// The console's address, such as `https://hako.example.com`.
    #[arg(long, value_name = "ADDRESS")]
    server: String,
    /// The tenant, where there are tenants.
    #[arg(long)]
    tenant: Option<String>,
    #[command(flatten)]
    by: By,
    /// A file in PEM form with the authority of one's own that vouches for the certificates.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

/// By what one signs in.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct By {
    /// By S3 keys: the access key. The secret key is read.
    #[arg(long, value_name = "KEY")]
    access_key: Option<String>,
    /// By name and password. The password is read, and exchanged for the account's keys: it is not kept.
    #[arg(long)]
    user: Option<String>,
    /// By a token, until it ends. The token is read.
    #[arg(long)]
    token: bool,
}

/// A profile, as `--json` tells it.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    server: &'a str,
    tenant: Option<&'a str>,
    access_key: Option<&'a str>,
    current: bool,
}

/// Does it.
pub(crate) async fn run(command: ProfileCommand, output: &Output) -> Result<(), Error> {
    match command {
        ProfileCommand::Add(add) => self::add(add, output).await,
        ProfileCommand::List { .. } => {
            list(&Profiles::load()?, output);
            Ok(())
        }
        ProfileCommand::Remove { name } => {
            let mut known = Profiles::load()?;
            if known.profiles.remove(&name).is_none() {
                return Err(Error::Usage(format!("there is no profile {name}")));
            }
            known.current = known.current.filter(|current| *current != name);
            known.save()
        }
        ProfileCommand::Use { name } => {
            let mut known = Profiles::load()?;
            if !known.profiles.contains_key(&name) {
                return Err(Error::Usage(format!("there is no profile {name}")));
            }
            known.current = Some(name);
            known.save()
        }
    }
}

fn list(known: &Profiles, output: &Output) {
    for (name, profile) in &known.profiles {
        let current = known.current.as_ref() == Some(name);
        let mark = if current { '*' } else { ' ' };
        let who = match (&profile.tenant, &profile.access_key) {
            (Some(tenant), _) => tenant.as_str(),
            (None, Some(key)) => key.as_str(),
            (None, None) => "",
        };
        let listed = Listed {
            name,
            server: &profile.server,
            tenant: profile.tenant.as_deref(),
            access_key: profile.access_key.as_deref(),
            current,
        };
        output.line(
            &format!("{mark} {name}  {}  {who}", profile.server),
            &listed,
        );
    }
}

async fn add(add: Add, output: &Output) -> Result<(), Error> {
    // Before anything is asked: what is there must not be lost because it cannot be read.
    let mut known = Profiles::load()?;
    let server = server(&add.server)?;
    let ca_file = add
        .ca_file
        .map(|file| std::fs::canonicalize(&file).map_err(|error| Error::local(&file, &error)));
    let ca_file = ca_file.transpose()?;
    let mut profile = Profile {
        server: server.clone(),
        tenant: add.tenant.filter(|tenant| !tenant.trim().is_empty()),
        access_key: None,
        secret_key: None,
        token: None,
        ca_file,
    };
    if is_open(&server) {
        output.note(&format!(
            "{server} is not encrypted: others may read what is sent there"
        ));
    }
    let http = Http::new(profile.ca_file.as_deref())?;
    let account = match add.by {
        By {
            access_key: Some(access_key),
            ..
        } => {
            profile.access_key = Some(access_key);
            profile.secret_key = Some(secret("Secret key")?);
            profile.account()?
        }
        By {
            user: Some(user), ..
        } => Account::Password {
            tenant: profile.tenant.clone(),
            user,
            password: secret("Password")?,
        },
        _ => {
            profile.token = Some(secret("Token")?);
            profile.account()?
        }
    };
    let is_password = matches!(account, Account::Password { .. });
    let api = Api::new(http, &server, account);
    let session = api.call(&model::session::GetSession).await?;
    if is_password {
        let keys = api.call(&GetConnection).await?;
        profile.access_key = Some(keys.access_key_id);
        profile.secret_key = Some(Secret::new(
            api.call(&RevealSecret).await?.secret_access_key,
        ));
    }
    known.current.get_or_insert_with(|| add.name.clone());
    output.note(&format!("{}: signed in as {}", add.name, session.username));
    known.profiles.insert(add.name, profile);
    known.save()
}

/// The address of a Hako, without a slash at its end.
fn server(text: &str) -> Result<String, Error> {
    let wrong =
        |why: &str| Error::Usage(format!("--server {why}, such as https://hako.example.com"));
    let url = Url::parse(text).map_err(|_no_url| wrong("is an address"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong("begins with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("has no name and no password in it"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("ends with its path"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether what is sent to an address can be read on its way.
fn is_open(server: &str) -> bool {
    let Ok(url) = Url::parse(server) else {
        return false;
    };
    let is_here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    url.scheme() == "http" && !is_here
}

/// Reads a secret, from where nobody else sees it.
#[expect(
    clippy::disallowed_methods,
    reason = "it is no configuration, and no argument that clap could read"
)]
fn secret(what: &str) -> Result<Secret, Error> {
    let text = match env::var(SECRET) {
        Ok(text) => text,
        Err(_absent) => {
            let read = if io::stdin().is_terminal() {
                rpassword::prompt_password(format!("{what}: "))
            } else {
                let mut line = String::new();
                io::stdin().lock().read_line(&mut line).map(|_length| line)
            };
            read.map_err(|error| Error::Local(format!("{what}: {error}")))?
        }
    };
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(Error::Usage(format!(
            "{what}: there is none in {SECRET}, nor in standard input"
        )));
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_open_unless_it_is_encrypted_or_of_this_machine() {
        assert!(is_open("http://hako.example.com") && is_open("http://10.0.0.1:8000"));
        for closed in [
            "https://hako.example.com",
            "http://localhost:8000",
            "http://127.0.0.1:8000",
            "http://[::1]:8000",
        ] {
            assert!(!is_open(closed), "{closed}");
        }
    }

    #[test]
    fn an_address_holds_no_secret_and_ends_without_a_slash() {
        assert_eq!(server("http://h:8000/").unwrap(), "http://h:8000");
        assert_eq!(server("https://h/hako/").unwrap(), "https://h/hako");
        for wrong in ["h:8000", "ftp://h", "https://u:p@h", "https://h/?x=1", ""] {
            assert!(server(wrong).is_err(), "{wrong}");
        }
    }
}
