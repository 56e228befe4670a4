//! What is wrong with a command line and clap cannot tell.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Two arguments that do not go together, each as it was given.
pub fn conflict(command: &Command, argument: &str, other: &str) -> clap::Error {
    let mut error = clap::Error::new(ErrorKind::ArgumentConflict).with_cmd(command);
    let text = |text: &str| ContextValue::String(text.to_owned());
    error.insert(ContextKind::InvalidArg, text(argument));
    error.insert(ContextKind::PriorArg, text(other));
    error
}

/// An argument that is missing, as it would be given.
pub fn missing(command: &Command, argument: &str) -> clap::Error {
    let mut error = clap::Error::new(ErrorKind::MissingRequiredArgument).with_cmd(command);
    let missing = ContextValue::Strings(vec![argument.to_owned()]);
    error.insert(ContextKind::InvalidArg, missing);
    error
}
