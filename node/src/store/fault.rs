//! What can go wrong between the node and its store file, sorted by what a person can do about it.
//!
//! It decides nothing: whether to retry, stop or tell somebody is the business of the caller.

use thiserror::Error;

/// What is said of a page that was not sealed here, or not for its place.
pub const UNSEALABLE: &str = "a page does not open with the store's key: it was changed, moved or \
                              put there from elsewhere";

/// Why the store could not read or write.
#[derive(Debug, Error)]
pub enum StoreFault {
    /// The file does not hold what was written into it.
    #[error(
        "the store is damaged: {what}. `linli doctor` names what is lost. Restore a backup in \
         another folder, or join again there with the recovery words and fetch from the neighbours \
         what they have received"
    )]
    Damaged {
        /// Where the damage was met.
        what: String,
        /// What the database said, when it was the database that noticed.
        #[source]
        source: Option<rusqlite::Error>,
    },
    /// There is no space left on the disk.
    #[error(
        "the disk is full: this change was not saved, everything saved before is intact. Free \
         some space and try again"
    )]
    Full,
    /// Another process has the store open.
    #[error("another program has this store open: stop it, or use it through its socket")]
    InUse,
    /// The file may not be read or written.
    #[error("the store file cannot be opened for writing: check its owner, mode and folder")]
    Denied(#[source] rusqlite::Error),
    /// The disk reported an error.
    #[error(
        "the disk failed to read or write the store: check the disk before you start the node again"
    )]
    Disk(#[source] rusqlite::Error),
    /// The database refused; this is a fault of the program.
    #[error("the store could not answer; `linli doctor` tells more")]
    Failed(#[source] rusqlite::Error),
}

impl StoreFault {
    /// Reports content that was not written as it is found.
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged {
            what: what.into(),
            source: None,
        }
    }
}

impl From<rusqlite::Error> for StoreFault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ErrorCode};
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged {
                what: "a page does not have the form of a page".to_owned(),
                source: Some(error),
            },
            Some(ErrorCode::NotADatabase) => Self::Damaged {
                what: "the file is not a database".to_owned(),
                source: Some(error),
            },
            _ if is_unsealable(&error) => Self::Damaged {
                what: UNSEALABLE.to_owned(),
                source: Some(error),
            },
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed,
            ) => Self::InUse,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::Denied(error)
            }
            Some(ErrorCode::SystemIoFailure) => Self::Disk(error),
            _ => match error {
                Error::FromSqlConversionFailure(..)
                | Error::IntegralValueOutOfRange(..)
                | Error::InvalidColumnType(..)
                | Error::Utf8Error(..) => Self::Damaged {
                    what: "a column holds something else than was written".to_owned(),
                    source: Some(error),
                },
                _ => Self::Failed(error),
            },
        }
    }
}

/// Tells whether a page was not sealed here, or not for its place.
fn is_unsealable(error: &rusqlite::Error) -> bool {
    error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_DATA)
}
