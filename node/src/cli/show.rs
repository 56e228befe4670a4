//! `linli show`: one document with its comments.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Completeness, DocumentView, Request};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::telling::Telling;
use super::{Context, fields, list, plain, resolve, session};

/// Options of `show`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        let answer = session.call(Request::Show { document }).await?;
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
    output.line(format!("— {}, {time}", list::member(comment)))?;
    let body = comment.fields.get("body").map(plain::value);
    output.line(body.unwrap_or_default())?;
    match comment.delivery {
        Some(delivery) => output.line(context.text(Message::Delivery(delivery))),
        None => Ok(()),
    }
}

fn describe(document: &DocumentView, telling: &Telling<'_>, context: &Context) -> Vec<String> {
    let mut lines = vec![
        list::headline(document),
        format!(
            "{}  {}  {}",
            context.text(Message::KindAndState {
                kind: &plain::line(&document.kind),
                state: document.state.as_deref(),
            }),
            list::member(document),
            plain::time(document.created_ms),
        ),
        document.id.to_string(),
    ];
    if document.time_ahead {
        lines.push(context.text(Message::TimeAhead));
    }
    if document.completeness != Completeness::Complete {
        lines.push(context.text(Message::Completeness(document.completeness)));
    }
    if let Some(delivery) = document.delivery {
        lines.push(context.text(Message::Delivery(delivery)));
    }
    lines.extend(telling.document(document));
    let text = fields::text_field(&document.kind);
    if let Some(body) = document.fields.get(text) {
        lines.push(String::new());
        lines.push(plain::value(body));
    }
    lines
}
