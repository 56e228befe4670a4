//! `linli ack` and `linli outstanding`: that a notice was taken note of, and by whom it was not yet.

use std::collections::BTreeMap;

use clap::Args as ClapArgs;
use protocol::api::Request;
use protocol::id::{DocumentId, EntryId};
use protocol::kind::FOR_HOUSEHOLD;
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::print::acknowledgements;
use super::resolve::ActedFor;
use super::say;
use super::session::Session;
use super::{Context, list, plain, resolve, roster, session, table};

/// Options of `ack`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The notice: its name or the beginning of it
    id: String,
    /// For another household, which is recorded so
    #[arg(long = "for", value_name = "HOUSEHOLD")]
    household: Option<String>,
    /// It was signed on paper
    #[arg(long)]
    paper: bool,
    /// The edition that was signed, as the sheet says; otherwise the newest
    #[arg(long, value_name = "NUMBER", requires = "paper")]
    edition: Option<usize>,
}

/// Options of `outstanding`.
#[derive(Debug, ClapArgs)]
pub struct OutstandingArgs {
    /// The notice: its name or the beginning of it
    id: String,
}

/// Acknowledges a notice.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        let way = match (args.paper, &args.household) {
            (true, _) => "paper",
            (false, Some(_)) => "proxy",
            (false, None) => "self",
        };
        let mut word = json!({ "way": way });
        if let Some(name) = &args.household {
            let roster = roster::read(session).await?;
            match resolve::household(&roster, name)? {
                ActedFor::Recorded(id) => word[FOR_HOUSEHOLD.name] = json!(id),
                ActedFor::Member(id) => word["household"] = json!(id),
            }
        }
        let fields = BTreeMap::from([("acknowledgements".to_owned(), word)]);
        let base = match args.edition {
            None => Vec::new(),
            Some(number) => vec![edition(session, document, number).await?],
        };
        let edit = Request::Edit {
            document,
            fields,
            base,
        };
        session.call(edit).await
    });
    tell_written(answer.await?, context, output)
}

/// Returns the entry by which an edition of a notice came to be.
async fn edition(
    session: &Session,
    notice: DocumentId,
    number: usize,
) -> Result<EntryId, CliError> {
    let told = acknowledgements(session, notice).await?;
    let newest = told.editions.len();
    match told.edition(number) {
        Some(edition) if edition.counts => Ok(edition.entry),
        _ => Err(CliError::Edition { number, newest }),
    }
}

/// Lists who has not acknowledged a notice.
pub async fn outstanding(
    args: OutstandingArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let told = session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        acknowledgements(session, document).await
    })
    .await?;
    if context.json {
        return output.json(&told);
    }
    let words = say::words(context.language);
    output.line(words.acknowledged(&told))?;
    if let Some(beside) = words.acknowledged_beside(&told) {
        output.line(beside)?;
    }
    let members = told.outstanding.iter().map(|member| {
        vec![
            member.id.short(),
            plain::line(&list::person(member)),
            String::new(),
        ]
    });
    let recorded = told.outstanding_recorded.iter().map(|outstanding| {
        let acting: Vec<String> = outstanding.proxies.iter().map(list::person).collect();
        let acting = words.acting(&acting);
        vec![
            outstanding.household.id.short(),
            plain::line(&words.recorded(&outstanding.household)),
            format!("{}  {acting}", words.text("recorded-no-device")),
        ]
    });
    let rows: Vec<Vec<String>> = members.chain(recorded).collect();
    table::columns(&rows)
        .iter()
        .try_for_each(|line| output.line(line))
}
