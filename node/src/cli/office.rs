//! `linli office add`: adds an organisation as a member.

use clap::{Args as ClapArgs, Subcommand};
use protocol::api::Request;

use super::error::CliError;
use super::init::name;
use super::output::Output;
use super::post::tell_written;
use super::{Context, session};

/// Options of `office`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done with offices.
#[derive(Debug, Subcommand)]
enum Action {
    /// Adds an office
    Add {
        /// Its name
        name: String,
    },
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Action::Add { name: called } = args.action;
    let request = Request::AddOffice {
        name: name("name", called)?,
    };
    let answer = session::with(context, async |session| session.call(request).await).await?;
    tell_written(answer, context, output)
}
