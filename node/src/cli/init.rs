//! `linli init`: founds a neighbourhood in a new home.

use clap::Args as ClapArgs;
use protocol::limits;
use protocol::words::{RecoveryWords, WordList};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, Language, passphrase, plain};
use crate::setup::{self, FoundOptions};

/// Words on one line.
const WORDS_A_LINE: usize = 6;

/// Options of `init`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The neighbourhood's name
    #[arg(long, value_name = "NAME")]
    found: String,
    /// The household's name
    #[arg(long, value_name = "NAME")]
    household: String,
    /// The household's building
    #[arg(long, value_name = "BUILDING")]
    building: Option<String>,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let options = FoundOptions {
        neighbourhood: name("found", args.found)?,
        household: name("household", args.household)?,
        building: args
            .building
            .map(|text| name("building", text))
            .transpose()?,
        language: context.language,
        unlock: passphrase::for_a_new_home(context)?,
        key: None,
    };
    let neighbourhood = options.neighbourhood.clone();
    let keystore = passphrase::word(&options.unlock);
    let home = context.home.clone();
    let founded = tokio::task::spawn_blocking(move || setup::found(&home, options));
    let founded = founded.await.expect("setting up does not panic")?;
    if context.json {
        return output.json(&json!({
            "neighbourhood": neighbourhood,
            "space": founded.space,
            "member": founded.member,
            "device": founded.device,
            "home": context.home,
            "keystore": keystore,
            "words": founded.words.words(list(context.language)),
        }));
    }
    output.line(context.text(Message::Founded {
        neighbourhood: &neighbourhood,
    }))?;
    show_words(&founded.words, context, output)?;
    output.line(context.text(Message::AfterFounding))
}

/// Prints recovery words for people: numbered, so that a lost one is noticed.
pub fn show_words(
    words: &RecoveryWords,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    output.line(context.text(Message::WordsFollow))?;
    output.line("")?;
    let words = words.words(list(context.language));
    let numbered = words.iter().enumerate();
    let numbered = numbered.map(|(index, word)| format!("{:>2} {word}", index + 1));
    let numbered: Vec<String> = numbered.collect();
    let rows: Vec<Vec<String>> = numbered.chunks(WORDS_A_LINE).map(<[_]>::to_vec).collect();
    for line in super::table::columns(&rows) {
        output.line(format!("    {line}"))?;
    }
    output.line("")
}

/// The list in which a resident reads the words.
pub const fn list(language: Language) -> WordList {
    match language {
        Language::Chinese => WordList::Chinese,
        Language::English => WordList::English,
    }
}

/// Checks a name that others will see.
pub fn name(field: &'static str, text: String) -> Result<String, CliError> {
    let text = text.trim().to_owned();
    let is_fit = !text.is_empty() && text.len() <= limits::NAME_BYTES_MAX;
    if is_fit && plain::line(&text) == text {
        Ok(text)
    } else {
        Err(CliError::Name { field })
    }
}
