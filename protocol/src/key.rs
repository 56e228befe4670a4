//! ed25519 keys and signatures, with one verdict everywhere (rule R2).
//!
//! Only `verify_strict` is used: batch verification accepts signatures that single verification
//! refuses. Keys that are not torsion-free are refused where they enter. Random bytes come in as
//! arguments; storing keys is the keystore's business.

#[cfg(feature = "switches")]
mod memo;

use std::fmt;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use thiserror::Error;
use zeroize::Zeroizing;

/// Why a public key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The bytes are no point of the curve.
    #[error("the key is not a point of the curve")]
    NotAPoint,
    /// The point has a torsion component: several signatures would verify for one message.
    #[error("the key has a torsion component")]
    Torsion,
}

/// What a signature is for; the same bytes signed for another purpose do not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A head of a log.
    Head,
    /// A device's certificate, signed by its member.
    Certificate,
    /// A cut of a device, signed by its member.
    DeviceCut,
    /// The use of an invitation, signed by its one-time key.
    InvitationUse,
    /// The binding of a transport key to a device in the handshake.
    Handshake,
    /// A device's receipt for a log.
    Receipt,
}

impl Purpose {
    const fn tag(self) -> &'static [u8; 16] {
        match self {
            Self::Head => b"linli head     1",
            Self::Certificate => b"linli cert     1",
            Self::DeviceCut => b"linli devcut   1",
            Self::InvitationUse => b"linli invite   1",
            Self::Handshake => b"linli meeting  1",
            Self::Receipt => b"linli holds    1",
        }
    }
}

/// An ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Signature(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Signature({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// A public key that has been checked once and can verify many times.
#[derive(Clone, Debug)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Checks the 32 bytes of a member's, device's or invitation's name as a key.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the bytes are no point, or one with a torsion component.
    pub fn parse(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        #[cfg(feature = "switches")]
        return memo::parse(bytes, || Self::check(bytes));
        #[cfg(not(feature = "switches"))]
        Self::check(bytes)
    }

    fn check(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?;
        if key.is_weak() || !key.to_edwards().is_torsion_free() {
            return Err(KeyError::Torsion);
        }
        // A point has several encodings; only the one that encoding writes is a name.
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(KeyError::NotAPoint);
        }
        Ok(Self(key))
    }

    /// Reads a key that signs heads of a log. Torsion is refused where a device is enrolled, by
    /// [`PublicKey::parse`]; what an unenrolled device signs counts nowhere.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotAPoint`] when the bytes are no point.
    pub fn parse_unenrolled(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        VerifyingKey::from_bytes(bytes)
            .map(Self)
            .map_err(|_| KeyError::NotAPoint)
    }

    /// Tells whether the signature is this key's for the message and purpose.
    pub fn verifies(&self, purpose: Purpose, message: &[u8; 32], signature: &Signature) -> bool {
        let signed = signed_bytes(purpose, message);
        let verify = || {
            let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
            self.0.verify_strict(&signed, &signature).is_ok()
        };
        #[cfg(feature = "switches")]
        return memo::verifies((self.0.to_bytes(), signed, signature.0), verify);
        #[cfg(not(feature = "switches"))]
        verify()
    }
}

/// A secret key. It is wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// Makes a key from 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Returns the 32 bytes of the public key.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Returns the X25519 key that what is sealed to this key's device is opened with: the scalar
    /// that signs (RFC 8032, section 5.1.5), as RFC 7748 reads it (decision 0010).
    pub(crate) fn sealing_private(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_scalar_bytes())
    }

    /// Signs a 32-byte digest for a purpose.
    pub fn sign(&self, purpose: Purpose, message: &[u8; 32]) -> Signature {
        Signature(self.0.sign(&signed_bytes(purpose, message)).to_bytes())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

/// Returns the X25519 key that is sealed to for whoever signs with a key: the same point of the
/// curve in its Montgomery form (RFC 7748, section 4.1). None for what no device may be enrolled
/// with.
pub(crate) fn sealing_public(public: &[u8; 32]) -> Option<[u8; 32]> {
    let key = PublicKey::parse(public).ok()?;
    Some(key.0.to_montgomery().to_bytes())
}

/// Hashes bytes for one use: the tag keeps uses apart.
pub fn hash(tag: &[u8; 16], parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(tag);
    for part in parts {
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

fn signed_bytes(purpose: Purpose, message: &[u8; 32]) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes[..16].copy_from_slice(purpose.tag());
    bytes[16..].copy_from_slice(message);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_one_purpose_and_message() {
        let secret = SecretKey::from_seed(&[7; 32]);
        let public = PublicKey::parse(&secret.public()).expect("an honest key");
        let signature = secret.sign(Purpose::Head, &[1; 32]);
        assert!(public.verifies(Purpose::Head, &[1; 32], &signature));
        assert!(!public.verifies(Purpose::Certificate, &[1; 32], &signature));
        assert!(!public.verifies(Purpose::Head, &[2; 32], &signature));
    }

    #[test]
    fn keys_of_small_or_mixed_order_are_refused() {
        // The eight points of small order, by their y coordinates, RFC 8032 section 5.1.
        let mut identity = [0u8; 32];
        identity[0] = 1;
        assert_eq!(PublicKey::parse(&identity).err(), Some(KeyError::Torsion));
        let order_4 = [0u8; 32];
        assert_eq!(PublicKey::parse(&order_4).err(), Some(KeyError::Torsion));
        // An honest key plus a point of order 2 lies on the curve but is nobody's name.
        let honest = VerifyingKey::from_bytes(&SecretKey::from_seed(&[9; 32]).public())
            .expect("an honest key")
            .to_edwards();
        let mut minus_one = [0xffu8; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        let order_2 = VerifyingKey::from_bytes(&minus_one)
            .expect("a point of order 2")
            .to_edwards();
        let mixed = (honest + order_2).compress().to_bytes();
        assert_eq!(PublicKey::parse(&mixed).err(), Some(KeyError::Torsion));
    }
}
