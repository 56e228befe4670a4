//! `linli node`: runs this home's node until it is told to stop.

use std::time::Duration;

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request, Status};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::error::CliError;
use super::log::{self, Detail};
use super::output::Output;
use super::say::Message;
use super::{Context, passphrase, plain};
use crate::core::Manner;
use crate::running::{self, NodeOptions, RunningNode};
use crate::setup::{HomeState, inspect};

/// Where a household's node listens when nothing is said: at ports that the system chooses.
pub const LISTEN_DEFAULT: [&str; 2] = ["/ip4/0.0.0.0/tcp/0", "/ip4/0.0.0.0/udp/0/quic-v1"];

/// Time that a node may take until it listens, before it is announced without addresses.
const LISTENING_WAIT_MAX: Duration = Duration::from_secs(2);

/// Pause between two looks at whether it listens.
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// Options of `node`, and of a relay.
#[derive(Debug, ClapArgs)]
#[group(skip)]
pub struct Args {
    /// An address to listen on (repeatable)
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Vec<String>,
    /// An address to dial (repeatable)
    #[arg(long, value_name = "ADDRESS")]
    pub dial: Vec<String>,
    /// Neither looks for nodes on the local network nor lets itself be found there
    #[arg(long)]
    pub no_mdns: bool,
    /// How much to log on standard error
    #[arg(
        long,
        value_enum,
        value_name = "LEVEL",
        env = "LINLI_LOG",
        default_value = "warn"
    )]
    pub log: Detail,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if let HomeState::Present { relay: true, .. } = inspect(&context.home)? {
        return Err(CliError::WrongMode { is_relay: true });
    }
    run_until_stopped(args, &LISTEN_DEFAULT, context, output).await
}

/// Runs a node until a signal, or until it fails.
///
/// # Errors
///
/// [`CliError`] when it cannot start, or ends by itself.
pub async fn run_until_stopped(
    args: Args,
    listen_default: &[&str],
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    log::begin(args.log);
    let listen = if args.listen.is_empty() {
        listen_default
            .iter()
            .map(|&address| address.to_owned())
            .collect()
    } else {
        args.listen
    };
    let options = NodeOptions {
        unlock: passphrase::for_the_home(context)?,
        listen,
        dial: args.dial,
        mdns: !args.no_mdns,
        network: true,
    };
    // Listened to before the start, so that a stop during it is not lost.
    let mut interrupt = signal(SignalKind::interrupt()).map_err(CliError::Machine)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(CliError::Machine)?;
    let mut node = running::start(&context.home, options).await?;
    if let Err(error) = announce(&node, context, output).await {
        node.stop().await?;
        return Err(error);
    }
    let _no_service = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    let ended = tokio::select! {
        _ = interrupt.recv() => None,
        _ = terminate.recv() => None,
        ended = node.ended() => Some(ended),
    };
    let _no_service = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    if let Some(ended) = ended {
        return Err(ended.into());
    }
    context.remark(Message::Stopping);
    Ok(node.stop().await?)
}

async fn announce(
    node: &RunningNode,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let status = listening(node, context).await?;
    if context.json {
        output.json(&json!({
            "device": status.device,
            "mode": status.mode,
            "pending": status.pending,
            "listening": status.listening,
            "socket": node.socket(),
        }))?;
    } else {
        for line in describe(&status, context) {
            output.line(line)?;
        }
    }
    output.flush()
}

/// Asks the node how it is until it listens, or too long has passed to wait for that.
async fn listening(node: &RunningNode, context: &Context) -> Result<Status, CliError> {
    let begun = tokio::time::Instant::now();
    let manner = Manner {
        language: context.language,
        settled: false,
    };
    loop {
        let answer = node.core().call(Request::Status, manner).await;
        let answer = answer.map_err(tui::client::ClientError::Refused)?;
        let Answer::Status(status) = answer else {
            return Err(CliError::OtherAnswer);
        };
        if !status.listening.is_empty() || begun.elapsed() > LISTENING_WAIT_MAX {
            return Ok(*status);
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}

fn describe(status: &Status, context: &Context) -> Vec<String> {
    let neighbourhood = plain::line(&status.neighbourhood);
    let mut lines = vec![context.text(Message::NodeRuns {
        neighbourhood: &neighbourhood,
        pending: status.pending,
    })];
    let addresses = status.listening.iter();
    lines.extend(addresses.map(|address| format!("  {}", plain::line(address))));
    lines
}
