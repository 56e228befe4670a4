//! `linli mine` and `linli help-given`: what is this household's to do, and what it did and got.

use std::collections::BTreeSet;

use clap::Args as ClapArgs;
use protocol::api::{Answer, DocumentView, ListQuery, Request};
use protocol::id::{DocumentId, MemberId};
use serde_json::{Map, Value, json};

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
/// Minutes in an hour.
const HOUR: i64 = 60;

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

/// One help, as a household remembers it.
struct Help<'v> {
    request: &'v DocumentView,
    helper: MemberId,
    helper_name: &'v Value,
    minutes: Option<i64>,
}

/// Runs `linli help-given`.
pub async fn help_given(context: &Context, output: &mut Output) -> Result<(), CliError> {
    session::with(context, async |session| {
        let me = own(session).await?;
        let query = ListQuery {
            kind: Some("request".to_owned()),
            states: ["confirmed", "gone"].map(str::to_owned).into(),
            ..ListQuery::default()
        };
        let requests = list::everything(session, query, None).await?;
        let helps: Vec<Help<'_>> = requests.iter().flat_map(helps).collect();
        tell_given(&helps, me, context, output)
    })
    .await
}

async fn own(session: &Session) -> Result<MemberId, CliError> {
    match session.call(Request::Status).await? {
        Answer::Status(status) => Ok(status.member.map(|member| member.id).unwrap_or_default()),
        _ => Err(CliError::OtherAnswer),
    }
}

fn helps(request: &DocumentView) -> impl Iterator<Item = Help<'_>> {
    let offers = request.fields.get("offers").and_then(Value::as_array);
    let offers = offers.into_iter().flatten().filter_map(Value::as_object);
    offers.filter_map(move |offer: &Map<String, Value>| {
        let state = offer.get("state").and_then(Value::as_str)?;
        let by = offer.get("by")?;
        matches!(state, "done" | "gone").then_some(())?;
        Some(Help {
            request,
            helper: by.get("id")?.as_str()?.parse().ok()?,
            helper_name: by,
            minutes: offer.get("agreed_minutes").and_then(Value::as_i64),
        })
    })
}

fn tell_given(
    helps: &[Help<'_>],
    me: MemberId,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let given: Vec<&Help<'_>> = helps.iter().filter(|help| help.helper == me).collect();
    let got = helps.iter().filter(|help| help.request.author.id == me);
    let got: Vec<&Help<'_>> = got.collect();
    let minutes: i64 = helps.iter().filter_map(|help| help.minutes).sum();
    if context.json {
        let told = |help: &&Help<'_>| {
            json!({
                "request": help.request.id,
                "title": help.request.fields.get("title"),
                "requester": help.request.author,
                "helper": help.helper_name,
                "minutes": help.minutes,
            })
        };
        return output.json(&json!({
            "given": given.iter().map(told).collect::<Vec<_>>(),
            "received": got.iter().map(told).collect::<Vec<_>>(),
            "neighbourhood": { "helps": helps.len(), "minutes": minutes },
        }));
    }
    for (heading, helps) in [(Helping::Given, given), (Helping::Received, got)] {
        output.line(context.text(heading.into()))?;
        for help in helps {
            let id: DocumentId = help.request.id;
            let hours = help.minutes.map(hours).unwrap_or_default();
            let title = list::headline(help.request);
            output.line(format!("  {}  {title}  {hours}", id.short()))?;
        }
    }
    let helps = helps.len();
    let hours = hours(minutes);
    let totals = Helping::Totals {
        helps,
        hours: &hours,
    };
    output.line(context.text(totals.into()))
}

/// Writes minutes as hours and minutes, `1:30`.
fn hours(minutes: i64) -> String {
    format!("{}:{:02}", minutes / HOUR, minutes % HOUR)
}
