//! `linli peers`: known peers; `--dial` adds one.

use clap::Args as ClapArgs;
use protocol::api::{Answer, PeerView, Request};

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, plain, session, table};

/// Options of `peers`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Dials an address and remembers it
    #[arg(long, value_name = "ADDRESS")]
    dial: Option<String>,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        if let Some(address) = args.dial {
            session.call(Request::Dial { address }).await?;
        }
        session.call(Request::Peers).await
    });
    let Answer::Peers { peers } = answer.await? else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return peers.iter().try_for_each(|peer| output.json(peer));
    }
    if peers.is_empty() {
        return output.line(context.text(Message::NoPeers));
    }
    let rows: Vec<Vec<String>> = peers.iter().map(|peer| row(peer, context)).collect();
    table::columns(&rows)
        .iter()
        .try_for_each(|line| output.line(line))
}

fn row(peer: &PeerView, context: &Context) -> Vec<String> {
    let member = peer.member.as_ref().map(|member| plain::line(&member.name));
    let member = member.or_else(|| peer.name.as_deref().map(plain::line));
    let device = peer.device.map(|device| device.short());
    vec![
        device.unwrap_or_else(|| "?".to_owned()),
        member.unwrap_or_default(),
        context.text(Message::Peer {
            connected: peer.connected,
            in_step: peer.in_step,
        }),
        peer.seen_ms.map(plain::time).unwrap_or_default(),
        plain::line(&peer.address),
    ]
}
