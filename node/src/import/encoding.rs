//! The encodings in which spreadsheets save text, and how they are told apart.
//!
//! A byte-order mark decides; else valid UTF-8 is UTF-8; else it is GB18030, of which GBK is a part,
//! if that leaves nothing undecoded. Nothing is replaced or guessed from words: what does not decode
//! is an error.

use std::fmt;

use encoding_rs::{DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use thiserror::Error;

/// Characters beyond ASCII that a text must hold before its first fault for it to be taken for
/// damaged UTF-8. In GBK the first few of them happen to be valid UTF-8 at times; in broken UTF-8
/// nearly all of them are, and most decode as GBK, to nonsense that nobody should import.
const UTF_8_CHARACTERS: usize = 16;

/// The encoding of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte-order mark.
    Utf8,
    /// UTF-8 with a byte-order mark.
    Utf8Marked,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// GB18030, or its part GBK.
    Gb18030,
}

impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Marked => "UTF-8 with a byte-order mark",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Gb18030 => "GB18030",
        })
    }
}

/// The bytes are no text of the encoding that they seem to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("byte {offset} is not valid in {encoding}")]
pub struct Undecodable {
    /// The encoding that they seem to have.
    pub encoding: Encoding,
    /// Position of the first byte at fault, from 0.
    pub offset: usize,
}

/// Decodes a text of whichever encoding it has. A byte-order mark is left out.
///
/// # Errors
///
/// [`Undecodable`].
pub fn decode(bytes: &[u8]) -> Result<(Encoding, String), Undecodable> {
    let (encoding, mark_bytes) = detect(bytes)?;
    let foreign = match encoding {
        Encoding::Utf8 | Encoding::Utf8Marked => UTF_8,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Gb18030 => GB18030,
    };
    let rest = &bytes[mark_bytes..];
    let mut decoder = foreign.new_decoder_without_bom_handling();
    let room = decoder
        .max_utf8_buffer_length_without_replacement(rest.len())
        .expect("a file within its limit decodes to less than the address space");
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(rest, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok((encoding, text)),
        (DecoderResult::OutputFull, _) => unreachable!("the room was asked for"),
        (DecoderResult::Malformed(fault, after), read) => Err(Undecodable {
            encoding,
            offset: mark_bytes + read.saturating_sub(usize::from(fault) + usize::from(after)),
        }),
    }
}

/// Returns the encoding and how many bytes its mark has.
fn detect(bytes: &[u8]) -> Result<(Encoding, usize), Undecodable> {
    let marked = encoding_rs::Encoding::for_bom(bytes);
    if let Some((foreign, mark_bytes)) = marked {
        let encoding = if foreign == UTF_16LE {
            Encoding::Utf16Le
        } else if foreign == UTF_16BE {
            Encoding::Utf16Be
        } else {
            Encoding::Utf8Marked
        };
        return Ok((encoding, mark_bytes));
    }
    let Err(fault) = std::str::from_utf8(bytes) else {
        return Ok((Encoding::Utf8, 0));
    };
    let offset = fault.valid_up_to();
    // Each character has one byte that does not continue another.
    let characters = bytes[..offset]
        .iter()
        .filter(|byte| **byte >= 0b1100_0000)
        .count();
    if characters >= UTF_8_CHARACTERS {
        return Err(Undecodable {
            encoding: Encoding::Utf8,
            offset,
        });
    }
    Ok((Encoding::Gb18030, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "标题,内容\n谁有梯子？,换灯泡，周六上午 🪜\n";

    fn utf_16(mark: [u8; 2], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mut bytes = mark.to_vec();
        bytes.extend(TEXT.encode_utf16().flat_map(unit));
        bytes
    }

    #[test]
    fn every_encoding_is_told_and_read() {
        let mut marked = vec![0xef, 0xbb, 0xbf];
        marked.extend_from_slice(TEXT.as_bytes());
        let (gb18030, _, lost) = GB18030.encode(TEXT);
        assert!(!lost);
        for (bytes, expected) in [
            (TEXT.as_bytes().to_vec(), Encoding::Utf8),
            (marked, Encoding::Utf8Marked),
            (utf_16([0xff, 0xfe], u16::to_le_bytes), Encoding::Utf16Le),
            (utf_16([0xfe, 0xff], u16::to_be_bytes), Encoding::Utf16Be),
            (gb18030.into_owned(), Encoding::Gb18030),
        ] {
            assert_eq!(decode(&bytes), Ok((expected, TEXT.to_owned())));
        }
    }

    #[test]
    fn the_first_fault_is_named_by_its_byte() {
        let check = |bytes: &[u8], encoding, offset| {
            assert_eq!(decode(bytes), Err(Undecodable { encoding, offset }));
        };
        check(b"name\n\xff\n", Encoding::Gb18030, 5);
        check(b"name\n\xce\xe4\xba", Encoding::Gb18030, 7);
        check(b"\xef\xbb\xbfname\xff", Encoding::Utf8Marked, 7);
        check(b"\xff\xfea\0b", Encoding::Utf16Le, 4);
        check(b"\xff\xfea\0\x00\xd8b\0", Encoding::Utf16Le, 4);
        check(b"\xfe\xff\0a\xdc\x00", Encoding::Utf16Be, 4);
    }

    #[test]
    fn one_lost_byte_does_not_turn_utf_8_into_other_characters() {
        let mut bytes = TEXT.repeat(4).into_bytes();
        let offset = TEXT.len() * 2;
        bytes.remove(offset + 1);
        assert_eq!(
            decode(&bytes),
            Err(Undecodable {
                encoding: Encoding::Utf8,
                offset
            })
        );
    }
}
