//! `linli comment`: writes a comment, a document of its own that is about another.

use std::collections::BTreeMap;

use clap::Args as ClapArgs;
use protocol::api::{Draft, Request};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::post::{put_household, tell_written};
use super::{Context, fields, resolve, session};

/// Options of `comment`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
    /// The text; - reads it from standard input
    #[arg(long, value_name = "TEXT")]
    body: String,
    /// For a household without a device, which is recorded so
    #[arg(long = "for", value_name = "HOUSEHOLD")]
    household: Option<String>,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let body = fields::text_or_input(args.body)?;
    let answer = session::with(context, async |session| {
        let about = resolve::document(session, &args.id).await?;
        let fields = [("about", json!(about)), ("body", json!(body))];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        let mut fields = BTreeMap::from(fields);
        put_household(args.household.as_deref(), &mut fields, session).await?;
        let draft = Draft {
            kind: "comment".to_owned(),
            fields,
        };
        session.call(Request::Post(draft)).await
    });
    tell_written(answer.await?, context, output)
}
