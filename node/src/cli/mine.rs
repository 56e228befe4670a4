//! `linli mine` and `linli help-given`: what is this household's to do, and what it did and got.

use std::collections::BTreeSet;

use clap::Args as ClapArgs;
use protocol::api::{Answer, DocumentView, ListQuery, Request};
use protocol::id::MemberId;
use serde_json::{Value, json};
use tui::helped::{Help, Helped, hours};

use super::error::CliError;
use super::output::Output;
use super::say::{self, Helping};
use super::session::Session;
use super::{Context, list, plain, session};

/// Kinds whose documents run a course of help.
const KINDS: &[&str] = &["request", "standing-offer"];
/// States in which something may still happen.
const RUNNING: &[&str] = &[
    "open",
    "offered",
    "matched",
    "double-booked",
    "in-progress",
    "done",
    "standing",
];

/// `mine` has no options of its own.
#[derive(Debug, ClapArgs)]
pub struct MineArgs {}

/// `help-given` has no options of its own.
#[derive(Debug, ClapArgs)]
pub struct HelpGivenArgs {}

/// Runs `linli mine`: what waits for the household first, then what runs with its part in it.
pub async fn mine(context: &Context, output: &mut Output) -> Result<(), CliError> {
    session::with(context, async |session| {
        let Answer::Today(today) = session.call(Request::Today).await? else {
            return Err(CliError::OtherAnswer);
        };
        let mut told = BTreeSet::new();
        let mut lines = Vec::new();
        for waiting in today.waiting {
            if KINDS.contains(&waiting.document.kind.as_str()) {
                told.insert(waiting.document.id);
                let why = serde_json::to_value(waiting.why).unwrap_or_default();
                lines.push((waiting.document, why, waiting.until_ms));
            }
        }
        for kind in KINDS {
            let query = ListQuery {
                kind: Some((*kind).to_owned()),
                mine: true,
                states: RUNNING.iter().map(ToString::to_string).collect(),
                ..ListQuery::default()
            };
            let running = list::everything(session, query, None).await?;
            let running = running.into_iter().filter(|item| !told.contains(&item.id));
            lines.extend(running.map(|item| (item, Value::Null, None)));
        }
        tell_mine(&lines, context, output)
    })
    .await
}

fn tell_mine(
    lines: &[(DocumentView, Value, Option<i64>)],
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    if context.json {
        return lines.iter().try_for_each(|(document, why, until_ms)| {
            output.json(&json!({ "document": document, "why": why, "until_ms": until_ms }))
        });
    }
    if lines.is_empty() {
        return output.line(context.text(Helping::NothingMine.into()));
    }
    let words = say::words(context.language);
    for (document, why, until_ms) in lines {
        let kind = &document.kind;
        let state = document.state.as_deref().unwrap_or_default();
        let why = match why.as_str() {
            Some(why) => words.text(&format!("waiting-{why}")),
            None => words.state(kind, state),
        };
        let until = until_ms.map(plain::time).map(|time| format!(" (→ {time})"));
        let until = until.unwrap_or_default();
        let (id, title) = (document.id.short(), list::headline(document));
        output.line(format!("{id}  {title}: {why}{until}"))?;
    }
    Ok(())
}

/// Runs `linli help-given`.
pub async fn help_given(context: &Context, output: &mut Output) -> Result<(), CliError> {
    session::with(context, async |session| {
        let me = own(session).await?;
        let requests = list::everything(session, Helped::query(), None).await?;
        tell_given(&Helped::of(&requests, me), context, output)
    })
    .await
}

async fn own(session: &Session) -> Result<Option<MemberId>, CliError> {
    match session.call(Request::Status).await? {
        Answer::Status(status) => Ok(status.member.map(|member| member.id)),
        _ => Err(CliError::OtherAnswer),
    }
}

fn tell_given(helped: &Helped, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if context.json {
        let told = |help: &Help| {
            json!({
                "request": help.request,
                "title": help.title,
                "requester": help.requester,
                "helper": help.helper,
                "minutes": help.minutes,
            })
        };
        return output.json(&json!({
            "given": helped.given.iter().map(told).collect::<Vec<_>>(),
            "received": helped.received.iter().map(told).collect::<Vec<_>>(),
            "neighbourhood": { "helps": helped.helps, "minutes": helped.minutes },
        }));
    }
    for (heading, helps) in [
        (Helping::Given, &helped.given),
        (Helping::Received, &helped.received),
    ] {
        output.line(context.text(heading.into()))?;
        for help in helps {
            let hours = help.minutes.map(hours).unwrap_or_default();
            let title = plain::line(&help.title);
            output.line(format!("  {}  {title}  {hours}", help.request.short()))?;
        }
    }
    let totals = Helping::Totals {
        helps: helped.helps,
        hours: &hours(helped.minutes),
    };
    output.line(context.text(totals.into()))
}
