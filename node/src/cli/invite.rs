//! `linli invite`: makes an invitation.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request};
use protocol::id::MemberId;
use protocol::invitation::InvitedAs;
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, lifetime, plain, resolve, roster, session};

/// Options of `invite`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// How many may use it
    #[arg(long, value_name = "NUMBER", default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..=512))]
    uses: u32,
    /// How long it holds: 30m, 12h, 7d, 2w
    #[arg(long = "expires", value_name = "SPAN", default_value = "7d",
        value_parser = lifetime::parse)]
    lifetime_ms: i64,
    /// Invites as a guest, who reads and may comment
    #[arg(long, conflicts_with = "relay")]
    guest: bool,
    /// Invites a relay
    #[arg(long)]
    relay: bool,
    /// The household whose place the one invited takes
    #[arg(long, value_name = "HOUSEHOLD", conflicts_with_all = ["guest", "relay"])]
    successor_of: Option<String>,
    /// An address of this node to put in; those it listens on when none (repeatable)
    #[arg(long, value_name = "ADDRESS")]
    address: Vec<String>,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let successor_of = match &args.successor_of {
            Some(called) => Some(resolve::member(&roster::read(session).await?, called)?),
            None => None,
        };
        session.call(asked(args, successor_of)).await
    });
    let Answer::Invitation {
        invitation,
        uses,
        expires_ms,
    } = answer.await?
    else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return output.json(&json!({
            "invitation": invitation,
            "uses": uses,
            "expires_ms": expires_ms,
        }));
    }
    output.line(&invitation)?;
    context.remark(Message::Invited {
        uses,
        expires: &plain::time(expires_ms),
    });
    Ok(())
}

fn asked(args: Args, successor_of: Option<MemberId>) -> Request {
    Request::Invite {
        successor_of,
        uses: args.uses,
        lifetime_ms: args.lifetime_ms,
        invited_as: match (args.guest, args.relay) {
            (true, _) => InvitedAs::Guest,
            (_, true) => InvitedAs::Relay,
            _ => InvitedAs::Household,
        },
        addresses: args.address,
    }
}
