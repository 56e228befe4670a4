//! `linli office add`: adds an organisation as a member.

use clap::{Args as ClapArgs, Subcommand};
use protocol::api::Request;

use super::error::CliError;
use super::init::name;
use super::output::Output;
use super::post::tell_written;
use super::{Context, resolve, roster, session};

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
        /// A household that is to speak for it (repeatable)
        #[arg(long = "spokesperson", value_name = "HOUSEHOLD")]
        spokespeople: Vec<String>,
    },
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Action::Add {
        name: called,
        spokespeople,
    } = args.action;
    let name = name("name", called)?;
    let answer = session::with(context, async |session| {
        let mut members = Vec::new();
        if !spokespeople.is_empty() {
            let roster = roster::read(session).await?;
            for called in &spokespeople {
                members.push(resolve::member(&roster, called)?);
            }
        }
        let request = Request::AddOffice {
            name,
            spokespeople: members,
        };
        session.call(request).await
    })
    .await?;
    tell_written(answer, context, output)
}
