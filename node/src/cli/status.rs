//! `linli status`: how the node is.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request, Status};

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, session, table};

/// Options of `status`.
#[derive(Debug, ClapArgs)]
pub struct Args {}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Args {} = args;
    let status = read(context).await?;
    if context.json {
        return output.json(&status);
    }
    show(&status, context, output)
}

/// Asks the node how it is.
pub async fn read(context: &Context) -> Result<Status, CliError> {
    let answer = session::with(context, async |session| session.call(Request::Status).await);
    match answer.await? {
        Answer::Status(status) => Ok(*status),
        _ => Err(CliError::OtherAnswer),
    }
}

/// Prints how a node is, for people.
pub fn show(status: &Status, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if let Some(refusal) = &status.join_refused {
        output.line(context.text(Message::Unserved(refusal)))?;
    }
    let lines = context.text(Message::Status(status));
    let rows: Vec<Vec<String>> = lines
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect();
    table::columns(&rows)
        .iter()
        .try_for_each(|line| output.line(line))
}
