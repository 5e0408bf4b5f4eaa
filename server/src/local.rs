//! The commands on the embedded store itself: `hako local check` and `hako local repair`.

use std::{fmt::Write as _, path::Path, process::ExitCode};

use clap::{Args, Subcommand};
use local_hcp::{
    Error,
    check::{Repair, Report, check, repair},
};
use time::OffsetDateTime;

/// Nothing is wrong.
const SOUND: u8 = 0;
/// Something is wrong.
const BROKEN: u8 = 1;
/// It could not be looked at.
const FAILED: u8 = 2;

/// What is done with the store.
#[derive(Subcommand)]
pub enum Local {
    /// Compare the store's metadata with its files; exit 0: sound, 1: problems, 2: could not check.
    Check(Options),
    /// Move what is broken aside (nothing is deleted); the store must not be running.
    Repair(Options),
}

/// How it is done.
#[derive(Args, Clone, Copy)]
pub struct Options {
    /// Also read all bytes and compare their checksums.
    #[arg(long)]
    deep: bool,
    /// Report as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs a command on the store in `folder`. Returns the report, and how the program ends.
pub fn run(
    command: &Local,
    folder: &Path,
    now: OffsetDateTime,
) -> (Result<String, Error>, ExitCode) {
    let done = match command {
        Local::Check(options) => check(folder, options.deep).map(|report| {
            let text = if options.json {
                json(&report)
            } else {
                words(&report)
            };
            (text, report.is_sound())
        }),
        Local::Repair(options) => repair(folder, options.deep, now).map(|done| {
            let text = if options.json {
                json(&done)
            } else {
                repaired(&done)
            };
            (text, done.left.is_sound())
        }),
    };
    match done {
        Ok((text, true)) => (Ok(text), ExitCode::from(SOUND)),
        Ok((text, false)) => (Ok(text), ExitCode::from(BROKEN)),
        Err(error) => (Err(error), ExitCode::from(FAILED)),
    }
}

fn json(report: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(report).unwrap_or_default()
}

fn words(report: &Report) -> String {
    let mut text = String::new();
    for problem in &report.problems {
        let file = problem.file.as_deref().unwrap_or_default();
        let colon = if file.is_empty() { "" } else { ": " };
        let _ = writeln!(text, "{file}{colon}{}", problem.what);
        for one in &problem.affects {
            let what = if one.is_upload { "upload" } else { "version" };
            let _ = writeln!(
                text,
                "    tenant {}, bucket {}, key {:?}, {what} {}",
                one.tenant, one.bucket, one.key, one.id
            );
        }
    }
    let how = if report.deep {
        "bytes compared with their checksums"
    } else {
        "sizes compared; --deep compares the bytes"
    };
    let online = if report.offline {
        ""
    } else {
        " The store is running: files that belong to nothing were not looked for."
    };
    let _ = write!(
        text,
        "{} versions, {} blobs, {} bytes ({how}): {}.{online}",
        report.versions,
        report.blobs,
        report.bytes,
        match report.problems.len() {
            0 => "sound".to_owned(),
            1 => "1 problem".to_owned(),
            many => format!("{many} problems"),
        }
    );
    text
}

fn repaired(done: &Repair) -> String {
    let mut text = words(&done.found);
    if let Some(aside) = &done.aside {
        let _ = write!(
            text,
            "\nMoved aside: {} files, and {} rows written down, in {}.\n{}",
            done.files,
            done.rows,
            aside.display(),
            words(&done.left)
        );
    }
    text
}
