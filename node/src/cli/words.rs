//! `linli words check`: checks recovery words without using them for anything.

use std::io::{BufRead, IsTerminal, Read};

use clap::{Args as ClapArgs, Subcommand};
use protocol::id::MemberId;
use protocol::words::{RecoveryWords, WORDS};
use serde_json::json;
use zeroize::Zeroizing;

use super::Context;
use super::error::CliError;
use super::output::Output;
use super::say::Message;

/// Bytes of words at most.
const TEXT_BYTES_MAX: usize = 4 * 1024;

/// Options of `words`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done with words.
#[derive(Debug, Subcommand)]
enum Action {
    /// Reads words from standard input and says whether they are right
    Check,
}

/// Runs the command. The words are never an argument: other programs could read them there.
pub fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Action::Check = args.action;
    let words = ask(context)?;
    let member = MemberId(words.key().public());
    if context.json {
        return output.json(&json!({ "ok": true, "member": member }));
    }
    output.line(context.text(Message::WordsAreRight {
        member: &member.to_string(),
    }))
}

/// Asks for words, and reads them from standard input.
///
/// # Errors
///
/// [`CliError::Words`] names the first that is wrong.
pub fn ask(context: &Context) -> Result<RecoveryWords, CliError> {
    if std::io::stdin().is_terminal() {
        context.remark(Message::TypeWords);
    }
    Ok(RecoveryWords::parse(&read()?)?)
}

/// Reads until the words are complete, or the input ends.
fn read() -> Result<Zeroizing<String>, CliError> {
    let mut input = std::io::stdin().lock();
    let mut bytes = Zeroizing::new(Vec::with_capacity(TEXT_BYTES_MAX));
    let not_text = || CliError::NotText {
        source_name: "-".to_owned(),
    };
    loop {
        let room = (TEXT_BYTES_MAX + 1).saturating_sub(bytes.len());
        let read = input
            .by_ref()
            .take(room as u64)
            .read_until(b'\n', &mut bytes);
        let count = read.map_err(|source| CliError::File {
            path: "-".into(),
            source,
        })?;
        if bytes.len() > TEXT_BYTES_MAX {
            return Err(CliError::TooLarge {
                source_name: "-".to_owned(),
                bytes_max: TEXT_BYTES_MAX,
            });
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| not_text())?;
        let is_complete = RecoveryWords::count(text) >= WORDS;
        if count == 0 || is_complete {
            return Ok(Zeroizing::new(text.to_owned()));
        }
    }
}
