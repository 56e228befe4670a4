//! Bundles: a space's entries as one file, for a stick between two houses without a network.
//!
//! A bundle is the frames that a session would send, one after the other. It proves nothing by
//! itself: whoever reads it verifies every segment as if a peer had sent it. It is not encrypted.

use thiserror::Error;

use crate::entry::Entry;
use crate::id::SpaceId;
use crate::limits;
use crate::segment::{self, InvalidFrame, Segment};

/// The first bytes of a bundle.
pub const MAGIC: &[u8; 16] = b"linli bundle 1\r\n";

/// Why a file is no bundle.
#[derive(Debug, Error)]
pub enum InvalidBundle {
    /// It does not begin as one.
    #[error("the file is no bundle of entries")]
    Magic,
    /// It ends in the middle of a frame.
    #[error("the bundle is cut off after {read} bytes")]
    CutOff {
        /// Bytes read until then.
        read: usize,
    },
    /// A frame is too long.
    #[error("a frame of the bundle is too long, after {read} bytes")]
    TooLong {
        /// Bytes read until then.
        read: usize,
    },
    /// A frame holds something else.
    #[error("a frame of the bundle cannot be read")]
    Frame(#[from] InvalidFrame),
}

/// Writes the beginning of a bundle.
pub fn begin() -> Vec<u8> {
    MAGIC.to_vec()
}

/// Appends one frame of runs, each ending in a signed head.
pub fn append(bundle: &mut Vec<u8>, runs: &[Vec<Entry>]) {
    let frame = segment::write_segments(runs);
    let length = u32::try_from(frame.len()).expect("a frame is bounded");
    bundle.extend(length.to_le_bytes());
    bundle.extend(frame);
}

/// Takes a bundle apart, frame by frame; nothing in it is verified yet.
///
/// # Errors
///
/// [`InvalidBundle::Magic`] when the bytes are something else.
pub fn read(
    space: SpaceId,
    bytes: &[u8],
) -> Result<impl Iterator<Item = Result<Vec<Segment>, InvalidBundle>> + '_, InvalidBundle> {
    let rest = bytes
        .strip_prefix(MAGIC.as_slice())
        .ok_or(InvalidBundle::Magic)?;
    let mut position = MAGIC.len();
    let mut rest = Some(rest);
    Ok(std::iter::from_fn(move || {
        let left = rest.take().filter(|left| !left.is_empty())?;
        let frame = match split(left, position) {
            Ok(frame) => frame,
            Err(error) => return Some(Err(error)),
        };
        position += 4 + frame.len();
        rest = Some(&left[4 + frame.len()..]);
        Some(segment::read_segments(space, frame).map_err(InvalidBundle::Frame))
    }))
}

fn split(left: &[u8], read: usize) -> Result<&[u8], InvalidBundle> {
    let (length, rest) = left
        .split_first_chunk::<4>()
        .ok_or(InvalidBundle::CutOff { read })?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > limits::FRAME_BYTES_MAX {
        return Err(InvalidBundle::TooLong { read });
    }
    rest.get(..length).ok_or(InvalidBundle::CutOff { read })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_is_read_frame_by_frame_up_to_where_it_is_cut_off() {
        let space = SpaceId([1; 32]);
        let mut bundle = begin();
        append(&mut bundle, &[]);
        append(&mut bundle, &[]);
        let frames = read(space, &bundle).expect("a bundle").count();
        assert_eq!(frames, 2);
        let cut = &bundle[..bundle.len() - 1];
        let results: Vec<_> = read(space, cut).expect("a bundle").collect();
        assert_eq!(results.len(), 2);
        assert!(matches!(results[1], Err(InvalidBundle::CutOff { .. })));
        assert!(matches!(
            read(space, b"something else").err(),
            Some(InvalidBundle::Magic)
        ));
        let mut long = begin();
        long.extend(u32::MAX.to_le_bytes());
        let results: Vec<_> = read(space, &long).expect("a bundle").collect();
        assert!(matches!(results[0], Err(InvalidBundle::TooLong { .. })));
    }
}
