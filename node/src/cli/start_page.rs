//! `linli` without a command: how things stand, and what to do next.

use super::Context;
use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::status;
use crate::setup::{HomeState, inspect};

/// Prints the page.
pub async fn run(context: &Context, output: &mut Output) -> Result<(), CliError> {
    if inspect(&context.home)? == HomeState::Absent {
        if context.json {
            return Err(CliError::NoHome {
                home: context.home.clone(),
            });
        }
        let home = context.home.to_string_lossy();
        return output.line(context.text(Message::Welcome { home: &home }));
    }
    let status = status::read(context).await?;
    if context.json {
        return output.json(&status);
    }
    status::show(&status, context, output)?;
    output.line("")?;
    output.line(context.text(Message::NextCommands))
}
