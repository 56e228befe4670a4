//! The keystore: a node's secrets, sealed in one file of its home.
//!
//! It opens and replaces the file as a whole. It does not ask for passphrases, decides nothing
//! about what secrets a node should have, and keeps no copy of them: whoever opens it does.

mod sealed_file;
mod secrets;
mod unlock;

use std::io;
use std::path::PathBuf;

use thiserror::Error;

pub(crate) use self::sealed_file::{Cost, CostError, check_cost};
use self::sealed_file::{FILE_BYTES_MAX, FormatError, Header, SealedFile, TooLarge, UnsealError};
pub use self::secrets::{PendingJoin, Secrets, Seed};
pub use self::unlock::{
    CREDENTIAL_NAME, KEY_FILE_BYTES_MAX, KEY_FILE_BYTES_MIN, KeyError, KeyFileError, Protection,
    Unlock, make_key_file, read_key_file,
};
pub(crate) use self::unlock::{key_of_bytes, stretch};
use crate::durable_file::{self, ReadError, SecretBytes, WriteError};
use crate::home::{Home, HomeLock};

/// Why a keystore was not opened. The file is as it was.
#[derive(Debug, Error)]
pub enum OpenError {
    /// There is none.
    #[error(
        "there are no keys in {}; run `linli init` or `linli join` first, or name another folder with --home",
        .home.display()
    )]
    Missing {
        /// The home.
        home: PathBuf,
    },
    /// It cannot be read, or others may read it.
    #[error("the keystore does not serve")]
    File(#[source] ReadError),
    /// Something else is in its place.
    #[error("{} is no keystore; move it away, and put the right file in its place", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A later version of the program wrote it.
    #[error(
        "{} has version {found}, and this program knows {known}; run the later version of linli that wrote it",
        .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u8,
        /// The newest that this program knows.
        known: u8,
    },
    /// It is not what was written.
    #[error(
        "{} is damaged; check the disk, then set up a new home with the household's recovery words and cut this device",
        .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// It asks for more work or memory than any keystore of this program does.
    #[error(
        "{} asks for {what} = {found}, outside of {min} to {max}: somebody has changed it. Do not trust it; set up a new home with the household's recovery words and cut this device",
        .path.display()
    )]
    CostOutOfBounds {
        /// The file.
        path: PathBuf,
        /// What it asks for.
        what: &'static str,
        /// How much.
        found: u32,
        /// The least that is allowed.
        min: u32,
        /// The most that is allowed.
        max: u32,
    },
    /// It needs a key and got a passphrase, or the other way round.
    #[error("the keystore is opened with: {recorded}. It was given: {given}")]
    OtherProtection {
        /// What it needs.
        recorded: Protection,
        /// What it got.
        given: Protection,
    },
    /// No key could be made of what was given.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The passphrase is another one.
    #[error(
        "the passphrase does not open the keystore; try again (capitals and input method matter)"
    )]
    WrongPassphrase,
    /// The key file or credential is another one.
    #[error(
        "this key does not open the keystore; give the key file or credential that it was made with"
    )]
    WrongKey,
}

/// Why a keystore was not written.
#[derive(Debug, Error)]
pub enum SaveError {
    /// There is one already.
    #[error("there are keys in {} already; name another folder with --home", .home.display())]
    Exists {
        /// The home.
        home: PathBuf,
    },
    /// No key could be made of what was given.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key beside the keystore could not be made.
    #[error("the key beside the keystore could not be made")]
    KeyFile(#[source] KeyFileError),
    /// The system gave no random bytes.
    #[error("the system gave no random bytes; the keystore is unchanged, try again")]
    Random(#[from] getrandom::Error),
    /// There are more secrets than a keystore holds.
    #[error(
        "the secrets need more than the {bytes_max} bytes that a keystore holds; give up admissions that are still waited for"
    )]
    TooLarge {
        /// What a keystore holds.
        bytes_max: usize,
    },
    /// The file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The keystore is written with its new protection, but the key that used to open it lies
    /// where it was.
    #[error(
        "the keystore has its new protection, but the old key {} could not be removed; remove it yourself",
        .path.display()
    )]
    OldKeyKept {
        /// The old key.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A keystore that has been opened: whoever has it can replace the secrets without the passphrase.
#[derive(Debug)]
pub struct Keystore {
    header: Header,
    key: Seed,
}

impl Keystore {
    /// Makes the keystore of a home that has none, durably. It is written into the mark of an
    /// unfinished home, which then becomes the keystore: at any moment there is one of them, and
    /// never both.
    ///
    /// # Errors
    ///
    /// [`SaveError`]; a keystore that exists is never touched.
    pub fn create(lock: &HomeLock, unlock: &Unlock, secrets: &Secrets) -> Result<Self, SaveError> {
        if lock.home().keystore().symlink_metadata().is_ok() {
            return Err(SaveError::Exists {
                home: lock.home().path().to_owned(),
            });
        }
        let keystore = Self::prepare(lock, unlock, unlock.cost())?;
        let (mark, place) = (lock.home().unfinished_mark(), lock.home().keystore());
        durable_file::write(&mark, &keystore.seal(secrets)?)?;
        durable_file::rename(&mark, &place).map_err(|source| {
            SaveError::Write(WriteError::NotDurable {
                path: place,
                source,
            })
        })?;
        Ok(keystore)
    }

    /// Opens the keystore of a home.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub fn open(home: &Home, unlock: &Unlock) -> Result<(Self, Secrets), OpenError> {
        let bytes = read(home)?;
        let sealed = parse(home, &bytes)?;
        let header = *sealed.header();
        if !unlock.suits(header.protection) {
            return Err(OpenError::OtherProtection {
                recorded: header.protection,
                given: unlock.protection(),
            });
        }
        let key = unlock.derive(home, &header.salt, header.cost)?;
        match sealed.unseal(&key) {
            Ok(secrets) => Ok((Self { header, key }, secrets)),
            Err(UnsealError::Key) if header.protection == Protection::Passphrase => {
                Err(OpenError::WrongPassphrase)
            }
            Err(UnsealError::Key) => Err(OpenError::WrongKey),
            Err(UnsealError::Content(_)) => Err(OpenError::Damaged {
                path: home.keystore(),
            }),
        }
    }

    /// Reads what opens the keystore of a home, without opening it. The answer is not
    /// authenticated: good for choosing what to ask, not for promising anything.
    ///
    /// # Errors
    ///
    /// [`OpenError`], of which [`OpenError::Missing`] says that there is none.
    pub fn recorded_protection(home: &Home) -> Result<Protection, OpenError> {
        Ok(parse(home, &read(home)?)?.header().protection)
    }

    /// What opens it.
    pub fn protection(&self) -> Protection {
        self.header.protection
    }

    /// Replaces the secrets, durably and at once.
    ///
    /// # Errors
    ///
    /// [`SaveError`]; what was there before stands unless it says otherwise.
    pub fn save(&self, lock: &HomeLock, secrets: &Secrets) -> Result<(), SaveError> {
        let bytes = self.seal(secrets)?;
        Ok(durable_file::write(&lock.home().keystore(), &bytes)?)
    }

    fn seal(&self, secrets: &Secrets) -> Result<Vec<u8>, SaveError> {
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce)?;
        sealed_file::seal(&self.header, &self.key, nonce, secrets).map_err(|TooLarge| {
            SaveError::TooLarge {
                bytes_max: FILE_BYTES_MAX,
            }
        })
    }

    /// Replaces the secrets and what opens them, durably and at once. A key beside the keystore
    /// that does not open it any more is removed; the disk may hold traces of it for long.
    ///
    /// # Errors
    ///
    /// [`SaveError`]; after all but [`SaveError::OldKeyKept`] what opened it before still does.
    pub fn protect(
        &mut self,
        lock: &HomeLock,
        unlock: &Unlock,
        secrets: &Secrets,
    ) -> Result<(), SaveError> {
        let changed = Self::prepare(lock, unlock, unlock.cost())?;
        changed.save(lock, secrets)?;
        *self = changed;
        let home = lock.home();
        let beside = Unlock::KeyBesideStore.derive(home, &self.header.salt, Cost::NONE);
        if beside.is_ok_and(|key| key.expose() == self.key.expose()) {
            return Ok(());
        }
        let path = home.device_key();
        durable_file::remove(&path).map_err(|source| SaveError::OldKeyKept { path, source })
    }

    /// Makes a key with a fresh salt, and the key file beside the store if that is wanted. One that
    /// exists is used: a crash may have come between making it and making the keystore.
    fn prepare(lock: &HomeLock, unlock: &Unlock, cost: Cost) -> Result<Self, SaveError> {
        if matches!(unlock, Unlock::KeyBesideStore) {
            match make_key_file(&lock.home().device_key()) {
                Ok(()) | Err(KeyFileError::Exists { .. }) => {}
                Err(error) => return Err(SaveError::KeyFile(error)),
            }
        }
        let mut salt = [0; 16];
        getrandom::fill(&mut salt)?;
        Ok(Self {
            key: unlock.derive(lock.home(), &salt, cost)?,
            header: Header {
                protection: unlock.protection(),
                cost,
                salt,
            },
        })
    }
}

fn read(home: &Home) -> Result<SecretBytes, OpenError> {
    durable_file::read_private(&home.keystore(), FILE_BYTES_MAX).map_err(|error| match error {
        ReadError::Missing { .. } => OpenError::Missing {
            home: home.path().to_owned(),
        },
        ReadError::TooLarge { path, .. } => OpenError::Foreign { path },
        other => OpenError::File(other),
    })
}

fn parse<'b>(home: &Home, bytes: &'b [u8]) -> Result<SealedFile<'b>, OpenError> {
    let path = home.keystore();
    SealedFile::parse(bytes).map_err(|error| match error {
        FormatError::Foreign => OpenError::Foreign { path },
        FormatError::Newer { found } => OpenError::Newer {
            path,
            found,
            known: sealed_file::VERSION,
        },
        FormatError::Damaged => OpenError::Damaged { path },
        FormatError::Cost(CostError {
            what,
            found,
            min,
            max,
        }) => OpenError::CostOutOfBounds {
            path,
            what,
            found,
            min,
            max,
        },
    })
}

#[cfg(test)]
mod tests;
