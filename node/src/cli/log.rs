//! The log of a running node, on standard error: for whoever looks after the machine, in English.
//!
//! Events carry no names, texts or secrets of residents. Libraries are heard from warnings on,
//! whatever is asked of the program itself: what they say at other levels is for their authors.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The program's own crates, as events name them.
const OWN: [&str; 3] = ["node", "protocol", "tui"];

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Detail {
    /// Nothing.
    Off,
    /// Faults of the program.
    Error,
    /// What somebody may have to look at.
    Warn,
    /// What the node does.
    Info,
    /// What becomes of every connection.
    Debug,
    /// Everything.
    Trace,
}

impl From<Detail> for LevelFilter {
    fn from(detail: Detail) -> Self {
        match detail {
            Detail::Off => Self::OFF,
            Detail::Error => Self::ERROR,
            Detail::Warn => Self::WARN,
            Detail::Info => Self::INFO,
            Detail::Debug => Self::DEBUG,
            Detail::Trace => Self::TRACE,
        }
    }
}

/// Begins to log. The journal of systemd adds the time itself, and colours are for terminals only.
pub fn begin(detail: Detail) {
    let own = LevelFilter::from(detail);
    let filter = Targets::new()
        .with_default(own.min(LevelFilter::WARN))
        .with_targets(OWN.map(|target| (target, own)));
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(colours);
    let lines = match std::env::var_os("JOURNAL_STREAM") {
        Some(_) => lines.without_time().boxed(),
        None => lines.boxed(),
    };
    let log = tracing_subscriber::registry().with(lines).with(filter);
    // A process that logs already goes on as it began.
    let _logs_already = log.try_init();
}
