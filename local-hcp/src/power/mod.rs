//! Power loss: whenever it comes, what was acknowledged is there afterwards. SQLite's part of that
//! rests on `synchronous=FULL`, which the store's tests read back; here the files are examined.

mod client;
mod disk;
mod refusal;
mod script;

use std::{fs, path::Path, sync::Arc};

use futures::{StreamExt as _, stream};
use tempfile::TempDir;

use self::disk::{Defect, FrailDisk, Rest};
use crate::{
    files::{Layout, Limits},
    store::{Store, open},
};

/// The folders of a run: the working one, and what the power loss leaves.
struct Bench {
    template: TempDir,
}

impl Bench {
    async fn new() -> Self {
        let template = TempDir::new().unwrap();
        script::template(template.path()).await;
        Self { template }
    }

    /// Cuts the power after `end` operations, and says what is lost, and whether it was cut at all.
    async fn cut(&self, end: usize, defect: Option<Defect>, rests: &[Rest]) -> (Vec<String>, bool) {
        let folder = TempDir::new().unwrap();
        let (working, left) = (folder.path().join("working"), folder.path().join("left"));
        fs::create_dir(&working).unwrap();
        copy_database(self.template.path(), &working);
        let disk = FrailDisk::new(&working, end, defect);
        let promises = script::run(&disk, &working).await;
        let mut lost = Vec::new();
        for rest in rests {
            disk.leave(*rest, &left);
            copy_database(&working, &left);
            let broken = promises.broken(&left).await;
            lost.extend(
                broken
                    .into_iter()
                    .map(|one| format!("{end}, {rest:?}: {one}")),
            );
            fs::remove_dir_all(&left).unwrap();
        }
        (lost, disk.is_gone())
    }

    /// Whether cutting the power somewhere loses something, if the disk has a defect.
    async fn finds(&self, defect: Defect) -> bool {
        let mut end = 0;
        loop {
            let (lost, gone) = self.cut(end, Some(defect), &[Rest::Nothing]).await;
            if !lost.is_empty() {
                return true;
            }
            if !gone {
                return false;
            }
            end += 1;
        }
    }
}

fn copy_database(from: &Path, to: &Path) {
    // Closed, it is one file.
    let name = "metadata.sqlite";
    fs::copy(from.join(name), to.join(name)).unwrap();
    assert!(!from.join("metadata.sqlite-wal").try_exists().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whenever_the_power_goes_what_was_acknowledged_stays() {
    let bench = Arc::new(Bench::new().await);
    // Runs wait for the disk most of the time, so some go side by side.
    let mut runs = stream::iter(0..)
        .map(|end: usize| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move {
                let rests = [Rest::Nothing, Rest::Some(end as u64)];
                bench.cut(end, None, &rests).await
            })
        })
        .buffered(4);
    let mut cuts = 0;
    while let Some(run) = runs.next().await {
        let (lost, gone) = run.unwrap();
        assert!(lost.is_empty(), "{lost:#?}");
        if !gone {
            break;
        }
        cuts += 1;
    }
    // In the middle of every kind of write.
    assert!(cuts > 60, "{cuts}");
}

#[tokio::test]
async fn a_file_that_is_not_synced_is_lost() {
    assert!(Bench::new().await.finds(Defect::FileNotSynced).await);
}

#[tokio::test]
async fn a_folder_that_is_not_synced_loses_what_is_in_it() {
    let bench = Bench::new().await;
    // The store's own, `blobs`, `blobs/ab`, `blobs/ab/cd`.
    for depth in 0..4 {
        assert!(bench.finds(Defect::FolderNotSynced(depth)).await, "{depth}");
    }
}

#[tokio::test]
async fn a_row_that_is_committed_before_its_file_is_in_place_promises_too_much() {
    assert!(Bench::new().await.finds(Defect::RowBeforeFile).await);
}

#[test]
fn a_folder_that_somebody_made_and_did_not_sync_is_synced_by_the_next() {
    const NAME: &str = "abcd0123";
    for end in 0..4 {
        for restarted in [false, true] {
            let folder = TempDir::new().unwrap();
            let (working, left) = (folder.path().join("working"), folder.path().join("left"));
            fs::create_dir(&working).unwrap();
            let disk = FrailDisk::new(&working, 3 + end, None);
            let layout = Layout::on(Arc::new(disk.clone()), &working);
            layout.prepare().unwrap();
            assert!(layout.make_fan(NAME).is_err());
            disk.go_on(100);
            let layout = if restarted {
                let layout = Layout::on(Arc::new(disk.clone()), &working);
                let store =
                    Store::open_on(layout.clone(), Limits::default(), open::PATIENCE).unwrap();
                store.close();
                layout
            } else {
                layout
            };
            layout.make_fan(NAME).unwrap();
            disk.leave(Rest::Nothing, &left);
            assert!(left.join("blobs/ab/cd").is_dir(), "{end} {restarted}");
        }
    }
}
