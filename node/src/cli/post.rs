//! `linli post`: writes a new document.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Draft, Request};
use protocol::id::EntryId;
use serde_json::json;

use super::error::CliError;
use super::fields::{self, Fields};
use super::output::Output;
use super::say::Message;
use super::{Context, plain, session};

/// Options of `post`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The kind: request, notice, plan
    kind: String,
    #[command(flatten)]
    fields: Fields,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let kind = fields::kind(&args.kind);
    let fields = args.fields.values(&kind)?;
    let draft = Draft { kind, fields };
    let request = Request::Post(draft);
    let answer = session::with(context, async |session| session.call(request).await).await?;
    tell_written(answer, context, output)
}

/// Tells what was written.
pub fn tell_written(
    answer: Answer,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let Answer::Written { id, warnings, .. } = answer else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return output.json(&written(id, &warnings));
    }
    output.line(context.text(Message::Written { id: &id.short() }))?;
    for warning in warnings {
        output.line(plain::line(&warning))?;
    }
    Ok(())
}

fn written(id: EntryId, warnings: &[String]) -> serde_json::Value {
    if warnings.is_empty() {
        json!({ "id": id })
    } else {
        json!({ "id": id, "warnings": warnings })
    }
}
