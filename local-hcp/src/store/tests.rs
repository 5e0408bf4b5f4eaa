use std::sync::mpsc;

use futures::future::join_all;
use tempfile::TempDir;

use super::*;

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
    let store = Store::open(folder.path(), 0).unwrap();
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
    let store = Store::open(folder.path(), 0).unwrap();
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
    let store = Store::open(folder.path(), 0).unwrap();
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
    Store::open(folder.path(), 0).unwrap().close();
    let database = folder.path().join("metadata.sqlite");
    Connection::open(&database)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let refused = Store::open(folder.path(), 0);
    assert!(matches!(refused, Err(Error::NewerSchema { found: 99, .. })));
}
