//! What the commands about a household's devices, its backup and its moving out can fail with.

use std::path::PathBuf;

use protocol::api::Refusal;
use protocol::invitation::InvitationError;
use thiserror::Error;

use super::exit::Exit;
use crate::backup::{InvalidContents, OpenError};
use crate::durable_file::WriteError;
use crate::setup::FindError;

/// Why a command about the household failed.
#[derive(Debug, Error)]
pub enum HouseholdError {
    /// The code of another device is wrong.
    #[error(transparent)]
    Code(InvitationError),
    /// The household's other device, or a neighbour, said no.
    #[error("the device was not enrolled")]
    Refused(Refusal),
    /// The household's other device said no, and the home that was made for it is gone.
    #[error("the device was not enrolled, and nothing was kept")]
    NotTaken(Refusal),
    /// The household's other device, or a neighbour, was not reached in time.
    #[error("nobody was reached who could enrol the device")]
    Pending,
    /// Words alone do not tell where the neighbourhood is.
    #[error("words alone do not tell where the neighbourhood is")]
    WhereNeeded,
    /// The neighbourhood was not found.
    #[error(transparent)]
    Find(FindError),
    /// The device to be revoked is the one in use.
    #[error("this is the device in use")]
    OwnDevice,
    /// The household's key is not on this device.
    #[error("the household's key is not on this device")]
    NoKey,
    /// A backup does not open.
    #[error("{path} does not open")]
    Backup {
        /// The file.
        path: PathBuf,
        /// Why.
        source: OpenError,
    },
    /// A backup opens, and what is inside does not hold.
    #[error("what is in {path} does not hold")]
    Contents {
        /// The file.
        path: PathBuf,
        /// Why.
        source: InvalidContents,
    },
    /// A file that is something else stands where one is to be written.
    #[error("{path} exists and is something else")]
    InTheWay {
        /// The file or folder.
        path: PathBuf,
    },
    /// A file stands where a sheet is to be written.
    #[error("{path} exists already")]
    PaperInTheWay {
        /// The file.
        path: PathBuf,
    },
    /// A sheet that was to be printed from within the front end is too much for a PDF.
    #[error("too much for a PDF")]
    PaperTooLong,
    /// A file was not written.
    #[error(transparent)]
    Write(WriteError),
    /// A folder or file cannot be made.
    #[error("{path} cannot be made")]
    Make {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A sheet has another ending than those that are known.
    #[error("{path} is no svg, html or txt")]
    SheetFormat {
        /// The file.
        path: PathBuf,
    },
    /// The passphrase of a backup is needed and nobody can be asked.
    #[error("the passphrase of the backup is needed")]
    PassphraseNeeded,
    /// The resident did not say yes.
    #[error("not confirmed")]
    Declined,
}

impl HouseholdError {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Refused(refusal) | Self::NotTaken(refusal) => {
                match Exit::of_refusal(&refusal.code) {
                    Exit::NotAllowed => Exit::NotAllowed,
                    _ => Exit::Joining,
                }
            }
            Self::Pending => Exit::Joining,
            Self::Find(FindError::Address { .. }) => Exit::Invalid,
            Self::Find(FindError::Unreachable | FindError::Network(_)) => Exit::Network,
            Self::Find(FindError::Unknown | FindError::Refused(_)) => Exit::Joining,
            Self::NoKey => Exit::NotAllowed,
            Self::Backup { source, .. } => match source {
                OpenError::WrongKey | OpenError::Key(_) => Exit::Keystore,
                OpenError::Foreign | OpenError::Newer { .. } | OpenError::Cost(_) => Exit::Invalid,
                OpenError::Damaged { .. } | OpenError::CutOff { .. } => Exit::Storage,
            },
            Self::Contents { source, .. } => match source {
                InvalidContents::Newer { .. } => Exit::Invalid,
                _ => Exit::Storage,
            },
            Self::Write(_) | Self::Make { .. } => Exit::Storage,
            Self::PassphraseNeeded => Exit::Keystore,
            Self::WhereNeeded => Exit::Usage,
            Self::Code(_)
            | Self::OwnDevice
            | Self::InTheWay { .. }
            | Self::PaperInTheWay { .. }
            | Self::PaperTooLong
            | Self::SheetFormat { .. }
            | Self::Declined => Exit::Invalid,
        }
    }

    /// A stable word where the exit's own says too little.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Code(_) => Some("code"),
            Self::Refused(refusal) | Self::NotTaken(refusal) => Some(&refusal.code),
            Self::Pending => Some("pending"),
            Self::Find(FindError::Unknown) => Some("unknown-household"),
            Self::OwnDevice => Some("own-device"),
            Self::Backup {
                source: OpenError::Damaged { .. } | OpenError::CutOff { .. },
                ..
            }
            | Self::Contents { .. } => Some("damaged"),
            Self::InTheWay { .. } | Self::PaperInTheWay { .. } => Some("exists"),
            Self::Declined => Some("unconfirmed"),
            _ => None,
        }
    }
}

/// One of every kind, for tests that go through all of them.
#[cfg(test)]
pub fn samples() -> Vec<HouseholdError> {
    use std::io::{Error, ErrorKind};
    let path = || PathBuf::from("file");
    let backup = |source| HouseholdError::Backup {
        path: path(),
        source,
    };
    let contents = |source| HouseholdError::Contents {
        path: path(),
        source,
    };
    let io = || Error::from(ErrorKind::PermissionDenied);
    vec![
        HouseholdError::Code(InvitationError::Truncated),
        HouseholdError::Code(InvitationError::Checksum { position: Some(7) }),
        HouseholdError::Pending,
        HouseholdError::WhereNeeded,
        HouseholdError::Find(FindError::Address {
            address: "x".to_owned(),
        }),
        HouseholdError::Find(FindError::Unreachable),
        HouseholdError::Find(FindError::Unknown),
        HouseholdError::OwnDevice,
        HouseholdError::NoKey,
        backup(OpenError::Foreign),
        backup(OpenError::Newer { found: 2 }),
        backup(OpenError::Damaged { from: 0, to: 105 }),
        backup(OpenError::CutOff { bytes: 9 }),
        backup(OpenError::WrongKey),
        contents(InvalidContents::Newer { found: 2 }),
        contents(InvalidContents::NoFounding),
        contents(InvalidContents::NoMember),
        HouseholdError::InTheWay { path: path() },
        HouseholdError::PaperInTheWay { path: path() },
        HouseholdError::PaperTooLong,
        HouseholdError::Write(WriteError::Unchanged {
            path: path(),
            source: io(),
        }),
        HouseholdError::Make {
            path: path(),
            source: io(),
        },
        HouseholdError::SheetFormat { path: path() },
        HouseholdError::PassphraseNeeded,
        HouseholdError::Declined,
    ]
}
