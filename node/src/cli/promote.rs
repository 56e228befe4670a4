//! `linli promote`: makes a guest a household.

use clap::Args as ClapArgs;
use protocol::api::Request;

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::{Context, resolve, roster, session};

/// Options of `promote`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The guest: what it is called, its name or the beginning of it
    guest: String,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let roster = roster::read(session).await?;
        let member = resolve::member(&roster, &args.guest)?;
        session.call(Request::Promote { member }).await
    });
    tell_written(answer.await?, context, output)
}
