//! `linli roster`: who may do what.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request, RosterMember, RosterView};

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::session::Session;
use super::{Context, plain, session, table};

/// Options of `roster`.
#[derive(Debug, ClapArgs)]
pub struct Args {}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Args {} = args;
    let roster = session::with(context, read).await?;
    if context.json {
        return output.json(&roster);
    }
    let members = roster
        .members
        .iter()
        .map(|member| row(member, &roster, context));
    let relays = roster.relays.iter().map(|relay| {
        vec![
            relay.device.short(),
            context.text(Message::Relay { cut: relay.cut }),
            plain::line(&relay.name),
            plain::line(relay.building.as_deref().unwrap_or_default()),
        ]
    });
    let rows: Vec<Vec<String>> = members.chain(relays).collect();
    for line in table::columns(&rows) {
        output.line(line)?;
    }
    if !roster.excluded.is_empty() {
        output.line("")?;
        output.line(context.text(Message::ExcludedFollow))?;
        for statement in &roster.excluded {
            let reason = plain::line(&statement.reason);
            output.line(format!("{}  {reason}", statement.id.short()))?;
        }
    }
    Ok(())
}

/// Reads the roster.
pub async fn read(session: &Session) -> Result<RosterView, CliError> {
    match session.call(Request::Roster).await? {
        Answer::Roster(roster) => Ok(*roster),
        _ => Err(CliError::OtherAnswer),
    }
}

fn row(member: &RosterMember, roster: &RosterView, context: &Context) -> Vec<String> {
    let office_name = |id| {
        let office = roster.members.iter().find(|member| member.id == id);
        office.map_or_else(|| id.short(), |office| plain::line(&office.name))
    };
    let roles = member.roles.iter().filter(|role| !role.cut).map(|role| {
        let of = role
            .office
            .map(office_name)
            .or_else(|| role.building.clone());
        let id = role.appointment.short();
        context.text(Message::Role {
            role: &plain::line(&role.role),
            of: of.as_deref(),
            appointment: &id,
        })
    });
    let mut remarks: Vec<String> = roles.collect();
    if member.founder {
        remarks.insert(0, context.text(Message::Founder));
    }
    if member
        .devices
        .iter()
        .any(|device| device.forked && !device.cut)
    {
        remarks.push(context.text(Message::Forked));
    }
    vec![
        member.id.short(),
        context.text(Message::MemberKind {
            kind: &plain::line(&member.kind),
            removed: member.removed,
        }),
        plain::line(&member.name),
        plain::line(member.building.as_deref().unwrap_or_default()),
        remarks.join(", "),
    ]
}
