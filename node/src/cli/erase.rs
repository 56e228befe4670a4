//! `linli erase`: takes back what a document says, here and wherever it is held.

use clap::Args as ClapArgs;
use protocol::api::Request;

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::{Context, resolve, session};

/// Options of `erase`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The document: its name or the beginning of it
    id: String,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        session.call(Request::Erase { document }).await
    });
    tell_written(answer.await?, context, output)
}
