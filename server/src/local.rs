//! The commands on the embedded store itself: `hako local check`, `hako local repair`, `hako local audit`.

use std::{fmt::Write as _, path::Path, process::ExitCode};

use clap::{Args, Subcommand};
use local_hcp::{
    Error,
    audit::{Record, audit},
    check::{Repair, Report, check, repair},
};
use model::Timestamp;
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

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
    /// List who changed what: changes by management, privileged deletes, accounts locked out; exit 2: could
    /// not look.
    Audit(Which),
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

/// Which records are listed, and how.
#[derive(Args, Clone)]
pub struct Which {
    /// Those of one tenant; else of all, and of the system.
    #[arg(long)]
    tenant: Option<String>,
    /// Those from then on: a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.
    #[arg(long, value_parser = since)]
    since: Option<Timestamp>,
    /// List as JSON.
    #[arg(long)]
    json: bool,
}

/// A day, which begins at midnight UTC, or a time.
fn since(text: &str) -> Result<Timestamp, &'static str> {
    let day = || Date::parse(text, &Iso8601::DATE).ok();
    Timestamp::parse(text)
        .or_else(|| Some(Timestamp::new(day()?.midnight().assume_utc())))
        .ok_or("it is neither a day such as 2026-01-31 nor a time such as 2026-01-31T12:00:00Z")
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
        Local::Audit(which) => audit(folder, which.tenant.as_deref(), which.since).map(|found| {
            let text = if which.json {
                json(&found)
            } else {
                listed(&found)
            };
            (text, true)
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

/// A line for each: when, who, what. What came in requests is written so that it cannot pass for more lines.
fn listed(records: &[Record]) -> String {
    let lines: Vec<_> = records.iter().map(line).collect();
    lines.join("\n")
}

fn line(record: &Record) -> String {
    let level = match (&record.tenant, record.of_system) {
        (Some(tenant), false) => format!("{tenant}/"),
        _ => String::new(),
    };
    let user = match record.user.as_str() {
        "" => "nobody",
        user => user,
    };
    let mut text = format!("{} {level}{user} {}", record.time, record.action.as_str());
    if let Some(path) = &record.path {
        let _ = write!(text, " {path}");
    }
    if let (Some(namespace), Some(key)) = (&record.namespace, &record.key) {
        let _ = write!(text, " {namespace} {key:?}");
    }
    if let Some(version) = record.version {
        let _ = write!(text, " version {version}");
    }
    if !record.fields.is_empty() {
        let _ = write!(text, " ({})", record.fields.join(", "));
    }
    if let Some(reason) = &record.reason {
        let _ = write!(text, " because {reason:?}");
    }
    text
}

#[cfg(test)]
mod tests {
    use local_hcp::audit::Action;

    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_it_tells() {
        let record = Record {
            time: Timestamp::new(OffsetDateTime::UNIX_EPOCH),
            tenant: Some("acme".to_owned()),
            user: "ops1".to_owned(),
            of_system: false,
            action: Action::PrivilegedDelete,
            path: None,
            namespace: Some("archive".to_owned()),
            key: Some("a\n2026-01-01T00:00:00Z root".to_owned()),
            version: Some(7),
            reason: Some("because \u{1b}[2J".to_owned()),
            fields: Vec::new(),
        };
        let expected = "1970-01-01T00:00:00Z acme/ops1 privileged-delete archive \
            \"a\\n2026-01-01T00:00:00Z root\" version 7 because \"because \\u{1b}[2J\"";
        assert_eq!(line(&record), expected);
        let by_nobody = Record {
            user: String::new(),
            of_system: true,
            action: Action::Modify,
            path: Some("/tenants/acme".to_owned()),
            namespace: None,
            version: None,
            reason: None,
            fields: vec!["a".to_owned(), "b.c".to_owned()],
            ..record
        };
        let expected = "1970-01-01T00:00:00Z nobody modify /tenants/acme (a, b.c)";
        assert_eq!(line(&by_nobody), expected);
    }

    #[test]
    fn since_is_a_day_or_a_time() {
        let seconds = |text| since(text).map(Timestamp::unix_seconds);
        assert_eq!(seconds("1970-01-02"), Ok(86_400));
        assert_eq!(seconds("1970-01-02T01:00:00+01:00"), Ok(86_400));
        for text in ["", "yesterday", "2026-13-01", "2026-01-01T", "02.01.1970"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
