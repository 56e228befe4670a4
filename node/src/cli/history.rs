//! `linli history`: what was changed in a document, and by whom.

use clap::Args as ClapArgs;
use protocol::api::{Answer, ChangeStatus, ChangeView, FieldChange, PieceKind, Request};
use protocol::kind::FOR_HOUSEHOLD;

use super::error::CliError;
use super::output::Output;
use super::say::{self, Message};
use super::telling::Telling;
use super::{Context, list, plain, resolve, session};

/// Fields of an acknowledgement that say whose it is.
const OF_HOUSEHOLDS: [&str; 2] = ["household", FOR_HOUSEHOLD.name];

/// Options of `history`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        let answer = session.call(Request::History { document }).await?;
        let Answer::History(history) = &answer else {
            return Err(CliError::OtherAnswer);
        };
        if context.json {
            return output.json(&**history);
        }
        // A history does not say of which kind the document is.
        let kind = match session.call(Request::Show { document }).await? {
            Answer::Document { document, .. } => document.kind,
            _ => return Err(CliError::OtherAnswer),
        };
        let telling = Telling::of(&answer, &kind, session, context).await?;
        let lines = history.changes.iter();
        lines
            .flat_map(|change| describe(change, &telling, context))
            .try_for_each(|line| output.line(line))
    })
    .await
}

fn describe(change: &ChangeView, telling: &Telling<'_>, context: &Context) -> Vec<String> {
    let is_named = telling.names_author_of(change);
    let by = match is_named {
        true => list::person(&change.by),
        false => say::words(context.language).text("neighbour-unnamed"),
    };
    let time = plain::time(change.time_ms);
    let mut heading = format!("{time}  {}  {by}", change.entry.short());
    if change.status == ChangeStatus::Excluded {
        heading.push_str(&context.text(Message::ChangeExcluded));
    }
    let mut lines = vec![heading];
    lines.extend(change.fields.iter().map(|change| field(change, telling)));
    for fact in &change.facts {
        lines.push(format!("  {} +", telling.list(&fact.list)));
        let fields = fact.fields.iter();
        let told = fields.filter(|(name, _)| is_named || !OF_HOUSEHOLDS.contains(&name.as_str()));
        for (name, value) in told {
            let said = telling.value(Some(&fact.list), name, value);
            let name = telling.name(Some(&fact.list), name);
            lines.push(format!("    {}", telling.labelled(&name, &said)));
        }
    }
    for text in &change.texts {
        lines.push(format!("  {}", telling.name(None, &text.field)));
        for piece in &text.pieces {
            let sign = match piece.kind {
                PieceKind::Inserted => '+',
                PieceKind::Deleted => '-',
            };
            lines.push(format!("    {sign} {}", plain::line(&piece.text)));
        }
    }
    lines
}

fn field(change: &FieldChange, telling: &Telling<'_>) -> String {
    let shown = |value: &Option<serde_json::Value>| match value {
        Some(value) => telling.value(None, &change.field, value),
        None => String::new(),
    };
    let said = match change.old {
        Some(_) => format!("{} → {}", shown(&change.old), shown(&change.new)),
        None => shown(&change.new),
    };
    let name = telling.name(None, &change.field);
    format!("  {}", telling.labelled(&name, &said))
}
