//! `linli completions`: completions for a shell.

use clap::{Args as ClapArgs, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use super::error::CliError;
use super::output::Output;

/// Options of `completions`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Runs the command.
pub fn run(args: Args, output: &mut Output) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "linli", &mut script);
    output.bytes(&script)
}
