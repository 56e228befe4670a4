//! `linli edit`: changes fields of a document.

use clap::Args as ClapArgs;
use protocol::api::Request;

use super::error::CliError;
use super::fields::Fields;
use super::output::Output;
use super::post::tell_written;
use super::{Context, resolve, session};

/// Options of `edit`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
    #[command(flatten)]
    fields: Fields,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let fields = args.fields.values()?;
    if fields.is_empty() {
        return Err(CliError::NothingToChange);
    }
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        session.call(Request::Edit { document, fields }).await
    });
    tell_written(answer.await?, context, output)
}
