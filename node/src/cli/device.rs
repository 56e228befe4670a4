//! `linli device`: this household's devices.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, roster, session, table};

/// Options of `device`.
#[derive(Debug, ClapArgs)]
pub struct Args {}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Args {} = args;
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
