//! `linli history`: what was changed in a document, and by whom.

use clap::Args as ClapArgs;
use protocol::api::{Answer, ChangeStatus, ChangeView, FieldChange, PieceKind, Request};

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, list, plain, resolve, session};

/// Options of `history`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        session.call(Request::History { document }).await
    });
    let Answer::History(history) = answer.await? else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return output.json(&*history);
    }
    for change in &history.changes {
        for line in describe(change, context) {
            output.line(line)?;
        }
    }
    Ok(())
}

fn describe(change: &ChangeView, context: &Context) -> Vec<String> {
    let mut heading = format!(
        "{}  {}  {}",
        plain::time(change.time_ms),
        change.entry.short(),
        list::person(&change.by)
    );
    if change.status == ChangeStatus::Excluded {
        heading.push_str(&context.text(Message::ChangeExcluded));
    }
    let mut lines = vec![heading];
    lines.extend(change.fields.iter().map(field));
    for fact in &change.facts {
        lines.push(format!("  {} +", plain::line(&fact.list)));
        let fields = fact.fields.iter();
        lines
            .extend(fields.map(|(name, value)| {
                format!("    {}: {}", plain::line(name), plain::value(value))
            }));
    }
    for text in &change.texts {
        lines.push(format!("  {}", plain::line(&text.field)));
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

fn field(change: &FieldChange) -> String {
    let shown = |value: &Option<serde_json::Value>| match value {
        Some(value) => plain::value(value),
        None => String::new(),
    };
    let name = plain::line(&change.field);
    match change.old {
        Some(_) => format!("  {name}: {} → {}", shown(&change.old), shown(&change.new)),
        None => format!("  {name}: {}", shown(&change.new)),
    }
}
