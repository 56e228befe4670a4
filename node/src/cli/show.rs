//! `linli show`: one document with its comments.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Completeness, DocumentView, Request};
use serde_json::{Value, json};
use tui::words::Part;

use super::error::CliError;
use super::output::Output;
use super::say::{self, Helping, Message, Moderating};
use super::telling::Telling;
use super::{Context, fields, list, moderation, plain, resolve, session};

/// Options of `show`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
    /// Shows what moderation has taken out of view as well
    #[arg(long)]
    hidden: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        let request = match args.hidden {
            true => Request::ShowHidden { document },
            false => Request::Show { document },
        };
        let answer = session.call(request).await?;
        let Answer::Document { document, comments } = &answer else {
            return Err(CliError::OtherAnswer);
        };
        if context.json {
            return output.json(&json!({ "document": document, "comments": comments }));
        }
        let telling = Telling::of(&answer, &document.kind, session, context).await?;
        for line in describe(document, &telling, context) {
            output.line(line)?;
        }
        comments
            .iter()
            .try_for_each(|comment| tell_comment(comment, context, output))
    })
    .await
}

fn tell_comment(
    comment: &DocumentView,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    output.line("")?;
    let time = plain::time(comment.created_ms);
    output.line(format!("— {}, {time}", list::member(comment, context)))?;
    match (&comment.moderation, comment.fields.get("body")) {
        (_, Some(body)) => output.line(plain::value(body))?,
        (Some(act), None) => {
            for line in moderation::describe(act, context) {
                output.line(line)?;
            }
        }
        (None, None) => output.line("")?,
    }
    match comment.delivery {
        Some(delivery) => output.line(context.text(Message::Delivery(delivery))),
        None => Ok(()),
    }
}

fn describe(document: &DocumentView, telling: &Telling<'_>, context: &Context) -> Vec<String> {
    let mut lines = Vec::new();
    if document.fields.get("urgent") == Some(&Value::Bool(true)) {
        let numbers = context.emergency_numbers();
        lines.push(context.text(Helping::Emergency(&numbers).into()));
    }
    lines.extend([
        list::headline(document),
        format!(
            "{}  {}  {}",
            context.text(Message::KindAndState {
                kind: &plain::line(&document.kind),
                state: document.state.as_deref(),
            }),
            list::member(document, context),
            plain::time(document.created_ms),
        ),
        document.id.to_string(),
    ]);
    lines.extend(next(document, context));
    if document.time_ahead {
        lines.push(context.text(Message::TimeAhead));
    }
    if document.completeness != Completeness::Complete {
        lines.push(context.text(Message::Completeness(document.completeness)));
    }
    if let Some(delivery) = document.delivery {
        lines.push(context.text(Message::Delivery(delivery)));
    }
    if document.blocked {
        lines.push(context.text(Moderating::Blocked.into()));
    }
    if let Some(act) = &document.moderation {
        let id = document.id.short();
        lines.push(context.text(Moderating::OutOfView { id: &id }.into()));
        lines.extend(moderation::describe(act, context));
    }
    lines.extend(telling.document(document));
    let text = fields::text_field(&document.kind);
    if let Some(body) = document.fields.get(text) {
        lines.push(String::new());
        lines.push(plain::value(body));
    }
    lines
}

/// Says who acts next, and by when.
fn next(document: &DocumentView, context: &Context) -> Option<String> {
    let state = document.state.as_deref()?;
    let said = say::words(context.language).next(&document.kind, state, Part::Other);
    let by_ms = document.next.iter().filter_map(|next| next.by_ms).min();
    let by = by_ms.map(|by_ms| format!(" (→ {})", plain::time(by_ms)));
    (!said.is_empty()).then(|| format!("{said}{}", by.unwrap_or_default()))
}
