//! Setting aside what is broken. Nothing is deleted: files are moved, rows are written down.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, TransactionBehavior};
use serde::Serialize;
use time::{OffsetDateTime, format_description::FormatItem, macros::format_description};

use super::{ProblemKind, Report, examine};
use crate::{
    Error,
    files::Layout,
    store::{
        self,
        audit::{self, Owner},
    },
};

/// The name of a folder in `aside/`.
const NAME: &[FormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// What a repair did.
#[derive(Clone, Debug, Serialize)]
pub struct Repair {
    /// What was found before.
    pub found: Report,
    /// Where everything was moved; `None` where nothing was.
    pub aside: Option<PathBuf>,
    /// Versions and uploads whose rows were taken out and written down.
    pub rows: u64,
    /// Files that were moved.
    pub files: u64,
    /// What is still wrong.
    pub left: Report,
}

/// Takes what is broken out of the store in `folder`, which nobody may use meanwhile. Files go below
/// `aside/`, with the rows that named them; counters are counted anew. Blocks.
///
/// # Errors
/// [`Error::InUse`] while the store runs; and when SQLite's own file is damaged, which only a copy of
/// it can mend.
pub fn repair(folder: &Path, deep: bool, now: OffsetDateTime) -> Result<Repair, Error> {
    let layout = Layout::new(folder);
    let _lock = store::open::lock(&layout)?;
    let mut connection = store::open::existing(&layout)?;
    let look = |connection: &Connection| {
        let mut report = Report {
            deep,
            offline: true,
            ..Report::default()
        };
        examine(connection, &layout, &mut report).map(|()| report)
    };
    let found = look(&connection)?;
    if found
        .problems
        .iter()
        .any(|problem| problem.kind == ProblemKind::Database)
    {
        return Err(Error::Damaged(
            "SQLite finds its file damaged; stop here and bring back a copy of it",
        ));
    }
    let mut repair = Repair {
        left: found.clone(),
        found,
        aside: None,
        rows: 0,
        files: 0,
    };
    if repair.found.is_sound() {
        return Ok(repair);
    }
    let aside = layout.aside().join(
        now.format(NAME)
            .map_err(|_impossible| Error::Damaged("the clock"))?,
    );
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&aside)?;
    let mut owners: Vec<Owner> = Vec::new();
    for problem in &repair.found.problems {
        for owner in &problem.owners {
            if !owners.contains(owner) {
                owners.push(owner.clone());
            }
        }
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut files: Vec<PathBuf> = Vec::new();
    let mut rows = fs::OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(aside.join("rows.jsonl"))?;
    for owner in &owners {
        writeln!(rows, "{}", audit::describe(&transaction, owner)?)?;
        let names = audit::files_of_only(&transaction, owner)?;
        files.extend(names.iter().map(|name| layout.blob(name)));
        audit::remove(&transaction, owner)?;
        repair.rows += 1;
    }
    // Written down before they are gone from the tables.
    rows.sync_all()?;
    fs::File::open(&aside)?.sync_all()?;
    audit::settle(&transaction)?;
    transaction.commit()?;
    files.extend(store::sweep::orphans(&connection, &layout)?);
    files.sort();
    files.dedup();
    for file in files {
        let name = file.file_name().unwrap_or(file.as_os_str());
        match fs::rename(&file, aside.join(name)) {
            Ok(()) => repair.files += 1,
            // That it is missing may be what is broken.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    fs::File::open(&aside)?.sync_all()?;
    repair.aside = Some(aside);
    repair.left = look(&connection)?;
    Ok(repair)
}
