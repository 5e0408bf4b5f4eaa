use std::{fs, sync::mpsc, time::Duration};

use futures::future::join_all;
use tempfile::TempDir;

use super::*;
use crate::files;

async fn tenants(store: &Store) -> Vec<String> {
    store.read(accounts::tenants).await.unwrap()
}

/// Stops the writer until the sender is used, so that what comes meanwhile has to queue.
fn hold(store: &Store) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<(), Error>>) {
    let (release, held) = mpsc::channel();
    let store = store.clone();
    let holding = tokio::spawn(async move {
        store
            .write(move |_write| {
                let _ = held.recv();
                Ok(())
            })
            .await
    });
    (release, holding)
}

#[tokio::test]
async fn what_waits_together_is_committed_together() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path(), None, Limits::default()).unwrap();
    let (release, holding) = hold(&store);
    tokio::task::yield_now().await;
    let writes = (0..200).map(|n| {
        store.write(move |write| {
            accounts::insert_tenant(write.connection, &format!("tenant-{n:03}"), 0)
        })
    });
    // Polled after the writes, when all of them are in the queue.
    let release = async { release.send(()).unwrap() };
    let (created, ()) = futures::join!(join_all(writes), release);
    assert!(
        created
            .into_iter()
            .all(|created| matches!(created, Ok(true)))
    );
    holding.await.unwrap().unwrap();
    assert_eq!(tenants(&store).await.len(), 200);
    let counts = store.counts();
    assert_eq!(counts.writes, 201);
    assert!(counts.transactions <= 2, "{counts:?}");
}

#[tokio::test]
async fn a_write_that_fails_or_panics_undoes_itself_alone() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path(), None, Limits::default()).unwrap();
    let (release, holding) = hold(&store);
    tokio::task::yield_now().await;
    let writes = (0..9).map(|n| {
        store.write(move |write| {
            accounts::insert_tenant(write.connection, &format!("tenant-{n}"), 0)?;
            match n % 3 {
                0 => Ok(()),
                1 => Err(Error::NoSuchKey),
                _ => panic!("a defect"),
            }
        })
    });
    let release = async { release.send(()).unwrap() };
    let (outcomes, ()) = futures::join!(join_all(writes), release);
    for (n, outcome) in outcomes.iter().enumerate() {
        assert!(
            matches!(
                (n % 3, outcome),
                (0, Ok(())) | (1, Err(Error::NoSuchKey)) | (2, Err(Error::Interrupted))
            ),
            "{n} {outcome:?}"
        );
    }
    holding.await.unwrap().unwrap();
    assert_eq!(tenants(&store).await, ["tenant-0", "tenant-3", "tenant-6"]);
}

#[tokio::test]
async fn a_pinned_file_outlives_its_row_until_the_pin_goes() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path(), None, Limits::default()).unwrap();
    let name = "abcd0123".to_owned();
    let path = store.layout().blob(&name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "bytes").unwrap();
    let reading = name.clone();
    let ((), pins) = store
        .read_pinned(move |_connection| Ok(((), vec![reading])))
        .await
        .unwrap();
    store
        .write(move |write| {
            write.discard(name);
            Ok(())
        })
        .await
        .unwrap();
    assert!(path.try_exists().unwrap());
    drop(pins);
    // Closing waits for the removals at hand.
    store.close();
    assert!(!path.try_exists().unwrap());
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let folder = TempDir::new().unwrap();
    Store::open(folder.path(), None, Limits::default())
        .unwrap()
        .close();
    let database = folder.path().join("metadata.sqlite");
    Connection::open(&database)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let refused = Store::open(folder.path(), None, Limits::default());
    assert!(matches!(refused, Err(Error::NewerSchema { found: 99, .. })));
}

#[tokio::test]
async fn every_connection_commits_to_the_disk_itself() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path(), None, Limits::default()).unwrap();
    let settings = |connection: &Connection| -> Result<(i64, String), Error> {
        Ok((
            connection.pragma_query_value(None, "synchronous", |row| row.get(0))?,
            connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        ))
    };
    let full = (2, "wal".to_owned());
    let written = store.write(move |write| settings(write.connection)).await;
    assert_eq!(written.unwrap(), full);
    assert_eq!(store.read(settings).await.unwrap(), full);
}

#[tokio::test]
async fn a_database_that_another_program_locks_is_told_and_reading_goes_on() {
    let folder = TempDir::new().unwrap();
    let layout = Layout::new(folder.path());
    let store = Store::open_on(layout.clone(), Limits::default(), Duration::ZERO).unwrap();
    let insert = |name: &'static str| {
        store.write(move |write| accounts::insert_tenant(write.connection, name, 0))
    };
    insert("before").await.unwrap();
    let other = Connection::open(layout.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = insert("meanwhile").await;
    assert!(matches!(refused, Err(Error::Locked)), "{refused:?}");
    assert_eq!(tenants(&store).await, ["before"]);
    other.execute_batch("ROLLBACK").unwrap();
    insert("after").await.unwrap();
    assert_eq!(tenants(&store).await, ["after", "before"]);
    store.close();
    drop(store);

    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        .unwrap();
    let refused = Store::open_on(layout, Limits::default(), Duration::ZERO).map(|_| ());
    assert!(matches!(refused, Err(Error::Locked)), "{refused:?}");
}

#[tokio::test]
async fn a_database_that_cannot_be_written_is_told_and_reading_goes_on() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path(), None, Limits::default()).unwrap();
    store
        .write(|write| Ok(write.connection.pragma_update(None, "query_only", true)?))
        .await
        .unwrap();
    let refused = store
        .write(|write| accounts::insert_tenant(write.connection, "one", 0))
        .await;
    assert!(matches!(refused, Err(Error::ReadOnly(_))), "{refused:?}");
    assert!(tenants(&store).await.is_empty());
}

#[tokio::test]
async fn a_file_stays_when_nobody_knows_whether_its_row_was_committed() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path(), None, Limits::default()).unwrap();
    let body = futures::stream::iter([Ok::<_, s3s::StdError>(vec![7; 20_000].into())]);
    let received = files::receive(
        store.layout(),
        Limits::default(),
        body,
        files::Digests::default(),
    );
    let Ok(received) = received.await else {
        panic!("it was not stored");
    };
    let files::Content::File(staged) = received.content else {
        panic!("too large for a row");
    };
    let path = store.layout().blob(staged.name());
    let failed = store
        .write(move |write| {
            write.adopt(staged);
            // Found at the commit alone, as a failing disk is.
            write.connection.execute_batch(
                "PRAGMA defer_foreign_keys = ON;
                 INSERT INTO segments (object_id, start, size, blob_id) VALUES (1, 0, 1, 1)",
            )?;
            Ok(())
        })
        .await;
    assert!(matches!(failed, Err(Error::Interrupted)), "{failed:?}");
    assert!(path.try_exists().unwrap());
    store.close();
    Store::open(folder.path(), None, Limits::default()).unwrap();
    assert!(!path.try_exists().unwrap());
}

#[tokio::test]
async fn reading_that_takes_too_long_is_cut_short_and_spoils_nothing() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path(), None, Limits::default()).unwrap();
    let for_ever =
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    // More often than there are connections.
    for _ in 0..2 * READERS {
        let cut = store
            .read_within(Duration::from_millis(5), move |connection| {
                Ok(connection.query_row(for_ever, [], |row| row.get::<_, i64>(0))?)
            })
            .await
            .unwrap_err();
        let Error::Database(rusqlite::Error::SqliteFailure(failure, _)) = &cut else {
            panic!("{cut:?}");
        };
        assert_eq!(failure.code, rusqlite::ErrorCode::OperationInterrupted);
    }
    // Whoever comes next has no limit.
    let long = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
        SELECT count(*) FROM n";
    for _ in 0..2 * READERS {
        let read = store.read(move |connection| {
            Ok(connection.query_row(long, [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(read.await.unwrap(), 200_001);
    }
}
