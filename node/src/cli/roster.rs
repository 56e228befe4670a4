//! `linli roster`: who may do what, who granted it, and what does not count.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request, RosterMember, RosterView};
use protocol::id::MemberId;

use super::error::CliError;
use super::output::Output;
use super::say::{Governing, Household, Message};
use super::session::Session;
use super::{Context, plain, recorded, session, table};

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
    let recorded = roster.recorded.iter().map(|recorded| {
        vec![
            recorded.id.short(),
            context.text(Message::MemberKind {
                kind: "household",
                removed: recorded.ended.is_some(),
            }),
            plain::line(&recorded.name),
            plain::line(recorded.building.as_deref().unwrap_or_default()),
            recorded::remark(recorded, context),
        ]
    });
    let rows: Vec<Vec<String>> = members.chain(recorded).chain(relays).collect();
    for line in table::columns(&rows) {
        output.line(line)?;
    }
    tell_offices(&roster, context, output)?;
    output.line("")?;
    output.line(context.text(Governing::Governance(&roster.governance).into()))?;
    if !roster.powers.is_empty() {
        output.line("")?;
        output.line(context.text(Governing::PowersFollow.into()))?;
    }
    for powers in &roster.powers {
        let line = context.text(
            Governing::Powers {
                capacity: &powers.capacity,
                may: &powers.may,
            }
            .into(),
        );
        output.line(format!("  {line}"))?;
    }
    tell_excluded(&roster, context, output)
}

fn tell_offices(
    roster: &RosterView,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    if !roster.offices.is_empty() {
        output.line("")?;
        output.line(context.text(Governing::OfficesFollow.into()))?;
    }
    for office in &roster.offices {
        let named = |members: &[MemberId]| -> Vec<String> {
            members.iter().map(|id| called(*id, roster)).collect()
        };
        let line = context.text(
            Governing::Office {
                name: &plain::line(&office.name),
                stewards: &named(&office.stewards),
                spokespeople: &named(&office.spokespeople),
                added_as: &office.added.acted_as,
            }
            .into(),
        );
        output.line(format!("  {}  {line}", office.id.short()))?;
    }
    Ok(())
}

fn tell_excluded(
    roster: &RosterView,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    if !roster.excluded.is_empty() {
        output.line("")?;
        output.line(context.text(Message::ExcludedFollow))?;
    }
    for statement in &roster.excluded {
        let by = statement.member.map(|id| called(id, roster));
        let line = context.text(
            Governing::Excluded {
                id: &statement.id.short(),
                act: statement.act.as_deref(),
                by: by.as_deref().unwrap_or_default(),
                acted_as: statement.acted_as.as_ref(),
                reason: &statement.reason,
            }
            .into(),
        );
        output.line(format!("  {line}"))?;
    }
    Ok(())
}

/// What a member is called in the roster.
pub fn called(id: MemberId, roster: &RosterView) -> String {
    let member = roster.members.iter().find(|member| member.id == id);
    member.map_or_else(|| id.short(), |member| plain::line(&member.shown_name()))
}

/// Reads the roster.
pub async fn read(session: &Session) -> Result<RosterView, CliError> {
    match session.call(Request::Roster).await? {
        Answer::Roster(roster) => Ok(*roster),
        _ => Err(CliError::OtherAnswer),
    }
}

fn row(member: &RosterMember, roster: &RosterView, context: &Context) -> Vec<String> {
    let roles = member.roles.iter().filter(|role| !role.cut).map(|role| {
        let of = role
            .office
            .map(|office| called(office, roster))
            .or_else(|| role.building.clone());
        let id = role.appointment.short();
        let by = role.appointed.as_ref().map(|appointed| {
            let by = appointed.by.map(|by| called(by, roster));
            context.text(
                Governing::Acting {
                    by: by.as_deref().unwrap_or_default(),
                    acted_as: &appointed.acted_as,
                }
                .into(),
            )
        });
        context.text(Message::Role {
            role: &plain::line(&role.role),
            of: of.as_deref(),
            appointment: &id,
            by: by.as_deref(),
        })
    });
    let mut remarks: Vec<String> = roles.collect();
    if member.founder {
        remarks.insert(0, context.text(Message::Founder));
    }
    if member.moved_out {
        remarks.push(context.text(Household::MovedOut.into()));
    }
    if let Some(of) = member.successor_of {
        let of = &called(of, roster);
        remarks.push(context.text(Household::InPlaceOf { of }.into()));
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
        plain::line(&member.shown_name()),
        plain::line(member.building.as_deref().unwrap_or_default()),
        remarks.join(", "),
    ]
}
