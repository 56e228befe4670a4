//! `linli relay`: runs a relay, which replicates for a building and has no household.

use std::time::Duration;

use clap::Args as ClapArgs;

use super::error::CliError;
use super::init::name;
use super::join::{Joining, join};
use super::output::Output;
use super::{Context, node};
use crate::setup::{HomeState, Joiner, inspect};

/// Where a relay listens when nothing is said: at a port that a router can be told of.
const LISTEN_DEFAULT: [&str; 2] = ["/ip4/0.0.0.0/tcp/4101", "/ip4/0.0.0.0/udp/4101/quic-v1"];

/// Options of `relay`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(flatten)]
    node: node::Args,
    /// Joins by a relay's invitation first; - reads it from standard input
    #[arg(long, value_name = "INVITATION", requires = "name")]
    join: Option<String>,
    /// The relay's name, with --join
    #[arg(long, value_name = "NAME", requires = "join")]
    name: Option<String>,
    /// The building it serves, with --join
    #[arg(long, value_name = "BUILDING", requires = "join")]
    building: Option<String>,
    /// Seconds to wait for admission, with --join
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    wait: u32,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if let (Some(invitation), Some(called)) = (args.join, args.name) {
        let joining = Joining {
            invitation,
            joiner: Joiner::Relay {
                name: name("name", called)?,
                building: args
                    .building
                    .map(|text| name("building", text))
                    .transpose()?,
            },
            dial: args.node.dial.clone(),
            wait: Duration::from_secs(args.wait.into()),
        };
        join(joining, context, output).await?;
    }
    if let HomeState::Present { relay: false, .. } = inspect(&context.home)? {
        return Err(CliError::WrongMode { is_relay: false });
    }
    node::run_until_stopped(args.node, &LISTEN_DEFAULT, context, output).await
}
