//! The form of a keystore on disk: a header in the clear, sealed secrets, a checksum.
//!
//! The byte table is in `docs/KEYSTORE.md`. This file turns bytes into values and back and seals
//! and opens with a key that it is given; it reads no file and knows no passphrase. Only the
//! cipher's tag protects: the checksum lets a damaged file be told from a wrong passphrase.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use minicbor::encode::write::Cursor;
use thiserror::Error;
use zeroize::Zeroizing;

use super::Protection;
use super::secrets::{Secrets, Seed};

/// Bytes of a keystore at most: secrets and a few invitations fit many times over.
pub const FILE_BYTES_MAX: usize = 64 * 1024;
/// Memory for a passphrase in new keystores, in KiB.
pub const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory in new keystores.
pub const PASSES: u32 = 2;
/// Lanes of that memory in new keystores.
pub const LANES: u32 = 1;
/// Memory that a keystore may ask for, in KiB: a small single-board computer has it to spare, and
/// a file that somebody has tampered with cannot exhaust a larger one.
pub const MEMORY_KIB_MAX: u32 = 256 * 1024;
/// Passes that a keystore may ask for.
pub const PASSES_MAX: u32 = 16;
/// Lanes that a keystore may ask for.
pub const LANES_MAX: u32 = 4;
/// The version that this program writes; it reads the earlier ones, which know fewer secrets.
pub const VERSION: u8 = 2;

const MAGIC: &[u8; 8] = b"linlikey";
const VERSION_AT: usize = MAGIC.len();
const HEADER_BYTES: usize = 62;
const TAG_BYTES: usize = 16;
const CHECKSUM_BYTES: usize = 32;

/// Bytes that make the same passphrase another key in every keystore.
pub type Salt = [u8; 16];

/// What a passphrase costs to try, by argon2id. All zero where no passphrase is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes of the memory.
    pub lanes: u32,
}

impl Cost {
    /// The cost in new keystores: OWASP's first recommendation for argon2id.
    pub const PASSPHRASE: Self = Self {
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        lanes: LANES,
    };
    /// Random keys cannot be guessed, so trying one need not be dear.
    pub const NONE: Self = Self {
        memory_kib: 0,
        passes: 0,
        lanes: 0,
    };
}

/// What stands in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What opens the keystore.
    pub protection: Protection,
    /// What a passphrase costs.
    pub cost: Cost,
    /// The salt.
    pub salt: Salt,
}

/// Why bytes are no keystore that this program can try to open.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormatError {
    /// They do not begin as a keystore does.
    #[error("it does not begin as a keystore does")]
    Foreign,
    /// A later version of the program wrote them.
    #[error("it has version {found}, and this program knows {VERSION}")]
    Newer {
        /// The version.
        found: u8,
    },
    /// They are not what was written: damaged, or cut off.
    #[error("its checksum does not fit")]
    Damaged,
    /// The cost of a passphrase lies outside what this program is willing to spend.
    #[error(transparent)]
    Cost(#[from] CostError),
}

/// A cost that lies outside what this program is willing to spend.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("it asks for {what} = {found}, and this program allows {min} to {max}")]
pub struct CostError {
    /// Which cost.
    pub what: &'static str,
    /// What it asks for.
    pub found: u32,
    /// The least that is allowed.
    pub min: u32,
    /// The most that is allowed.
    pub max: u32,
}

/// Why a keystore does not open.
#[derive(Debug, Error)]
pub enum UnsealError {
    /// The key is another one, or the file was tampered with; the two cannot be told apart.
    #[error("the key does not open it")]
    Key,
    /// The key opens it, but no secrets are inside.
    #[error("what is inside are no secrets")]
    Content(#[source] minicbor::decode::Error),
}

/// The secrets need more room than a keystore has: too many admissions are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the secrets do not fit into {FILE_BYTES_MAX} bytes")]
pub struct TooLarge;

/// A keystore's bytes, taken apart and checked as far as that goes without a key.
pub struct SealedFile<'b> {
    header: Header,
    header_bytes: &'b [u8],
    nonce: [u8; 24],
    sealed: &'b [u8],
}

impl<'b> SealedFile<'b> {
    /// Takes a keystore's bytes apart.
    ///
    /// # Errors
    ///
    /// [`FormatError`].
    pub fn parse(bytes: &'b [u8]) -> Result<Self, FormatError> {
        if !bytes.starts_with(MAGIC) {
            return Err(FormatError::Foreign);
        }
        // Before anything else: another version may have another checksum, or none.
        match bytes.get(VERSION_AT) {
            Some(1..=VERSION) => {}
            Some(&found) if found > VERSION => return Err(FormatError::Newer { found }),
            _ => return Err(FormatError::Damaged),
        }
        let (content, checksum) = bytes
            .split_last_chunk::<CHECKSUM_BYTES>()
            .ok_or(FormatError::Damaged)?;
        if blake3::hash(content) != *checksum {
            return Err(FormatError::Damaged);
        }
        let (header_bytes, sealed) = content
            .split_at_checked(HEADER_BYTES)
            .filter(|(_, sealed)| sealed.len() >= TAG_BYTES)
            .ok_or(FormatError::Damaged)?;
        let mut rest = &header_bytes[VERSION_AT + 1..];
        let [protection] = split(&mut rest);
        let protection = Protection::from_code(protection).ok_or(FormatError::Damaged)?;
        let cost = Cost {
            memory_kib: u32::from_be_bytes(split(&mut rest)),
            passes: u32::from_be_bytes(split(&mut rest)),
            lanes: u32::from_be_bytes(split(&mut rest)),
        };
        check_cost(protection == Protection::Passphrase, cost)?;
        Ok(Self {
            header: Header {
                protection,
                cost,
                salt: split(&mut rest),
            },
            header_bytes,
            nonce: split(&mut rest),
            sealed,
        })
    }

    /// What stands in the clear.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Opens the secrets.
    ///
    /// # Errors
    ///
    /// [`UnsealError`].
    pub fn unseal(&self, key: &Seed) -> Result<Secrets, UnsealError> {
        let mut plain = Zeroizing::new(self.sealed.to_vec());
        XChaCha20Poly1305::new(key.expose().into())
            .decrypt_in_place(&self.nonce.into(), self.header_bytes, &mut *plain)
            .map_err(|_| UnsealError::Key)?;
        minicbor::decode(&plain).map_err(UnsealError::Content)
    }
}

/// Seals secrets under a key and a nonce that was never used with it.
///
/// # Errors
///
/// [`TooLarge`].
pub fn seal(
    header: &Header,
    key: &Seed,
    nonce: [u8; 24],
    secrets: &Secrets,
) -> Result<Vec<u8>, TooLarge> {
    let mut file = Vec::with_capacity(FILE_BYTES_MAX);
    file.extend_from_slice(MAGIC);
    file.push(VERSION);
    file.push(header.protection.code());
    for cost in [
        header.cost.memory_kib,
        header.cost.passes,
        header.cost.lanes,
    ] {
        file.extend_from_slice(&cost.to_be_bytes());
    }
    file.extend_from_slice(&header.salt);
    file.extend_from_slice(&nonce);

    // All the room at once: a vector that grows leaves copies of secrets behind.
    let mut sealed = Zeroizing::new(vec![0; FILE_BYTES_MAX]);
    let room = FILE_BYTES_MAX - HEADER_BYTES - TAG_BYTES - CHECKSUM_BYTES;
    let mut cursor = Cursor::new(&mut sealed[..room]);
    minicbor::encode(secrets, &mut cursor).map_err(|_| TooLarge)?;
    let plain_bytes = cursor.position();
    sealed.truncate(plain_bytes);
    XChaCha20Poly1305::new(key.expose().into())
        .encrypt_in_place(&nonce.into(), &file, &mut *sealed)
        .expect("there is room for the tag, and 64 KiB are less than the cipher's limit");
    file.extend_from_slice(&sealed);
    let checksum = blake3::hash(&file);
    file.extend_from_slice(checksum.as_bytes());
    Ok(file)
}

/// Tells whether a cost that a file asks for is one that this program spends.
///
/// # Errors
///
/// [`CostError`].
pub fn check_cost(with_passphrase: bool, cost: Cost) -> Result<(), CostError> {
    let bounds = |min, max| if with_passphrase { (min, max) } else { (0, 0) };
    // argon2 needs eight blocks of a KiB for each lane.
    let memory_kib_min = 8 * cost.lanes.clamp(1, LANES_MAX);
    for (what, found, (min, max)) in [
        ("lanes", cost.lanes, bounds(1, LANES_MAX)),
        ("passes", cost.passes, bounds(1, PASSES_MAX)),
        (
            "memory in KiB",
            cost.memory_kib,
            bounds(memory_kib_min, MEMORY_KIB_MAX),
        ),
    ] {
        if found < min || found > max {
            return Err(CostError {
                what,
                found,
                min,
                max,
            });
        }
    }
    Ok(())
}

/// Splits off the next field of a header, whose length has been checked.
fn split<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let (field, after) = rest
        .split_first_chunk::<N>()
        .expect("the fields add up to the header's length");
    *rest = after;
    *field
}
