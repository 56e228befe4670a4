//! Bytes on the wire. Benchmarks run in a network namespace of their own, whose loopback interface
//! carries nothing but the two processes' packets; its counter holds every byte of both
//! directions, with the headers of IP, TCP and UDP.

use std::fs;
use std::process::{Command, Stdio};

/// Set in the environment of a benchmark that runs in a namespace.
const MARK: &str = "LINLI_BENCH_NAMESPACE";
const UNSHARE: [&str; 3] = ["--user", "--map-root-user", "--net"];

/// How bytes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// By the loopback interface of an own network namespace.
    Namespace,
    /// Not at all: the machine allows no namespace, and others use the interface too.
    None,
}

impl Counting {
    /// Returns what stands in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Namespace => "lo of an own network namespace, both ways, with packet headers",
            Self::None => "not counted: no network namespace",
        }
    }
}

/// Runs this program again in a namespace of its own, where the machine allows it, and returns its
/// exit code; none when this process is to go on itself.
pub fn enter() -> Option<i32> {
    if std::env::var_os(MARK).is_some() {
        return None;
    }
    let allowed = Command::new("unshare")
        .args(UNSHARE)
        .args(["ip", "link", "set", "lo", "up"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !allowed.is_ok_and(|status| status.success()) {
        return None;
    }
    let own = std::env::current_exe().ok()?;
    let status = Command::new("unshare")
        .args(UNSHARE)
        .arg("--")
        .arg(own)
        .args(std::env::args_os().skip(1))
        .env(MARK, "1")
        .status()
        .ok()?;
    Some(status.code().unwrap_or(1))
}

/// Brings the namespace's loopback interface up and says how bytes are counted.
pub fn begin() -> Counting {
    if std::env::var_os(MARK).is_none() {
        return Counting::None;
    }
    let up = Command::new("ip")
        .args(["link", "set", "lo", "up"])
        .status();
    if up.is_ok_and(|status| status.success()) {
        Counting::Namespace
    } else {
        Counting::None
    }
}

/// Returns the bytes that have crossed the wire so far; none when they are not counted.
pub fn bytes(counting: Counting) -> Option<u64> {
    if counting == Counting::None {
        return None;
    }
    let interfaces = fs::read_to_string("/proc/net/dev").ok()?;
    interfaces
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("lo:"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// Returns the bytes since an earlier count.
pub fn bytes_since(counting: Counting, before: Option<u64>) -> Option<u64> {
    Some(bytes(counting)?.saturating_sub(before?))
}
