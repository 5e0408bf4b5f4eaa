//! Counts the fsyncs of a program from outside.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, Result};
use tokio::process::Command;

/// A tool that runs a program and counts its calls of fsync and fdatasync into a file.
pub(crate) struct Counter {
    tool: Tool,
    file: PathBuf,
}

#[derive(Clone, Copy)]
enum Tool {
    /// Counts in the kernel and disturbs nothing; takes rights that containers seldom have.
    Perf,
    /// Stops the program, and some versions do so at every system call of every thread but the
    /// first. Fewer requests then meet at the disk: the figure is a lower bound.
    Strace,
}

impl Tool {
    fn command(self, file: &Path) -> Command {
        let mut command = Command::new(self.name());
        match self {
            Self::Perf => command
                .args(["stat", "--field-separator", ",", "--output"])
                .arg(file)
                .args([
                    "-e",
                    "syscalls:sys_enter_fsync,syscalls:sys_enter_fdatasync",
                ]),
            Self::Strace => command
                .args(["-f", "--seccomp-bpf", "-qq", "-e", "signal=none"])
                .args(["-e", "trace=fsync,fdatasync", "-o"])
                .arg(file),
        };
        command.arg("--");
        command
    }

    fn name(self) -> &'static str {
        match self {
            Self::Perf => "perf",
            Self::Strace => "strace",
        }
    }
}

impl Counter {
    /// The best tool that works here, counting into `file`; none if none does.
    pub(crate) async fn find(file: PathBuf) -> Option<Self> {
        for tool in [Tool::Perf, Tool::Strace] {
            let mut trial = tool.command(Path::new("/dev/null"));
            trial
                .arg("true")
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            if trial.status().await.is_ok_and(|status| status.success()) {
                return Some(Self { tool, file });
            }
        }
        None
    }

    /// Runs a program, whose arguments are to follow.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = self.tool.command(&self.file);
        command.arg(program);
        command
    }

    /// What counts.
    pub(crate) fn name(&self) -> &'static str {
        self.tool.name()
    }

    /// How often the program, which has ended, synced a file.
    pub(crate) fn count(&self) -> Result<u64> {
        let text = fs::read_to_string(&self.file)?;
        match self.tool {
            Tool::Perf => counters(&text).context("perf counted nothing"),
            Tool::Strace => Ok(calls(&text)),
        }
    }
}

/// The sum of both counters in perf's output.
fn counters(text: &str) -> Option<u64> {
    let lines = text.lines().filter(|line| line.contains("sys_enter_f"));
    let counts: Vec<u64> = lines
        .map(|line| line.split(',').next()?.parse().ok())
        .collect::<Option<_>>()?;
    (counts.len() == 2).then(|| counts.iter().sum())
}

/// Counts calls in strace's output; one that another thread's line interrupted stands there twice,
/// the second time as `<... fsync resumed>`.
fn calls(text: &str) -> u64 {
    text.lines()
        .filter(|line| line.contains("fsync(") || line.contains("fdatasync("))
        .count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_counters_are_needed() {
        let fsync = "8855,,syscalls:sys_enter_fsync,1,100.00,,\n";
        let both = format!("# started\n\n{fsync}7,,syscalls:sys_enter_fdatasync,1,100.00,,\n");
        assert_eq!(counters(&both), Some(8_862));
        assert_eq!(counters(fsync), None);
        assert_eq!(counters(&both.replace("8855", "<not counted>")), None);
    }

    #[test]
    fn a_call_on_two_lines_is_counted_once() {
        let trace = "71 fdatasync(9) = 0\n72 fsync(11 <unfinished ...>\n71 fdatasync(9) = 0\n\
                     72 <... fsync resumed>) = 0\n71 +++ exited with 0 +++\n";
        assert_eq!(calls(trace), 3);
    }
}
