//! Everything that a command can fail with, classified once: a stable code, an exit code, and
//! typed fields from which each language makes its own sentences.

use std::path::PathBuf;

use protocol::api::Refusal;
use protocol::invitation::InvitationError;
use protocol::words::WordsError;
use serde_json::json;
use thiserror::Error;
use tui::client::ClientError;

use super::exit::Exit;
use super::household::HouseholdError;
use super::language::Language;
use super::say;
use crate::paper::Unprintable;
use crate::running::{EndError, StartError};
#[cfg(test)]
use crate::settings::SettingsError;
use crate::setup::SetupError;

/// Why a command failed.
#[derive(Debug, Error)]
pub enum CliError {
    /// The command line is not understood.
    #[error("the command line is not understood")]
    Usage(Box<clap::Error>),
    /// The node did not answer as asked.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// No node could be started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The node ended.
    #[error(transparent)]
    End(#[from] EndError),
    /// The home could not be set up or looked at.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// Nothing has been set up in the home.
    #[error("nothing has been set up in {home}")]
    NoHome {
        /// The home.
        home: PathBuf,
    },
    /// There is no folder for the user's own files.
    #[error("the user has no home folder")]
    NoFolder,
    /// The home belongs to a relay and the command is for a household's, or the other way round.
    #[error("the home is of the other sort")]
    WrongMode {
        /// Whether it is a relay's.
        is_relay: bool,
    },
    /// A passphrase is needed and nobody can be asked.
    #[error("a passphrase is needed")]
    PassphraseNeeded,
    /// The two passphrases differ.
    #[error("the passphrases differ")]
    PassphrasesDiffer,
    /// The resident broke off at a prompt.
    #[error("broken off")]
    BrokenOff,
    /// Recovery words are wrong.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// An invitation is wrong.
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    /// The inviter said no.
    #[error("the inviter refused")]
    JoinRefused(Refusal),
    /// The inviter was not reached in time.
    #[error("the inviter was not reached")]
    JoinPending,
    /// A command about devices, the backup or moving out failed.
    #[error(transparent)]
    Household(#[from] HouseholdError),
    /// A name is empty, too long, or holds characters that cannot be shown.
    #[error("{field} is not acceptable")]
    Name {
        /// The option.
        field: &'static str,
    },
    /// A short name fits several.
    #[error("{name} fits several")]
    Ambiguous {
        /// What was given.
        name: String,
        /// What it may mean.
        candidates: Vec<String>,
    },
    /// A name fits nothing.
    #[error("{name} fits nothing")]
    Unknown {
        /// What was given.
        name: String,
    },
    /// The household has no offer there.
    #[error("the household has no offer there")]
    NoOffer,
    /// Nothing is said there that the household could answer.
    #[error("nothing is said there that waits for an answer")]
    NothingToAnswer,
    /// Nobody has helped there.
    #[error("nobody has helped there")]
    NobodyToThank,
    /// A notice has no edition of this number, or an acknowledgement of it does not count.
    #[error("edition {number} cannot be acknowledged")]
    Edition {
        /// The number that was given.
        number: usize,
        /// The number of the newest.
        newest: usize,
    },
    /// Nothing to change was given.
    #[error("nothing to change was given")]
    NothingToChange,
    /// Standard input or a file is no text.
    #[error("{source_name} is not text")]
    NotText {
        /// The file, or `-`.
        source_name: String,
    },
    /// A file is larger than allowed.
    #[error("{source_name} has more than {bytes_max} bytes")]
    TooLarge {
        /// The file, or `-`.
        source_name: String,
        /// The limit.
        bytes_max: usize,
    },
    /// A file cannot be read.
    #[error("{path} cannot be read")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The import found errors in the file; nothing was imported.
    #[error("the file has {count} errors")]
    ImportErrors {
        /// How many.
        count: usize,
    },
    /// The doctor found something.
    #[error("{count} findings")]
    Findings {
        /// How many.
        count: usize,
    },
    /// What is asked for exists in a demonstration only.
    #[error("this is no demonstration")]
    NoStage,
    /// The demonstration's homes are made and opened already.
    #[error("the demonstration has its homes")]
    OnStage,
    /// The demonstration's nodes did not come together in time.
    #[error("the demonstration's nodes did not come together in time")]
    StageTooSlow,
    /// The demonstration's folder could not be made or removed.
    #[error("the demonstration's folder could not be made or removed")]
    StageFolder(#[source] std::io::Error),
    /// The front end cannot use the terminal.
    #[error(transparent)]
    FrontEnd(#[from] tui::run::RunError),
    /// The household holds no such capacity.
    #[error("no capacity {name}")]
    NoCapacity {
        /// What was asked for.
        name: String,
        /// Those that it holds.
        own: Vec<String>,
    },
    /// A sheet cannot be written as PDF.
    #[error(transparent)]
    Unprintable(#[from] Unprintable),
    /// Bytes would be written on a terminal.
    #[error("bytes would be written on a terminal")]
    BytesOnTerminal,
    /// The output cannot be written.
    #[error("the output cannot be written")]
    Output(#[source] std::io::Error),
    /// The system gave no threads, signals or terminal.
    #[error("the system gave no threads, signals or terminal")]
    Machine(#[source] std::io::Error),
    /// Whoever read the output has gone: the quiet end of a pipe.
    #[error("the reader of the output has gone")]
    ReaderGone,
    /// A file holds no agreement.
    #[error("the file holds no agreement")]
    Agreement(super::agreement::Unwritten),
    /// There is no agreement to sign.
    #[error("there is no agreement")]
    NoAgreement,
    /// The node answered something else than what was asked.
    #[error("the node answered something else")]
    OtherAnswer,
}

impl CliError {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Client(error) => client_exit(error),
            Self::Start(error) => start_exit(error),
            Self::End(EndError::Store(_) | EndError::DiskFull) => Exit::Storage,
            Self::Setup(error) => setup_exit(error),
            Self::NoHome { .. }
            | Self::Unknown { .. }
            | Self::NoAgreement
            | Self::NoOffer
            | Self::NothingToAnswer
            | Self::NobodyToThank => Exit::NotFound,
            Self::PassphraseNeeded | Self::PassphrasesDiffer => Exit::Keystore,
            Self::JoinRefused(refusal) => match Exit::of_refusal(&refusal.code) {
                Exit::NotAllowed => Exit::NotAllowed,
                _ => Exit::Joining,
            },
            Self::JoinPending => Exit::Joining,
            Self::Household(error) => error.exit(),
            Self::Words(_)
            | Self::Invitation(_)
            | Self::Name { .. }
            | Self::Ambiguous { .. }
            | Self::Edition { .. }
            | Self::NothingToChange
            | Self::NotText { .. }
            | Self::TooLarge { .. }
            | Self::File { .. }
            | Self::ImportErrors { .. }
            | Self::Agreement(_)
            | Self::WrongMode { .. } => Exit::Invalid,
            Self::Unprintable(_) | Self::NoCapacity { .. } => Exit::Invalid,
            Self::Findings { .. } | Self::Output(_) => Exit::Storage,
            Self::BytesOnTerminal | Self::NoStage | Self::OnStage => Exit::Usage,
            Self::StageFolder(_) => Exit::Storage,
            Self::FrontEnd(_) | Self::StageTooSlow => Exit::Internal,
            Self::ReaderGone => Exit::Done,
            Self::End(EndError::Core)
            | Self::NoFolder
            | Self::BrokenOff
            | Self::Machine(_)
            | Self::OtherAnswer => Exit::Internal,
        }
    }

    /// A stable word for the error, also a refusal's own.
    pub fn code(&self) -> &str {
        match self {
            Self::Client(ClientError::Refused(refusal)) | Self::JoinRefused(refusal) => {
                &refusal.code
            }
            Self::Invitation(_) => "invitation",
            Self::Words(_) => "words",
            Self::JoinPending => "pending",
            Self::Ambiguous { .. } => "ambiguous",
            Self::TooLarge { .. } => "too-large",
            Self::NotText { .. } => "not-text",
            Self::ImportErrors { .. } => "import-errors",
            Self::Findings { .. } => "findings",
            Self::WrongMode { .. } => "wrong-mode",
            Self::BrokenOff => "broken-off",
            Self::Setup(SetupError::Exists { .. }) => "exists",
            Self::Start(StartError::KeystoreMissing { .. })
            | Self::Setup(SetupError::KeystoreMissing { .. }) => "keystore-missing",
            Self::Start(StartError::StoreMissing { .. })
            | Self::Setup(SetupError::StoreMissing { .. }) => "store-missing",
            Self::Start(StartError::StoreNewer { .. }) => "newer",
            Self::Start(StartError::StoreOtherKey) => "other-key",
            Self::Start(StartError::AddressInUse { .. }) => "in-use",
            Self::Start(StartError::StoreDamaged(_)) => "damaged",
            Self::Start(StartError::DiskFull { .. })
            | Self::End(EndError::DiskFull)
            | Self::Setup(SetupError::DiskFull { .. }) => "disk-full",
            Self::Household(error) if error.code().is_some() => error.code().unwrap_or_default(),
            _ => match self.exit() {
                Exit::Done => "done",
                Exit::Internal => "internal",
                Exit::Usage => "usage",
                Exit::Invalid => "invalid",
                Exit::NotFound => "not-found",
                Exit::NotAllowed => "not-allowed",
                Exit::Locked => "locked",
                Exit::Storage => "storage",
                Exit::Network => "unreachable",
                Exit::Joining => "pending",
                Exit::Keystore => "keystore",
            },
        }
    }

    /// The option or field at fault.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Client(ClientError::Refused(refusal)) => refusal.field.as_deref(),
            Self::Name { field } => Some(field),
            Self::Edition { .. } => Some("edition"),
            _ => None,
        }
    }

    /// Tells the resident, or the script, on standard error.
    pub fn report(&self, language: Language, json: bool) {
        if matches!(self, Self::ReaderGone) {
            return;
        }
        let message = say::error(language, self);
        let text = if json {
            let error = json!({
                "error": {
                    "code": self.code(),
                    "message": message,
                    "field": self.field(),
                    "exit": self.exit().code(),
                }
            });
            error.to_string()
        } else {
            format!("linli: {message}")
        };
        // Nobody is left to be told when standard error is closed.
        use std::io::Write;
        let _unheard = writeln!(std::io::stderr().lock(), "{text}");
    }
}

fn client_exit(error: &ClientError) -> Exit {
    match error {
        ClientError::Refused(refusal) => Exit::of_refusal(&refusal.code),
        ClientError::NotRunning { .. }
        | ClientError::Broken(_)
        | ClientError::Unintelligible(_)
        | ClientError::Folder { .. } => Exit::Internal,
    }
}

fn start_exit(error: &StartError) -> Exit {
    match error {
        StartError::Absent { .. } => Exit::NotFound,
        StartError::Locked { .. } => Exit::Locked,
        StartError::KeystoreMissing { .. } | StartError::WrongKey | StartError::Keystore(_) => {
            Exit::Keystore
        }
        StartError::Settings(_) => Exit::Invalid,
        StartError::StoreMissing { .. }
        | StartError::StoreNewer { .. }
        | StartError::StoreOtherKey
        | StartError::StoreDamaged(_)
        | StartError::DiskFull { .. }
        | StartError::Store(_)
        | StartError::File { .. } => Exit::Storage,
        StartError::Address { .. } | StartError::AddressInUse { .. } => Exit::Network,
        StartError::Api(_) => Exit::Internal,
    }
}

fn setup_exit(error: &SetupError) -> Exit {
    match error {
        SetupError::Exists { .. } | SetupError::Invalid { .. } => Exit::Invalid,
        SetupError::Locked { .. } => Exit::Locked,
        SetupError::KeystoreMissing { .. } | SetupError::Keystore(_) => Exit::Keystore,
        SetupError::StoreMissing { .. }
        | SetupError::Store(_)
        | SetupError::DiskFull { .. }
        | SetupError::File { .. } => Exit::Storage,
        SetupError::Random(_) => Exit::Internal,
    }
}

/// The chain of causes below an error, for whoever has to find the fault.
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// One error of every kind, for tests that go through all of them.
#[cfg(test)]
pub fn samples(language: Language) -> Vec<CliError> {
    use std::io::{Error, ErrorKind};
    let io = || Error::from(ErrorKind::PermissionDenied);
    let boxed = || Box::new(io()) as Box<dyn std::error::Error + Send + Sync>;
    let path = || PathBuf::from("home");
    let usage =
        <super::Cli as clap::CommandFactory>::command().try_get_matches_from(["linli", "x"]);
    let mut samples: Vec<CliError> = vec![
        CliError::Usage(Box::new(usage.expect_err("no such command"))),
        ClientError::NotRunning { socket: path() }.into(),
        ClientError::Unintelligible(None).into(),
        ClientError::Folder {
            path: path(),
            source: io(),
        }
        .into(),
        StartError::Absent { home: path() }.into(),
        StartError::Locked {
            home: path(),
            pid: Some(7),
        }
        .into(),
        StartError::KeystoreMissing { home: path() }.into(),
        StartError::StoreMissing { home: path() }.into(),
        StartError::WrongKey.into(),
        StartError::Keystore(boxed()).into(),
        StartError::Settings(SettingsError::Language {
            code: "fr".to_owned(),
        })
        .into(),
        StartError::StoreNewer { found: 2, known: 1 }.into(),
        StartError::StoreOtherKey.into(),
        StartError::StoreDamaged(boxed()).into(),
        StartError::DiskFull { home: path() }.into(),
        StartError::Store(boxed()).into(),
        StartError::Address {
            address: "x".to_owned(),
            source: boxed(),
        }
        .into(),
        StartError::AddressInUse {
            address: "x".to_owned(),
        }
        .into(),
        StartError::Api(crate::api::ServeError::Occupied { path: path() }).into(),
        StartError::File {
            path: path(),
            source: io(),
        }
        .into(),
        EndError::DiskFull.into(),
        EndError::Store(boxed()).into(),
        EndError::Core.into(),
        SetupError::Exists { home: path() }.into(),
        SetupError::KeystoreMissing { home: path() }.into(),
        SetupError::StoreMissing { home: path() }.into(),
        SetupError::Locked {
            home: path(),
            pid: None,
        }
        .into(),
        SetupError::Invalid { what: "household" }.into(),
        SetupError::Keystore(boxed()).into(),
        SetupError::Store(boxed()).into(),
        SetupError::DiskFull { home: path() }.into(),
        SetupError::File {
            path: path(),
            source: io(),
        }
        .into(),
        CliError::NoHome { home: path() },
        CliError::NoFolder,
        CliError::WrongMode { is_relay: true },
        CliError::WrongMode { is_relay: false },
        CliError::PassphraseNeeded,
        CliError::PassphrasesDiffer,
        CliError::BrokenOff,
        WordsError::Count { found: 3 }.into(),
        WordsError::Checksum.into(),
        WordsError::Unknown {
            position: 1,
            word: "x".to_owned(),
            candidates: vec!["abandon"],
        }
        .into(),
        InvitationError::Prefix.into(),
        InvitationError::Truncated.into(),
        InvitationError::Version { found: 2 }.into(),
        CliError::JoinPending,
        CliError::Name { field: "household" },
        CliError::Ambiguous {
            name: "ab".to_owned(),
            candidates: vec!["abc".to_owned()],
        },
        CliError::Unknown {
            name: "ab".to_owned(),
        },
        CliError::NoOffer,
        CliError::NothingToAnswer,
        CliError::NobodyToThank,
        CliError::NothingToChange,
        CliError::Agreement(super::agreement::Unwritten::NoTitle),
        CliError::Agreement(super::agreement::Unwritten::NoRules),
        CliError::Agreement(super::agreement::Unwritten::Number {
            line: 3,
            found: 5,
            expected: 2,
        }),
        CliError::NoAgreement,
        CliError::NotText {
            source_name: "-".to_owned(),
        },
        CliError::TooLarge {
            source_name: "-".to_owned(),
            bytes_max: 7,
        },
        CliError::File {
            path: path(),
            source: io(),
        },
        CliError::ImportErrors { count: 2 },
        CliError::Findings { count: 2 },
        CliError::NoCapacity {
            name: "Caretakers".to_owned(),
            own: vec!["Owners".to_owned()],
        },
        CliError::BytesOnTerminal,
        CliError::NoStage,
        CliError::OnStage,
        CliError::StageTooSlow,
        CliError::StageFolder(io()),
        CliError::FrontEnd(tui::run::RunError::Terminal(io())),
        CliError::Output(io()),
        CliError::Machine(io()),
        CliError::ReaderGone,
        CliError::OtherAnswer,
    ];
    samples.extend(super::household::samples().into_iter().map(Into::into));
    for refusal in crate::refusal::samples() {
        samples.push(HouseholdError::Refused(refusal.told(language)).into());
        samples.push(ClientError::Refused(refusal.told(language)).into());
        samples.push(CliError::JoinRefused(refusal.told(language)));
    }
    samples
}
