//! What this machine does, as the statistics of a node have it: measured between two looks.
//!
//! The looks are those of the callers: the first is taken when the server starts, and who asks within a second
//! gets what was measured last. Where the system is not Linux, only the volume is told.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use model::mapi::{NodeStatistics, Volume};

/// Looks that are closer together, in milliseconds, measure nothing.
const LEAST_MS: i64 = 1_000;

/// The machine, with what was seen of it last.
pub(super) struct Machine(Mutex<Seen>);

struct Seen {
    look: Look,
    node: NodeStatistics,
}

/// Counters that only grow, at a time.
#[derive(Clone, Debug, Default)]
struct Look {
    at_ms: i64,
    /// Of each processor.
    processors: Vec<Processor>,
    /// Pages that were swapped out.
    swapped: u64,
    /// Bytes of all network interfaces but the machine's own.
    received: u64,
    sent: u64,
    volume: Option<VolumeLook>,
}

/// Ticks of a processor.
#[derive(Clone, Copy, Debug, Default)]
struct Processor {
    user: u64,
    system: u64,
    waiting: u64,
    all: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct VolumeLook {
    /// Of 512 bytes, as Linux counts them everywhere.
    blocks_read: u64,
    blocks_written: u64,
    operations: u64,
    /// Milliseconds in which something was under way.
    busy_ms: u64,
}

impl Machine {
    pub(super) fn new(now_ms: i64, folder: &Path) -> Self {
        Self(Mutex::new(Seen {
            look: look(now_ms, folder),
            node: NodeStatistics::default(),
        }))
    }

    /// What it does now, with the volume that a folder is on.
    pub(super) fn measure(&self, now_ms: i64, folder: &Path) -> NodeStatistics {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let far = (now_ms - seen.look.at_ms).abs() >= LEAST_MS;
        if far || seen.node.collection_timestamp.is_none() {
            let next = look(now_ms, folder);
            seen.node = between(&seen.look, &next);
            // What was measured over too short a time is measured again from the same look on.
            if far {
                seen.look = next;
            }
        }
        let mut node = seen.node.clone();
        drop(seen);
        node.volumes = Some(vec![with_space(node.volumes, folder)].into());
        node
    }
}

/// What happened between two looks, per second.
fn between(before: &Look, after: &Look) -> NodeStatistics {
    let seconds = to_f64(u64::try_from(after.at_ms - before.at_ms).unwrap_or_default()) / 1_000.0;
    let rate = |before: u64, after: u64| per(to_f64(after.saturating_sub(before)), seconds);
    let pairs = || before.processors.iter().zip(&after.processors);
    let share = |of: fn(&Processor) -> u64| {
        let (mut part, mut all) = (0, 0);
        for (before, after) in pairs() {
            part += of(after).saturating_sub(of(before));
            all += after.all.saturating_sub(before.all);
        }
        (!before.processors.is_empty()).then(|| per(to_f64(part) * 100.0, to_f64(all)))
    };
    let busiest = pairs().map(|(before, after)| {
        let busy = |one: &Processor| one.user + one.system;
        let busy = busy(after).saturating_sub(busy(before));
        per(
            to_f64(busy) * 100.0,
            to_f64(after.all.saturating_sub(before.all)),
        )
    });
    let volume = before.volume.zip(after.volume).map(|(before, after)| {
        let busy = rate(before.busy_ms, after.busy_ms) / 10.0;
        Volume {
            blocks_read: Some(rate(before.blocks_read, after.blocks_read)),
            blocks_written: Some(rate(before.blocks_written, after.blocks_written)),
            disk_utilization: Some(rounded(busy.min(100.0))),
            transfer_speed: Some(rate(before.operations, after.operations)),
            ..Volume::default()
        }
    });
    let known = !before.processors.is_empty();
    NodeStatistics {
        cpu_user: share(|one| one.user),
        cpu_system: share(|one| one.system),
        cpu_max: known.then(|| busiest.fold(0.0, f64::max)),
        io_wait: share(|one| one.waiting),
        swap_out: known.then(|| rate(before.swapped, after.swapped)),
        front_end_bytes_read: known.then(|| rate(before.received, after.received)),
        front_end_bytes_written: known.then(|| rate(before.sent, after.sent)),
        collection_timestamp: Some(after.at_ms),
        volumes: volume.map(|volume| vec![volume].into()),
        ..NodeStatistics::default()
    }
}

/// One of two numbers by the other; nothing by nothing is nothing.
fn per(what: f64, by: f64) -> f64 {
    if by > 0.0 { rounded(what / by) } else { 0.0 }
}

/// Two digits behind the point say enough.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// Counters of what happens in seconds are far below 2^52.
#[expect(
    clippy::cast_precision_loss,
    reason = "a rate need not be exact to the byte"
)]
fn to_f64(number: u64) -> f64 {
    number as f64
}

/// The volume that a folder is on, with what is free of it.
fn with_space(measured: Option<model::mapi::Volumes>, folder: &Path) -> Volume {
    let measured = measured.and_then(|volumes| volumes.0.into_iter().next());
    let mut volume = measured.unwrap_or_default();
    volume.id = Some("data".to_owned());
    if let Ok(disk) = rustix::fs::statvfs(folder) {
        let bytes = |blocks: u64| i64::try_from(blocks.saturating_mul(disk.f_frsize)).ok();
        volume.total_bytes = bytes(disk.f_blocks);
        volume.free_bytes = bytes(disk.f_bavail);
        volume.total_inodes = i64::try_from(disk.f_files).ok();
        volume.free_inodes = i64::try_from(disk.f_favail).ok();
    }
    volume
}

#[cfg(not(target_os = "linux"))]
fn look(now_ms: i64, _folder: &Path) -> Look {
    Look {
        at_ms: now_ms,
        ..Look::default()
    }
}

#[cfg(target_os = "linux")]
fn look(now_ms: i64, folder: &Path) -> Look {
    use procfs::CurrentSI as _;

    // What cannot be read is not told; a container may hide each of these.
    let processors = procfs::KernelStats::current().map(|kernel| {
        let each = kernel.cpu_time.iter();
        each.map(processor).collect()
    });
    let swapped = procfs::vmstat().ok().and_then(|counts| {
        let pages = counts.get("pswpout")?;
        u64::try_from(*pages).ok()
    });
    let (mut received, mut sent) = (0_u64, 0_u64);
    for (name, interface) in procfs::net::dev_status().unwrap_or_default() {
        if name != "lo" {
            received = received.saturating_add(interface.recv_bytes);
            sent = sent.saturating_add(interface.sent_bytes);
        }
    }
    Look {
        at_ms: now_ms,
        processors: processors.unwrap_or_default(),
        swapped: swapped.unwrap_or_default(),
        received,
        sent,
        volume: volume(folder),
    }
}

#[cfg(target_os = "linux")]
fn processor(time: &procfs::CpuTime) -> Processor {
    let waiting = time.iowait.unwrap_or_default();
    let user = time.user + time.nice;
    let system = time.system + time.irq.unwrap_or_default() + time.softirq.unwrap_or_default();
    Processor {
        user,
        system,
        waiting,
        all: user + system + waiting + time.idle + time.steal.unwrap_or_default(),
    }
}

/// The counters of the device that a folder is on; a folder in memory has none.
#[cfg(target_os = "linux")]
fn volume(folder: &Path) -> Option<VolumeLook> {
    use std::os::unix::fs::MetadataExt as _;

    let device = std::fs::metadata(folder).ok()?.dev();
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    let all = procfs::diskstats().ok()?;
    let disk = all.into_iter().find(|disk| {
        u32::try_from(disk.major) == Ok(major) && u32::try_from(disk.minor) == Ok(minor)
    })?;
    Some(VolumeLook {
        blocks_read: disk.sectors_read,
        blocks_written: disk.sectors_written,
        operations: disk.reads + disk.writes,
        busy_ms: disk.time_in_progress,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_what_happened_in_a_second() {
        let processor = |user, system, waiting, all| Processor {
            user,
            system,
            waiting,
            all,
        };
        let before = Look {
            at_ms: 10_000,
            processors: vec![processor(0, 0, 0, 0), processor(100, 0, 0, 1_000)],
            received: 500,
            volume: Some(VolumeLook::default()),
            ..Look::default()
        };
        let after = Look {
            at_ms: 14_000,
            processors: vec![processor(100, 100, 50, 400), processor(100, 0, 0, 1_400)],
            received: 900,
            sent: 8,
            swapped: 4,
            volume: Some(VolumeLook {
                blocks_read: 40,
                busy_ms: 1_000,
                ..VolumeLook::default()
            }),
        };
        let node = between(&before, &after);
        assert_eq!(node.cpu_user, Some(12.5));
        assert_eq!(node.cpu_system, Some(12.5));
        assert_eq!(node.io_wait, Some(6.25));
        assert_eq!(node.cpu_max, Some(50.0));
        assert_eq!(node.swap_out, Some(1.0));
        assert_eq!(node.front_end_bytes_read, Some(100.0));
        assert_eq!(node.front_end_bytes_written, Some(2.0));
        let volume = &node.volumes.unwrap().0[0];
        assert_eq!(volume.blocks_read, Some(10.0));
        assert_eq!(volume.disk_utilization, Some(25.0));
    }

    #[test]
    fn no_time_and_no_counters_are_no_rates() {
        let nothing = between(&Look::default(), &Look::default());
        assert_eq!(nothing.cpu_user, None);
        assert_eq!(nothing.front_end_bytes_read, None);
        let one = Look {
            processors: vec![Processor::default()],
            ..Look::default()
        };
        assert_eq!(between(&one, &one).cpu_user, Some(0.0));
    }

    #[test]
    fn the_volume_is_the_one_of_the_folder() {
        let folder = tempfile::TempDir::new().unwrap();
        let machine = Machine::new(0, folder.path());
        let node = machine.measure(5_000, folder.path());
        let volume = &node.volumes.unwrap().0[0];
        assert!(volume.total_bytes >= volume.free_bytes);
        assert!(volume.total_bytes > Some(0));
        assert_eq!(node.collection_timestamp, Some(5_000));
        let soon = machine.measure(5_500, folder.path());
        assert_eq!(soon.collection_timestamp, Some(5_000));
    }
}
