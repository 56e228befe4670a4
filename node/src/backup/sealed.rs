//! The form of a backup on disk: a header in the clear, then chunks of which each is sealed by
//! itself, so that damage is found where it lies.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use secrecy::SecretString;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::keystore::{Cost, CostError, KeyError, Seed, check_cost, key_of_bytes, stretch};

/// The first bytes of a backup.
pub const MAGIC: &[u8; 8] = b"linlibak";
/// The version that this program writes, and the only one it reads.
const VERSION: u8 = 1;
/// Bytes of a chunk before it is sealed.
const CHUNK_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
const PREFIX_BYTES: usize = 19;
const CHECK_BYTES: usize = 16;
const CHECKED_BYTES: usize = 8 + 1 + 1 + 12 + 16 + PREFIX_BYTES + CHECK_BYTES;
const HEADER_BYTES: usize = CHECKED_BYTES + 32;

const CHECK_CONTEXT: &str = "linli backup 1: check of the key";

/// What a backup is locked with.
#[derive(Clone, Debug)]
pub enum Lock {
    /// A passphrase that is not empty.
    Passphrase(SecretString),
    /// A key file's random bytes.
    Key(Seed),
}

/// What opens a backup, as its header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// A passphrase.
    Passphrase,
    /// A key file.
    Key,
}

impl Opener {
    const fn code(self) -> u8 {
        match self {
            Self::Passphrase => 1,
            Self::Key => 2,
        }
    }
}

/// Why a backup was not sealed.
#[derive(Debug, Error)]
pub enum SealError {
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Random(#[from] getrandom::Error),
    /// No key could be made of what was given.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Why a backup does not open. Positions are bytes of the file, from 0.
#[derive(Debug, Error)]
pub enum OpenError {
    /// It is something else.
    #[error("this is no backup")]
    Foreign,
    /// A later version of the program wrote it.
    #[error("version {found} of the format is not known here")]
    Newer {
        /// The version found.
        found: u8,
    },
    /// Bytes of it are not what was written.
    #[error("the bytes from {from} to {to} are not what was written")]
    Damaged {
        /// The first byte of the part that is damaged.
        from: usize,
        /// The byte after it.
        to: usize,
    },
    /// Its end is missing.
    #[error("the end is missing: it breaks off after {bytes} bytes")]
    CutOff {
        /// Bytes that are there.
        bytes: usize,
    },
    /// It asks for more work than this program does.
    #[error(transparent)]
    Cost(#[from] CostError),
    /// No key could be made of what was given.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The passphrase or key file is another one, or of the other sort.
    #[error("the passphrase or key file does not open it")]
    WrongKey,
}

/// Seals what is inside a backup.
///
/// # Errors
///
/// [`SealError`].
pub fn seal(lock: &Lock, plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let (mut salt, mut prefix) = ([0; 16], [0; PREFIX_BYTES]);
    getrandom::fill(&mut salt)?;
    getrandom::fill(&mut prefix)?;
    let (opener, cost) = match lock {
        Lock::Passphrase(_) => (Opener::Passphrase, Cost::PASSPHRASE),
        Lock::Key(_) => (Opener::Key, Cost::NONE),
    };
    let key = derive(lock, &salt, cost)?;
    let chunks = plain.len().div_ceil(CHUNK_BYTES).max(1);
    let mut file = Vec::with_capacity(HEADER_BYTES + plain.len() + chunks * TAG_BYTES);
    file.extend_from_slice(MAGIC);
    file.extend([VERSION, opener.code()]);
    for part in [cost.memory_kib, cost.passes, cost.lanes] {
        file.extend(part.to_be_bytes());
    }
    file.extend(salt);
    file.extend(prefix);
    file.extend(check_of(&key));
    let checksum = blake3::hash(&file);
    file.extend_from_slice(checksum.as_bytes());
    let header = file.clone();
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    for number in 0..chunks {
        let from = number * CHUNK_BYTES;
        let to = plain.len().min(from + CHUNK_BYTES);
        let mut chunk = Zeroizing::new(Vec::with_capacity(to - from + TAG_BYTES));
        chunk.extend_from_slice(&plain[from..to]);
        let nonce = nonce(&prefix, number, number + 1 == chunks);
        cipher
            .encrypt_in_place(&nonce.into(), &header, &mut *chunk)
            .expect("a chunk is far below the cipher's limit");
        file.extend_from_slice(&chunk);
    }
    Ok(file)
}

/// Reads what opens a backup, so that it can be asked for.
///
/// # Errors
///
/// [`OpenError`] when it is none, or its header is damaged.
pub fn opener(file: &[u8]) -> Result<Opener, OpenError> {
    Header::parse(file).map(|header| header.opener)
}

/// Opens a backup and checks that every byte of it is what was written.
///
/// # Errors
///
/// [`OpenError`], which says where it is damaged.
pub fn open(lock: &Lock, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let header = Header::parse(file)?;
    let given = match lock {
        Lock::Passphrase(_) => Opener::Passphrase,
        Lock::Key(_) => Opener::Key,
    };
    if given != header.opener {
        return Err(OpenError::WrongKey);
    }
    let key = derive(lock, &header.salt, header.cost)?;
    if check_of(&key) != header.check {
        return Err(OpenError::WrongKey);
    }
    let (head, sealed) = file.split_at(HEADER_BYTES);
    let chunks: Vec<&[u8]> = sealed.chunks(CHUNK_BYTES + TAG_BYTES).collect();
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    let unseal = |(number, chunk): (usize, &[u8]), is_last: bool| {
        let mut plain = Zeroizing::new(chunk.to_vec());
        let nonce = nonce(&header.prefix, number, is_last);
        let opened = cipher.decrypt_in_place(&nonce.into(), head, &mut *plain);
        opened.is_ok().then_some(plain)
    };
    let cut_off = OpenError::CutOff { bytes: file.len() };
    let Some(last) = chunks.len().checked_sub(1) else {
        return Err(cut_off);
    };
    let mut whole = Zeroizing::new(Vec::with_capacity(sealed.len()));
    for (number, chunk) in chunks.iter().enumerate() {
        match unseal((number, chunk), number == last) {
            Some(plain) => whole.extend_from_slice(&plain),
            // Whole, but not the last: something follows that is not here.
            None if number == last && unseal((number, chunk), false).is_some() => {
                return Err(cut_off);
            }
            None => {
                let from = HEADER_BYTES + number * (CHUNK_BYTES + TAG_BYTES);
                let to = from + chunk.len();
                return Err(OpenError::Damaged { from, to });
            }
        }
    }
    Ok(whole)
}

/// What stands in the clear.
struct Header {
    opener: Opener,
    cost: Cost,
    salt: [u8; 16],
    prefix: [u8; PREFIX_BYTES],
    check: [u8; CHECK_BYTES],
}

impl Header {
    fn parse(file: &[u8]) -> Result<Self, OpenError> {
        if !file.starts_with(MAGIC) {
            return Err(OpenError::Foreign);
        }
        let damaged = || OpenError::Damaged {
            from: 0,
            to: HEADER_BYTES,
        };
        match file.get(MAGIC.len()) {
            Some(&VERSION) => {}
            Some(&found) if found > VERSION => return Err(OpenError::Newer { found }),
            Some(_) => return Err(damaged()),
            None => return Err(OpenError::CutOff { bytes: file.len() }),
        }
        let Some(header) = file.get(..HEADER_BYTES) else {
            return Err(OpenError::CutOff { bytes: file.len() });
        };
        let (checked, checksum) = header.split_at(CHECKED_BYTES);
        if blake3::hash(checked).as_bytes() != checksum {
            return Err(damaged());
        }
        let mut rest = &checked[MAGIC.len() + 1..];
        let [code] = split(&mut rest);
        let opener = match code {
            1 => Opener::Passphrase,
            2 => Opener::Key,
            _ => return Err(damaged()),
        };
        let cost = Cost {
            memory_kib: u32::from_be_bytes(split(&mut rest)),
            passes: u32::from_be_bytes(split(&mut rest)),
            lanes: u32::from_be_bytes(split(&mut rest)),
        };
        check_cost(opener == Opener::Passphrase, cost)?;
        Ok(Self {
            opener,
            cost,
            salt: split(&mut rest),
            prefix: split(&mut rest),
            check: split(&mut rest),
        })
    }
}

fn derive(lock: &Lock, salt: &[u8; 16], cost: Cost) -> Result<Seed, KeyError> {
    match lock {
        Lock::Passphrase(passphrase) => stretch(passphrase, salt, cost),
        Lock::Key(key) => Ok(key_of_bytes(key.expose(), salt)),
    }
}

/// Tells a wrong key from damage. It helps nobody to guess: every chunk's tag tells the same.
fn check_of(key: &Seed) -> [u8; CHECK_BYTES] {
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&blake3::derive_key(CHECK_CONTEXT, key.expose())[..CHECK_BYTES]);
    check
}

/// Makes a chunk's nonce: where it stands, and whether it is the last (the STREAM construction).
fn nonce(prefix: &[u8; PREFIX_BYTES], number: usize, is_last: bool) -> [u8; 24] {
    let mut nonce = [0; 24];
    nonce[..PREFIX_BYTES].copy_from_slice(prefix);
    let number = u32::try_from(number).expect("a backup is bounded");
    nonce[PREFIX_BYTES..23].copy_from_slice(&number.to_be_bytes());
    nonce[23] = u8::from(is_last);
    nonce
}

/// Splits off the next field of a header, whose length has been checked.
fn split<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let (field, after) = rest
        .split_first_chunk::<N>()
        .expect("the fields add up to the header's length");
    *rest = after;
    *field
}
