//! `linli mine` and `linli help-given`: what is this household's to do, and what it did and got.

use std::collections::BTreeSet;

use clap::Args as ClapArgs;
use protocol::api::{Answer, DocumentView, ListQuery, RecordedRef, Request, WaitingReason};
use serde_json::json;
use tui::digest::why;
use tui::helped::{Help, Helped, hours};

use super::error::CliError;
use super::output::Output;
use super::say::{self, Helping};
use super::telling::own;
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

/// A document that waits for the household, or that runs with its part in it.
struct Line {
    document: DocumentView,
    why: Option<WaitingReason>,
    until_ms: Option<i64>,
    /// The household without a device for which it is done.
    for_household: Option<RecordedRef>,
}

/// Runs `linli mine`: what waits for the household first, then what runs with its part in it.
pub async fn mine(context: &Context, output: &mut Output) -> Result<(), CliError> {
    session::with(context, async |session| {
        let Answer::Today(today) = session.call(Request::Today).await? else {
            return Err(CliError::OtherAnswer);
        };
        let me = own(session).await?;
        let mut told = BTreeSet::new();
        let mut lines = Vec::new();
        for waiting in today.waiting {
            if KINDS.contains(&waiting.document.kind.as_str()) {
                told.insert(waiting.document.id);
                lines.push(Line {
                    document: waiting.document,
                    why: Some(waiting.why),
                    until_ms: waiting.until_ms,
                    for_household: waiting.for_household,
                });
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
            lines.extend(running.map(|document| {
                Line {
                    why: None,
                    until_ms: None,
                    // Who helps does so for itself, whoever asked.
                    for_household: document
                        .for_household
                        .clone()
                        .filter(|_| Some(document.author.id) == me),
                    document,
                }
            }));
        }
        tell_mine(&lines, context, output)
    })
    .await
}

fn tell_mine(lines: &[Line], context: &Context, output: &mut Output) -> Result<(), CliError> {
    if context.json {
        return lines.iter().try_for_each(|line| {
            output.json(&json!({
                "document": line.document,
                "why": line.why,
                "until_ms": line.until_ms,
                "for_household": line.for_household,
            }))
        });
    }
    if lines.is_empty() {
        return output.line(context.text(Helping::NothingMine.into()));
    }
    let words = say::words(context.language);
    for line in lines {
        let document = &line.document;
        let state = document.state.as_deref().unwrap_or_default();
        let household = line.for_household.as_ref();
        let said = match line.why {
            Some(waits) => why(waits, household, words),
            None => words.done_for(&words.state(&document.kind, state), household),
        };
        let said = plain::line(&said);
        let until = line.until_ms.map(plain::time);
        let until = until.map(|time| format!(" (→ {time})"));
        let until = until.unwrap_or_default();
        let (id, title) = (document.id.short(), list::headline(document));
        output.line(format!("{id}  {title}: {said}{until}"))?;
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

fn tell_given(helped: &Helped, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if context.json {
        let told = |help: &Help| {
            json!({
                "request": help.request,
                "title": help.title,
                "requester": help.requester,
                "for_household": help.for_household,
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
