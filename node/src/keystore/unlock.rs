//! What a keystore is opened with, and how a key is made of it.
//!
//! Passphrases are stretched by argon2id; key files and credentials hold random bytes and are only
//! hashed. It does not ask for passphrases, nor read the environment: the caller does.

use std::fmt;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use super::sealed_file::{Cost, Salt};
use super::secrets::Seed;
use crate::durable_file::{self, ReadError, SecretBytes, WriteError};
use crate::home::Home;

/// Name of the systemd credential, in the folder that `CREDENTIALS_DIRECTORY` names.
pub const CREDENTIAL_NAME: &str = "linli-key";
/// Bytes of a key file at least: as many as a key has.
pub const KEY_FILE_BYTES_MIN: usize = 32;
/// Bytes of a key file at most; a whole disk is no key file.
pub const KEY_FILE_BYTES_MAX: usize = 4096;

const KEY_CONTEXT: &str = "linli keystore 1: key of a key file";

/// What opens a keystore, as its header records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// A passphrase.
    Passphrase,
    /// A key file that the operator chose.
    KeyFile,
    /// A systemd credential.
    Credential,
    /// A key file that lies beside the keystore: whoever can read the home can read the secrets.
    KeyBesideStore,
}

impl Protection {
    /// Whether who copies the home folder holds everything that opens its keystore.
    pub const fn is_in_the_home(self) -> bool {
        matches!(self, Self::KeyBesideStore)
    }

    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Passphrase => 1,
            Self::KeyFile => 2,
            Self::Credential => 3,
            Self::KeyBesideStore => 4,
        }
    }

    pub(super) const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Passphrase),
            2 => Some(Self::KeyFile),
            3 => Some(Self::Credential),
            4 => Some(Self::KeyBesideStore),
            _ => None,
        }
    }
}

impl fmt::Display for Protection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Passphrase => "a passphrase",
            Self::KeyFile => "a key file",
            Self::Credential => "a systemd credential",
            Self::KeyBesideStore => {
                "no passphrase: the key lies beside the keystore, and whoever can read the home folder can read the secrets"
            }
        })
    }
}

/// What the caller opens a keystore with, or wants it to be opened with.
#[derive(Clone, Debug)]
pub enum Unlock {
    /// A passphrase that is not empty.
    Passphrase(SecretString),
    /// A file of 32 to 4,096 random bytes that nobody else may read.
    KeyFile(PathBuf),
    /// The folder in which systemd keeps a service's credentials.
    Credential {
        /// The value of `CREDENTIALS_DIRECTORY`.
        folder: PathBuf,
    },
    /// The key file beside the keystore; it is made when it is wanted and not there.
    KeyBesideStore,
}

impl Unlock {
    /// What a resident chose by answering the prompt; an empty answer means the key beside the
    /// keystore.
    pub fn from_answer(answer: SecretString) -> Self {
        if answer.expose_secret().is_empty() {
            Self::KeyBesideStore
        } else {
            Self::Passphrase(answer)
        }
    }

    /// How a keystore is recorded that is made with this.
    pub const fn protection(&self) -> Protection {
        match self {
            Self::Passphrase(_) => Protection::Passphrase,
            Self::KeyFile(_) => Protection::KeyFile,
            Self::Credential { .. } => Protection::Credential,
            Self::KeyBesideStore => Protection::KeyBesideStore,
        }
    }

    /// Whether it can open a keystore so recorded: the same key may come from a file today and
    /// from a credential tomorrow, but no passphrase ever is a key.
    pub(super) fn suits(&self, recorded: Protection) -> bool {
        (self.protection() == Protection::Passphrase) == (recorded == Protection::Passphrase)
    }

    pub(super) const fn cost(&self) -> Cost {
        match self {
            Self::Passphrase(_) => Cost::PASSPHRASE,
            _ => Cost::NONE,
        }
    }

    pub(super) fn derive(&self, home: &Home, salt: &Salt, cost: Cost) -> Result<Seed, KeyError> {
        let bytes = match self {
            Self::Passphrase(passphrase) => return stretch(passphrase, salt, cost),
            Self::KeyFile(path) => read_key(path, durable_file::read_private)?,
            Self::KeyBesideStore => read_key(&home.device_key(), durable_file::read_private)?,
            // systemd owns that folder, and may leave its files to root and an access list.
            Self::Credential { folder } => {
                read_key(&folder.join(CREDENTIAL_NAME), durable_file::read_shared)?
            }
        };
        Ok(key_of_bytes(&bytes, salt))
    }
}

/// Why no key could be made of what the caller gave.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The key file or credential is not there.
    #[error(
        "the key file {} is missing; put it back from where it was kept: without it the keystore cannot be opened",
        .path.display()
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The key file or credential cannot be read, or others may read it.
    #[error("the key file does not serve")]
    File(#[source] ReadError),
    /// The key file or credential is too short to be random.
    #[error(
        "the key file {} has {bytes} bytes and needs {KEY_FILE_BYTES_MIN} random ones; make one with: head -c 32 /dev/urandom > FILE; chmod 600 FILE",
        .path.display()
    )]
    TooShort {
        /// The file.
        path: PathBuf,
        /// Its bytes.
        bytes: usize,
    },
    /// There is not enough memory to stretch the passphrase.
    #[error(
        "{memory_kib} KiB of memory are needed to open the keystore; end other programs and try again"
    )]
    Memory {
        /// What is needed, in KiB.
        memory_kib: u32,
    },
}

/// Why no key file was made.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// There is one, and something may depend on it.
    #[error("{} exists; name another file, or use this one", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes; try again")]
    Random(#[from] getrandom::Error),
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Makes a key file of 32 random bytes, mode 0600, durably.
///
/// # Errors
///
/// [`KeyFileError`]; a file that exists is never touched.
pub fn make_key_file(path: &Path) -> Result<(), KeyFileError> {
    // A dangling link would be replaced: better to find out that it is one.
    if path.symlink_metadata().is_ok() {
        return Err(KeyFileError::Exists {
            path: path.to_owned(),
        });
    }
    let key = Seed::random()?;
    Ok(durable_file::write(path, key.expose())?)
}

fn read_key(
    path: &Path,
    read: fn(&Path, usize) -> Result<SecretBytes, ReadError>,
) -> Result<SecretBytes, KeyError> {
    let bytes = read(path, KEY_FILE_BYTES_MAX).map_err(|error| match error {
        ReadError::Missing { path } => KeyError::Missing { path },
        other => KeyError::File(other),
    })?;
    if bytes.len() < KEY_FILE_BYTES_MIN {
        return Err(KeyError::TooShort {
            path: path.to_owned(),
            bytes: bytes.len(),
        });
    }
    Ok(bytes)
}

/// Reads a key file that nobody else may read.
///
/// # Errors
///
/// [`KeyError`] when it is missing, too short, or open to others.
pub fn read_key_file(path: &Path) -> Result<SecretBytes, KeyError> {
    read_key(path, durable_file::read_private)
}

/// Makes a key of the random bytes of a key file.
pub(crate) fn key_of_bytes(bytes: &[u8], salt: &Salt) -> Seed {
    let mut hasher = blake3::Hasher::new_derive_key(KEY_CONTEXT);
    hasher.update(salt).update(bytes);
    let mut hash = hasher.finalize();
    hasher.zeroize();
    let mut key = Zeroizing::new(*hash.as_bytes());
    hash.zeroize();
    Seed::take(&mut key)
}

/// Stretches a passphrase. Keyboards and input methods write the same characters in several ways,
/// so they are brought to one form first.
pub(crate) fn stretch(
    passphrase: &SecretString,
    salt: &Salt,
    cost: Cost,
) -> Result<Seed, KeyError> {
    let passphrase = passphrase.expose_secret();
    // In UTF-8 that form is at most eleven times as long (UAX 15): growing leaves no copy.
    let mut normal = Zeroizing::new(String::with_capacity(passphrase.len() * 11));
    normal.extend(passphrase.nfkc());
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
        .expect("the cost was checked when it was read, and is constant when it is written");
    let mut blocks = Vec::new();
    blocks
        .try_reserve_exact(params.block_count())
        .map_err(|_| KeyError::Memory {
            memory_kib: cost.memory_kib,
        })?;
    blocks.resize(params.block_count(), Block::default());
    let mut blocks = Zeroizing::new(blocks);
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(normal.as_bytes(), salt, key.as_mut(), &mut **blocks)
        .expect("the lengths of salt, key and memory are right, and no passphrase has 4 GB");
    Ok(Seed::take(&mut key))
}
