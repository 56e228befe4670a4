//! `linli details`: what is told about a document in confidence.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Confidential, DetailView, Request};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::say::Message;
use super::{Context, fields, plain, resolve, session};

/// Options of `details`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
    /// Tells this in confidence, in place of what was told before; - reads it from standard input
    #[arg(long, value_name = "TEXT", conflicts_with = "erase")]
    set: Option<String>,
    /// Erases what this household told
    #[arg(long)]
    erase: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let text = args.set.map(fields::text_or_input).transpose()?;
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        let request = match text.map(Confidential::new) {
            Some(text) => Request::PutDetails { document, text },
            None if args.erase => Request::EraseDetails { document },
            None => Request::Details { document },
        };
        session.call(request).await
    });
    match answer.await? {
        Answer::Details { details } => tell(&details, context, output),
        answer => tell_written(answer, context, output),
    }
}

fn tell(details: &[DetailView], context: &Context, output: &mut Output) -> Result<(), CliError> {
    if context.json {
        return output.json(&json!({ "details": details }));
    }
    if details.is_empty() {
        return output.line(context.text(Message::NothingFound));
    }
    for (number, detail) in details.iter().enumerate() {
        if number > 0 {
            output.line("")?;
        }
        let by = plain::line(&detail.by.name);
        output.line(format!("— {by}, {}", plain::time(detail.time_ms)))?;
        match &detail.text {
            Some(text) => output.line(plain::paragraphs(text.expose()))?,
            None => output.line(context.text(Message::NotForYou))?,
        }
        let readers: Vec<String> = detail
            .readers
            .iter()
            .map(|one| plain::line(&one.name))
            .collect();
        output.line(context.text(Message::Readers { readers: &readers }))?;
    }
    Ok(())
}
