//! What the command line says, in two languages: messages with typed fields, and one file for
//! each language that must have all of them.

mod en;
mod files;
mod governing;
mod helping;
mod household;
mod moderating;
mod names;
mod zh;

use std::error::Error;

use protocol::api::{Completeness, Delivery, Refusal, Status};

pub use governing::Governing;
pub use helping::Helping;
pub use household::{BackupTold, Household};
pub use moderating::Moderating;

use super::error::{CliError, causes};
use super::language::Language;
use crate::refusal;
use crate::store::{CommitError, OpenError, StoreFault};

pub use names::words;

/// Something to say.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// A neighbourhood was founded.
    Founded { neighbourhood: &'a str },
    /// What to do after founding.
    AfterFounding,
    /// Recovery words follow.
    WordsFollow,
    /// A home is ready to join.
    JoinPrepared { neighbourhood: &'a str },
    /// The neighbourhood let the joiner in.
    Admitted { neighbourhood: &'a str },
    /// The home belongs to the neighbourhood already.
    AlreadyMember { neighbourhood: &'a str },
    /// How an invitation may be used.
    Invited { uses: u32, expires: &'a str },
    /// Why nobody serves the node.
    Unserved(&'a Refusal),
    /// A node runs.
    NodeRuns {
        neighbourhood: &'a str,
        pending: bool,
    },
    /// The node stops.
    Stopping,
    /// Something was written.
    Written { id: &'a str },
    /// What was told in confidence is not for this household.
    NotForYou,
    /// Who else can read what was told in confidence.
    Readers { readers: &'a [String] },
    /// A document was written, and its contact was not.
    ContactNotWritten { id: &'a str },
    /// A list is empty.
    NothingFound,
    /// A document's kind and state.
    KindAndState {
        kind: &'a str,
        state: Option<&'a str>,
    },
    /// How whole a document is.
    Completeness(Completeness),
    /// A claimed time lies ahead.
    TimeAhead,
    /// How far an own entry has come.
    Delivery(Delivery),
    /// Several values stand.
    Conflict {
        field: &'a str,
        values: &'a [String],
    },
    /// A name before what it names.
    Labelled { name: &'a str, value: &'a str },
    /// Behind a change that does not count.
    ChangeExcluded,
    /// How much is left to read.
    Unread { unread: u64 },
    /// Heading of comments.
    Comments,
    /// A relay of the roster.
    Relay { cut: bool },
    /// A member's kind.
    MemberKind { kind: &'a str, removed: bool },
    /// A role, and who gave it.
    Role {
        role: &'a str,
        of: Option<&'a str>,
        appointment: &'a str,
        by: Option<&'a str>,
    },
    /// Something about offices, powers and motions.
    Governing(Governing<'a>),
    /// Something about moderation, the agreement and blocks.
    Moderating(Moderating<'a>),
    /// Something about help asked for and given.
    Helping(Helping<'a>),
    /// Something about devices, the backup and moving out.
    Household(Household<'a>),
    /// The founder.
    Founder,
    /// A member with a forked device.
    Forked,
    /// Statements that do not count follow.
    ExcludedFollow,
    /// A device.
    Device { this: bool, cut: bool, forked: bool },
    /// No peer is known.
    NoPeers,
    /// A peer's state.
    Peer { connected: bool, in_step: bool },
    /// A node's state: lines of a label, a tab and a value.
    Status(&'a Status),
    /// An error of an import.
    ImportError {
        row: u64,
        line: u64,
        column: &'a str,
        what: &'a str,
    },
    /// What an import did.
    Imported {
        imported: u32,
        skipped: u32,
        encoding: &'a str,
        preview: bool,
    },
    /// What a bundle brought.
    Taken { entries: u64 },
    /// The doctor found nothing.
    Healthy,
    /// Asks for words to be typed.
    TypeWords,
    /// Words are right.
    WordsAreRight { member: &'a str },
    /// Asks for a passphrase.
    Passphrase,
    /// Asks for a passphrase to be chosen.
    NewPassphrase,
    /// Asks for the same passphrase again.
    PassphraseAgain,
    /// A key file opens the keystore, not a passphrase.
    KeyFileChosen,
    /// The page of a home that does not exist.
    Welcome { home: &'a str },
    /// What can be done in a home that exists.
    NextCommands,
    /// The demonstration is being made.
    SettingStage,
    /// The demonstration runs; where its homes are follows.
    StageStands { neighbourhood: &'a str },
}

/// Returns a message in a language.
pub fn text(language: Language, message: Message<'_>) -> String {
    match language {
        Language::Chinese => zh::text(message),
        Language::English => en::text(message),
    }
}

/// Returns what happened, what was kept and what to do next, in a language.
pub fn error(language: Language, error: &CliError) -> String {
    match language {
        Language::Chinese => zh::error(error),
        Language::English => en::error(error),
    }
}

/// Why something failed: the store's own fault in words, or else what each cause says of itself.
pub fn why(language: Language, error: &(dyn Error + 'static)) -> String {
    match fault_of(error) {
        Some(StoreFault::Damaged { what, .. }) => refusal::damage(language, what),
        Some(fault) => {
            let words = refusal::store_fault(language, fault);
            words.trim_end_matches(['.', '。']).to_owned()
        }
        None => causes(error),
    }
}

/// Finds the store's fault among the causes of an error.
fn fault_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a StoreFault> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(fault) = error.downcast_ref() {
            return Some(fault);
        }
        if let Some(OpenError::Fault(fault)) = error.downcast_ref() {
            return Some(fault);
        }
        if let Some(CommitError::Fault(fault)) = error.downcast_ref() {
            return Some(fault);
        }
        cause = error.source();
    }
    None
}

/// The node's own words of a refusal, on one harmless line.
fn node_words(refusal: &Refusal) -> String {
    super::plain::sentence(&refusal.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delivery_says_how_far_and_no_more() {
        let cases = [
            (0, 0, "saved here only", "只存在本机"),
            (1, 0, "saved here · at 1 relay", "已存本机 · 已到 1 个中继"),
            (0, 1, "saved here · in 1 home", "已存本机 · 已到 1 户"),
            (
                2,
                30,
                "saved here · at 2 relays · in 30 homes",
                "已存本机 · 已到 2 个中继、30 户",
            ),
        ];
        for (relays, homes, english, chinese) in cases {
            let message = Message::Delivery(Delivery { relays, homes });
            assert_eq!(text(Language::English, message), english);
            assert_eq!(text(Language::Chinese, message), chinese);
        }
    }

    /// One name for one thing: the command line says what the screens say.
    #[test]
    fn states_and_kinds_have_the_front_ends_names() {
        use protocol::kind::Kinds;
        let said = |language, kind: &str, state: &str| {
            let state = Some(state);
            text(language, Message::KindAndState { kind, state })
        };
        for language in [Language::Chinese, Language::English] {
            let words = tui::words::Words::new(language);
            let states = [
                ("request", "matched"),
                ("request", "in-progress"),
                ("request", "done"),
                ("request", "open"),
                ("plan", "running"),
                ("plan", "proposed"),
                ("notice", "corrected"),
            ];
            for (kind, state) in states {
                let said = said(language, kind, state);
                let (kind, state) = (words.kind(kind), words.state(kind, state));
                assert!(said.starts_with(&kind) && said.ends_with(&state), "{said}");
            }
            for kind in Kinds::standard().posted() {
                let said = text(
                    language,
                    Message::KindAndState {
                        kind: kind.name,
                        state: None,
                    },
                );
                assert_eq!(said, words.kind(kind.name));
            }
        }
        assert_eq!(
            said(Language::English, "unknown-9", "new"),
            "unknown-9, new"
        );
    }

    #[test]
    fn every_error_says_something_in_both_languages() {
        let samples = super::super::error::samples;
        let pairs = samples(Language::Chinese).into_iter();
        for (error, same) in pairs.zip(samples(Language::English)) {
            let (zh, en) = (zh::error(&error), en::error(&same));
            let has_chinese = zh.chars().any(|character| character > '\u{4E00}');
            assert!(has_chinese, "{error:?}: {zh}");
            // The names of columns of a Chinese table are part of an English sentence.
            let is_english = en.chars().all(|character| character < '\u{4E00}');
            assert!(is_english || en.contains("标题"), "{error:?}: {en}");
            for text in [zh, en] {
                assert!(text.ends_with(['。', '.', '）', ')']), "{error:?}: {text}");
                // No Rust type reaches a person.
                assert!(
                    !text.contains("::") && !text.contains('{'),
                    "{error:?}: {text}"
                );
            }
        }
    }
}
