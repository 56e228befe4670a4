//! What the machine says about a process: memory, processor time, and how long it waited for a
//! processor; and how loaded the machine is.

use std::fs;

use serde_json::{Value, json};

/// Clock ticks of a second in `/proc`; the same on every Linux.
const TICKS_PER_S: f64 = 100.0;
const MB: f64 = 1_048_576.0;

/// Counters of a process since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counters {
    /// Processor time, in seconds.
    pub cpu_s: f64,
    /// Time in which its living threads were ready and no processor was free, in seconds.
    pub run_queue_wait_s: f64,
}

/// Memory of a process, in MB.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// The most that was resident since the peak was last reset.
    pub peak_mb: f64,
    /// What is resident.
    pub resident_mb: f64,
}

/// Reads a process's counters.
pub fn counters(pid: u32) -> Counters {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The program's name may hold spaces; what follows its bracket does not.
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace().collect())
        .unwrap_or_default();
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    let waits_ns = threads.into_iter().flatten().flatten().map(|thread| {
        let stat = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        let wait = stat.split_whitespace().nth(1);
        wait.and_then(|wait| wait.parse::<f64>().ok())
            .unwrap_or(0.0)
    });
    Counters {
        cpu_s: (ticks(11) + ticks(12)) / TICKS_PER_S,
        run_queue_wait_s: waits_ns.sum::<f64>() / 1e9,
    }
}

/// Reads a process's memory.
pub fn memory(pid: u32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kib = |name: &str| {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| rest.split_whitespace().next())
            .and_then(|kib| kib.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    Memory {
        peak_mb: kib("VmHWM:") * 1024.0 / MB,
        resident_mb: kib("VmRSS:") * 1024.0 / MB,
    }
}

/// Makes what is resident now the peak so far.
pub fn reset_peak(pid: u32) {
    // Without the right to, the peak includes the loading, which is to our disadvantage.
    let _kept = fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

/// Returns the load of the last minute.
pub fn load() -> f64 {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace()
        .next()
        .and_then(|load| load.parse().ok())
        .unwrap_or(f64::NAN)
}

/// Describes the machine.
pub fn describe() -> Value {
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory_kib: f64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0.0);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    json!({
        "processors": cpus,
        "model": model,
        "memory_mb": (memory_kib / 1024.0).round(),
        "kernel": kernel.trim(),
    })
}

/// A process that is measured from a moment on.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pid: u32,
    since: Counters,
}

impl Measured {
    /// Resets the peak and begins to count.
    pub fn begin(pid: u32) -> Self {
        reset_peak(pid);
        Self {
            pid,
            since: counters(pid),
        }
    }

    /// Says what was used since.
    pub fn used(&self) -> Value {
        let now = counters(self.pid);
        let memory = memory(self.pid);
        json!({
            "peak_mb": round(memory.peak_mb),
            "resident_mb": round(memory.resident_mb),
            "cpu_s": round(now.cpu_s - self.since.cpu_s),
            "run_queue_wait_s": round(now.run_queue_wait_s - self.since.run_queue_wait_s),
        })
    }
}

/// Rounds to hundredths.
pub fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Waits until processes do nothing: they have used no processor for a while.
pub fn settle(pids: &[u32]) {
    const LOOK_PAUSE: std::time::Duration = std::time::Duration::from_millis(100);
    const QUIET_LOOKS: u32 = 3;
    let since = std::time::Instant::now();
    let used = || pids.iter().map(|pid| counters(*pid).cpu_s).sum::<f64>();
    let (mut before, mut quiet) = (used(), 0);
    while quiet < QUIET_LOOKS && since.elapsed() < super::PATIENCE {
        std::thread::sleep(LOOK_PAUSE);
        let now = used();
        quiet = if now - before < 0.015 { quiet + 1 } else { 0 };
        before = now;
    }
}
