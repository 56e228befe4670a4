//! `linli openapi`: the local interface's description, without a node.

use clap::Args as ClapArgs;

use super::error::CliError;
use super::output::Output;

/// Options of `openapi`.
#[derive(Debug, ClapArgs)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, output: &mut Output) -> Result<(), CliError> {
    let Args {} = args;
    output.bytes(crate::api::document().as_bytes())
}
