//! Sealed details (rule R17): text about a document that only some devices can read.
//!
//! The text is encrypted once, under a key of its own, and that key is sealed to one device after
//! the other: a *share*. Whoever can read makes shares for others. Sealing is HPKE (RFC 9180) in
//! base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305; a device's key for it follows from the
//! key it signs with (decision 0010). Text is bound to the document and to its author, and a share
//! to that very text, so none of it means anything anywhere else. Who is to read is not decided
//! here.

use blake3::OutputReader;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::{TryCryptoRng, TryRng};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::id::{DeviceId, DocumentId, MemberId, SpaceId};
use crate::key::{self, SecretKey};
use crate::limits::CONTACT_BYTES_MAX;

/// Bytes of one share: the device, the encapsulated key, the sealed key with its tag.
pub const SHARE_BYTES: usize = DEVICE_BYTES + ENCAPSULATED_BYTES + KEY_BYTES + TAG_BYTES;

const DEVICE_BYTES: usize = 32;
const ENCAPSULATED_BYTES: usize = 32;
const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
/// Bytes in which the length of the text is written.
const LENGTH_BYTES: usize = 2;
/// Text is filled up to a multiple of this: its length says nothing of what it is.
const PADDED_BYTES: usize = 256;

type HpkeCipher = hpke::aead::ChaCha20Poly1305;
type HpkeHash = hpke::kdf::HkdfSha256;

/// Why something could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// The text is longer than [`CONTACT_BYTES_MAX`].
    #[error("the text has {bytes} bytes; {CONTACT_BYTES_MAX} can be sealed")]
    TooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// The device's key is none that can be sealed to.
    #[error("nothing can be sealed to this device's key")]
    Device,
}

/// What sealed text belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The space.
    pub space: SpaceId,
    /// The document that it is about.
    pub about: DocumentId,
    /// The member that wrote it.
    pub author: MemberId,
}

impl Binding {
    /// Names the text that is bound, or a share of its key.
    fn bytes(&self, tag: &[u8; 16], sealed: &[u8]) -> [u8; 32] {
        key::hash(tag, &[&self.space.0, &self.about.0, &self.author.0, sealed])
    }

    fn of_text(&self) -> [u8; 32] {
        self.bytes(b"linli details  1", &[])
    }

    fn of_share(&self, sealed: &[u8]) -> [u8; 32] {
        self.bytes(b"linli share    1", sealed)
    }
}

/// The key of one text. It is wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct ContentKey(Zeroizing<[u8; KEY_BYTES]>);

impl std::fmt::Debug for ContentKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ContentKey(…)")
    }
}

impl ContentKey {
    /// Makes a key from 32 random bytes, which are used for one text only.
    pub fn from_random(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Encrypts text.
    ///
    /// # Errors
    ///
    /// [`SealError::TooLong`].
    pub fn seal(&self, binding: &Binding, text: &str) -> Result<Vec<u8>, SealError> {
        let bytes = text.len();
        let length = u16::try_from(bytes)
            .ok()
            .filter(|_| bytes <= CONTACT_BYTES_MAX);
        let length = length.ok_or(SealError::TooLong { bytes })?;
        let padded = (LENGTH_BYTES + bytes).next_multiple_of(PADDED_BYTES);
        let mut plain = Zeroizing::new(vec![0; padded]);
        plain[..LENGTH_BYTES].copy_from_slice(&length.to_be_bytes());
        plain[LENGTH_BYTES..LENGTH_BYTES + bytes].copy_from_slice(text.as_bytes());
        let payload = Payload {
            msg: &plain,
            aad: &binding.of_text(),
        };
        // The key is used once, so its nonce can be any.
        let sealed = self.cipher().encrypt(&Nonce::default(), payload);
        Ok(sealed.expect("a few kilobytes in memory can be encrypted"))
    }

    /// Decrypts text; none when it is not this key's, or was moved from where it belongs.
    pub fn open(&self, binding: &Binding, sealed: &[u8]) -> Option<Zeroizing<String>> {
        let payload = Payload {
            msg: sealed,
            aad: &binding.of_text(),
        };
        let plain = self.cipher().decrypt(&Nonce::default(), payload).ok()?;
        let plain = Zeroizing::new(plain);
        let (length, text) = plain.split_first_chunk()?;
        let text = text.get(..usize::from(u16::from_be_bytes(*length)))?;
        Some(Zeroizing::new(std::str::from_utf8(text).ok()?.to_owned()))
    }

    /// Seals the key to a device. `random` is used for this share only.
    ///
    /// # Errors
    ///
    /// [`SealError::Device`].
    pub fn share(
        &self,
        binding: &Binding,
        sealed: &[u8],
        device: &DeviceId,
        random: &[u8; 32],
    ) -> Result<[u8; SHARE_BYTES], SealError> {
        let public = key::sealing_public(&device.0).ok_or(SealError::Device)?;
        let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&public)
            .map_err(|_| SealError::Device)?;
        let (encapsulated, key) =
            hpke::single_shot_seal_with_rng::<HpkeCipher, HpkeHash, X25519HkdfSha256>(
                &OpModeS::Base,
                &public,
                &binding.of_share(sealed),
                &self.0[..],
                &[],
                &mut Expanded::from(random),
            )
            .map_err(|_| SealError::Device)?;
        let mut share = [0; SHARE_BYTES];
        let (to, rest) = share.split_at_mut(DEVICE_BYTES);
        let (by, rest) = rest.split_at_mut(ENCAPSULATED_BYTES);
        to.copy_from_slice(&device.0);
        by.copy_from_slice(&encapsulated.to_bytes());
        rest.copy_from_slice(&key);
        Ok(share)
    }

    /// Takes a share that is the device's own; none when it is another's or does not belong here.
    pub fn of_share(
        secret: &SecretKey,
        binding: &Binding,
        sealed: &[u8],
        share: &[u8],
    ) -> Option<Self> {
        let (to, rest) = share.split_at_checked(DEVICE_BYTES)?;
        if to != secret.public() {
            return None;
        }
        let (by, key) = rest.split_at_checked(ENCAPSULATED_BYTES)?;
        let private = secret.sealing_private();
        let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&private[..]).ok()?;
        let by = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(by).ok()?;
        let key = hpke::single_shot_open::<HpkeCipher, HpkeHash, X25519HkdfSha256>(
            &OpModeR::Base,
            &private,
            &by,
            &binding.of_share(sealed),
            key,
            &[],
        );
        let key = Zeroizing::new(key.ok()?);
        Some(Self(Zeroizing::new(key.as_slice().try_into().ok()?)))
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new((&*self.0).into())
    }
}

/// Returns the shares that stand one after the other in a field, and to which device each is.
pub fn shares(bytes: &[u8]) -> impl Iterator<Item = (DeviceId, &[u8])> {
    bytes.chunks_exact(SHARE_BYTES).map(|share| {
        let (device, _) = share.split_first_chunk().expect("a share has its length");
        (DeviceId(*device), share)
    })
}

/// Random bytes that came in as an argument, as HPKE asks for them.
struct Expanded(OutputReader);

impl From<&[u8; 32]> for Expanded {
    fn from(random: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("linli sealing 1 ephemeral key");
        hasher.update(random);
        Self(hasher.finalize_xof())
    }
}

impl TryRng for Expanded {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Expanded {}

#[cfg(test)]
mod tests;
