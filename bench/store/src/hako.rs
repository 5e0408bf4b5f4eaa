//! The program under measurement, as a child process.

use std::{fs, path::Path, process::Stdio};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::counter::Counter;

/// A running `hako serve`; dropping it ends the process.
pub(crate) struct Hako {
    /// The program, or what counts its calls.
    child: Child,
    id: Pid,
    /// The base URL of the console and the REST API.
    pub(crate) console: String,
    /// The base URL of the S3 endpoint.
    pub(crate) s3: String,
    /// The base URL of the management endpoint.
    pub(crate) management: String,
}

impl Hako {
    /// Starts the program on a data folder, on ports that the system gives. With a counter, its
    /// calls of fsync and fdatasync are counted.
    pub(crate) async fn start(
        program: &Path,
        site: &Path,
        data: &Path,
        counter: Option<&Counter>,
    ) -> Result<Self> {
        let mut command = match counter {
            Some(counter) => counter.command(program),
            None => Command::new(program),
        };
        let log = fs::File::create(data.join("hako.log"))?;
        // The settings below and no others; the tools that count need to be found.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut child = command
            .arg("serve")
            .env_clear()
            .env("PATH", path)
            .env("STORAGE_BACKEND", "embedded")
            .env("HAKO_ADDR", "127.0.0.1:0")
            .env("HAKO_S3_ADDR", "127.0.0.1:0")
            .env("HAKO_MAPI_ADDR", "127.0.0.1:0")
            .env("HAKO_DATA_DIR", data)
            // As in front of an HCP: of the embedded store nothing is kept unless that is wanted.
            .env("CACHE_STATS_TTL", "60")
            .env("CACHE_CONFIG_TTL", "600")
            .env("CACHE_DEFAULT_TTL", "300")
            .env("HAKO_SITE_CONFIG", site)
            .current_dir(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let out = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(out).lines();
        let (mut console, mut s3) = (None, None);
        while let Some(line) = lines.next_line().await? {
            if let Some(url) = line.strip_prefix("Hako console") {
                console = Some(by_address(url));
            } else if let Some(url) = line.strip_prefix("S3 endpoint") {
                s3 = Some(by_address(url));
            } else if let Some(url) = line.strip_prefix("Management") {
                let id = program_of(child.id().context("the program has ended")?)?;
                return Ok(Self {
                    child,
                    id,
                    console: console.context("the program does not tell its address")?,
                    s3: s3.context("the program does not tell the address of S3")?,
                    management: by_address(url),
                });
            }
        }
        let log = fs::read_to_string(data.join("hako.log")).unwrap_or_default();
        bail!("{} ended early: {}", program.display(), log.trim())
    }

    /// The most memory that the process has had resident at any time, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        self.memory("VmHWM:")
    }

    /// The memory that the process has resident now, in bytes.
    pub(crate) fn resident_memory(&self) -> Result<u64> {
        self.memory("VmRSS:")
    }

    fn memory(&self, field: &str) -> Result<u64> {
        let id = self.id.as_raw_nonzero();
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        bytes_of(&status, field).with_context(|| format!("/proc does not tell {field}"))
    }

    /// Asks it to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> Result<()> {
        kill_process(self.id, Signal::TERM)?;
        self.child.wait().await?;
        Ok(())
    }
}

impl Drop for Hako {
    fn drop(&mut self) {
        // A counter that is killed would leave the program running. After `stop` there is nobody to
        // signal: the number may be another's.
        if self.child.id().is_some() {
            let _ = kill_process(self.id, Signal::TERM);
        }
    }
}

/// The process that is `id`, or the only child of it.
fn program_of(id: u32) -> Result<Pid> {
    let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"))?;
    let id = match children.split_whitespace().next() {
        Some(child) => child.parse()?,
        None => i32::try_from(id)?,
    };
    Pid::from_raw(id).context("a process without a number")
}

/// A URL that the program tells, by address: a name may stand for two, of which one is not listened
/// on.
fn by_address(url: &str) -> String {
    url.trim()
        .trim_end_matches('/')
        .replace("localhost", "127.0.0.1")
}

/// A field of a `/proc/PID/status`, in bytes.
fn bytes_of(status: &str, field: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "VmPeak:\t  999 kB\nVmHWM:\t   12345 kB\nVmRSS:\t 11 kB\n";
        assert_eq!(bytes_of(status, "VmHWM:"), Some(12_345 * 1024));
        assert_eq!(bytes_of(status, "VmRSS:"), Some(11 * 1024));
        assert_eq!(bytes_of(status, "VmSwap:"), None);
    }

    #[test]
    fn the_program_is_called_by_address() {
        assert_eq!(by_address("  http://localhost:81/"), "http://127.0.0.1:81");
    }
}
