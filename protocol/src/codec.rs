//! Canonical CBOR: one byte string for one value (rule R2).
//!
//! Definite lengths, shortest integers, fields in order. Decoding accepts exactly what encoding
//! writes, so a value never has two names. It deliberately knows no value of the protocol.

use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

/// Why bytes are not the canonical form of a value.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// The bytes are no CBOR of this shape.
    #[error("the bytes do not have the expected shape")]
    Shape(#[from] minicbor::decode::Error),
    /// The bytes decode, but the value is written otherwise, or bytes are left over.
    #[error("the bytes are not in canonical form")]
    NotCanonical,
}

/// Encodes a value.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    minicbor::encode(value, &mut bytes).expect("writing to a vector cannot fail");
    bytes
}

/// Decodes a value that must be in canonical form and fill the bytes.
///
/// # Errors
///
/// [`DecodeError::Shape`] when the bytes are something else, [`DecodeError::NotCanonical`] when
/// the same value has another, shorter or ordered, form.
pub fn decode<'b, T: Decode<'b, ()> + Encode<()>>(bytes: &'b [u8]) -> Result<T, DecodeError> {
    let value: T = minicbor::decode(bytes)?;
    if encode(&value) == bytes {
        Ok(value)
    } else {
        Err(DecodeError::NotCanonical)
    }
}

/// Decodes a value as [`decode`] does; `None` when reading in order comes first upon a code that
/// this version does not know, in bytes that are otherwise one item. Whoever keeps such bytes
/// keeps them unread (rule R19).
///
/// # Errors
///
/// As [`decode`], where the bytes are not those of a later version either.
pub fn decode_known<'b, T: Decode<'b, ()> + Encode<()>>(
    bytes: &'b [u8],
) -> Result<Option<T>, DecodeError> {
    match decode(bytes) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_later_version(bytes) => Ok(None),
        Err(error) => Err(error),
    }
}

impl DecodeError {
    /// Tells whether bytes that could not be read may be those of a later version: the first thing
    /// that could not be read is a code, and the bytes are one item.
    pub(crate) fn is_later_version(&self, bytes: &[u8]) -> bool {
        let mut decoder = Decoder::new(bytes);
        let is_unknown = matches!(self, Self::Shape(error) if error.is_unknown_variant());
        is_unknown && decoder.skip().is_ok() && decoder.position() == bytes.len()
    }
}
