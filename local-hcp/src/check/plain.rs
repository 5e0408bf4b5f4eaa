//! Plain files, read from beginning to end.
//!
//! Others may write, change and remove them, which is nothing wrong: the next request shows it. So a file is wrong
//! only where it still has the size and the time that are known of it and yet other bytes, or where it cannot be read.

use std::{fs::File, io};

use rusqlite::Connection;

use super::{PAGE, Problem, ProblemKind, Report, affected, digest};
use crate::{
    Error,
    files::{Layout, Plain, Stamp, files_beside},
    store::{
        self,
        audit::{self, PlainFile},
        plain as rows,
    },
};

/// Reads all plain files, if objects are such. Those of a store are looked for beside it.
pub(super) fn examine(
    connection: &Connection,
    layout: &Layout,
    report: &mut Report,
) -> Result<(), Error> {
    if !rows::is_on(connection)? {
        return Ok(());
    }
    let plain = Plain::at(&files_beside(layout.root()));
    let mut after = -1;
    loop {
        let page = audit::plain_files(connection, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.owner.id;
        for file in page {
            if let Some((kind, what)) = wrong(layout, &plain, &file, report) {
                let place = &file.placed.place;
                report.problems.push(Problem {
                    kind,
                    what,
                    file: Some(format!("{}/{}/{}", place.tenant, place.bucket, place.key)),
                    affects: vec![affected(&file.owner)],
                    // A repair leaves people's files where they are, with the rows that are about them.
                    owners: Vec::new(),
                });
            }
        }
    }
}

fn wrong(
    layout: &Layout,
    plain: &Plain,
    file: &PlainFile,
    report: &mut Report,
) -> Option<(ProblemKind, String)> {
    let unreadable = |error: io::Error| Some((ProblemKind::Unreadable, error.to_string()));
    let opened = match store::plain::open_file(layout, plain, &file.placed) {
        Ok(opened) => opened,
        // Gone, or somebody else's now.
        Err(Error::Changed) => return None,
        Err(Error::Io(error)) => return unreadable(error),
        Err(error) => return Some((ProblemKind::Unreadable, error.to_string())),
    };
    let sum = match digest(&opened) {
        Ok(sum) => sum,
        Err(error) => return unreadable(error),
    };
    report.plain_files += 1;
    report.bytes += file.placed.stamp.size;
    let is_still = is_as_known(&opened, file.placed.stamp);
    let differs = file.sha256.is_some_and(|known| sum != known);
    (differs && is_still).then(|| {
        let what = "the bytes are not those that were stored, though size and time are";
        (ProblemKind::WrongContent, what.to_owned())
    })
}

/// Whether nobody wrote while the file was read.
fn is_as_known(file: &File, known: Stamp) -> bool {
    Stamp::of_file(file).is_ok_and(|found| known.is_still(found))
}
