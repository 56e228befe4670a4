//! `linli device`: this household's devices, and giving one up.

use clap::{Args as ClapArgs, Subcommand};
use protocol::api::{Answer, CutTarget, Request};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::say::Message;
use super::{Context, resolve, roster, session, table};

/// Options of `device`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

/// What is done with devices.
#[derive(Debug, Subcommand)]
enum Action {
    /// Revokes a device of this household: nothing it signs from here on counts
    Revoke {
        /// The device: its name or the beginning of it
        device: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    match args.action {
        Some(Action::Revoke { device, reason }) => revoke(&device, reason, context, output).await,
        None => show(context, output).await,
    }
}

async fn revoke(
    name: &str,
    reason: String,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let roster = roster::read(session).await?;
        let target = CutTarget::Device(resolve::device(&roster, name)?);
        session.call(Request::Cut { target, reason }).await
    });
    tell_written(answer.await?, context, output)
}

async fn show(context: &Context, output: &mut Output) -> Result<(), CliError> {
    let (status, roster) = session::with(context, async |session| {
        let Answer::Status(status) = session.call(Request::Status).await? else {
            return Err(CliError::OtherAnswer);
        };
        Ok((status, roster::read(session).await?))
    })
    .await?;
    let own = status.member.map(|member| member.id);
    let members = roster.members.into_iter();
    let devices = members
        .filter(|member| Some(member.id) == own)
        .flat_map(|member| member.devices);
    let mut rows = Vec::new();
    for device in devices {
        let is_this = device.id == status.device;
        if context.json {
            output.json(&json!({
                "id": device.id,
                "this": is_this,
                "cut": device.cut,
                "forked": device.forked,
            }))?;
        } else {
            let state = context.text(Message::Device {
                this: is_this,
                cut: device.cut,
                forked: device.forked,
            });
            rows.push(vec![device.id.to_string(), state]);
        }
    }
    table::columns(&rows)
        .iter()
        .try_for_each(|line| output.line(line))
}
