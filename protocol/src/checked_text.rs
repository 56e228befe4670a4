//! Bytes as one word that survives paper, chat and a QR code, with a checksum that finds one wrong
//! character: bech32m (BIP 350), which invitations and the codes of new devices share.
//!
//! What the bytes mean is their owner's business; the faults of a text are told as those of an
//! invitation.

use bech32::primitives::checksum::Engine;
use bech32::primitives::decode::{
    CharError, ChecksumError, UncheckedHrpstring, UncheckedHrpstringError,
};
use bech32::{Bech32m, Checksum, Fe32, Fe32IterExt, Hrp};

use crate::codec;
use crate::invitation::InvitationError;

/// Characters of a text at most: the length to which the checksum's guarantee reaches.
pub const TEXT_CHARACTERS_MAX: usize = 1_023;

/// Characters of the checksum.
const CHECKSUM_CHARACTERS: usize = 6;

/// Returns how many characters bytes have as text.
pub fn characters(prefix: &str, bytes: &[u8]) -> usize {
    prefix.len() + 1 + (bytes.len() * 8).div_ceil(5) + CHECKSUM_CHARACTERS
}

/// Writes bytes that have at most [`TEXT_CHARACTERS_MAX`] characters as text.
pub fn write(prefix: &str, bytes: &[u8]) -> String {
    bech32::encode::<Bech32m>(hrp(prefix), bytes).expect("the length was checked")
}

/// Reads the bytes of a text. White space anywhere in it is left out, for it comes from line breaks.
///
/// # Errors
///
/// [`InvitationError`], which says what is wrong and where.
pub fn read(prefix: &str, text: &str) -> Result<Vec<u8>, InvitationError> {
    let text = normal_form(prefix, text)?;
    read_normal(prefix, &text)
}

/// Tells whether a text begins with a prefix and its separator, or is about to.
pub fn begins_with(prefix: &str, text: &str) -> bool {
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    let head = letters.take(prefix.len() + 1).collect::<String>();
    head.eq_ignore_ascii_case(&format!("{prefix}1"))
}

fn hrp(prefix: &str) -> Hrp {
    Hrp::parse(prefix).expect("the prefix is made of small letters")
}

/// Leaves white space out, makes letters small, and checks prefix, characters and length.
fn normal_form(prefix: &str, text: &str) -> Result<String, InvitationError> {
    let mut normal = String::new();
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        normal.push(character);
        if normal.len() > TEXT_CHARACTERS_MAX {
            return Err(InvitationError::TooLong);
        }
    }
    let has = |test: fn(&char) -> bool| normal.chars().any(|character| test(&character));
    if has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase) {
        return Err(InvitationError::MixedCase);
    }
    normal.make_ascii_lowercase();
    let head = format!("{prefix}1");
    let Some(data) = normal.strip_prefix(&head) else {
        let is_beginning = !normal.is_empty() && head.starts_with(&normal);
        return Err(if is_beginning {
            InvitationError::Truncated
        } else {
            InvitationError::Prefix
        });
    };
    let mut characters = data.chars().enumerate();
    match characters.find(|(_, character)| Fe32::from_char(*character).is_err()) {
        Some((index, character)) => Err(InvitationError::Character {
            position: head.len() + index + 1,
            character,
        }),
        None => Ok(normal),
    }
}

/// Checks the checksum of a text in normal form and returns its bytes.
fn read_normal(prefix: &str, text: &str) -> Result<Vec<u8>, InvitationError> {
    let unchecked = match UncheckedHrpstring::new(text) {
        Ok(unchecked) => unchecked,
        // Every other fault was found before.
        Err(UncheckedHrpstringError::Char(CharError::NothingAfterSeparator)) => {
            return Err(InvitationError::Truncated);
        }
        Err(_) => return Err(InvitationError::Prefix),
    };
    if let Err(error) = unchecked.validate_checksum::<Bech32m>() {
        return Err(match error {
            ChecksumError::CodeLength(_) => InvitationError::TooLong,
            ChecksumError::InvalidLength => InvitationError::Truncated,
            _ => wrong_character(prefix, text),
        });
    }
    let checked = unchecked.remove_checksum::<Bech32m>();
    let bytes: Vec<u8> = checked.byte_iter().collect();
    // Bits left over at the end could give one invitation several texts.
    if write(prefix, &bytes) == text {
        Ok(bytes)
    } else {
        Err(InvitationError::Content(codec::DecodeError::NotCanonical))
    }
}

/// Tells a single wrong character from a missing end from several wrong characters.
fn wrong_character(prefix: &str, text: &str) -> InvitationError {
    let data = &text[prefix.len() + 1..];
    if let Some(from_end) = single_error(prefix, data) {
        return InvitationError::Checksum {
            position: Some(text.len() - from_end),
        };
    }
    // The content says itself how long it is; what stands last is taken for the checksum.
    let content = &data[..data.len().saturating_sub(CHECKSUM_CHARACTERS)];
    let bytes: Vec<u8> = symbols(content).fes_to_bytes().collect();
    match minicbor::Decoder::new(&bytes).skip() {
        Err(error) if error.is_end_of_input() => InvitationError::Truncated,
        _ => InvitationError::Checksum { position: None },
    }
}

/// Finds the one character of the data whose change would make the checksum right, counted from
/// the end. Within [`TEXT_CHARACTERS_MAX`] there is at most one. (The crate's own search for errors
/// panics on some texts.)
fn single_error(prefix: &str, data: &str) -> Option<usize> {
    let mut engine = Engine::<Bech32m>::new();
    engine.input_hrp(hrp(prefix));
    symbols(data).for_each(|symbol| engine.input_fe(symbol));
    // The checksum is linear: one wrong symbol at a place adds its change times a power of x. Taken
    // back by that power, the difference is a single symbol.
    let mut difference = *engine.residue() ^ Bech32m::TARGET_RESIDUE;
    for from_end in 0..data.len() {
        if (1..32).contains(&difference) {
            return Some(from_end);
        }
        difference = divided_by_x(difference);
    }
    None
}

/// Divides a residue by x modulo the checksum's generator (the inverse of BIP 173's step).
fn divided_by_x(residue: u32) -> u32 {
    let multiple_of = |carry: u32| {
        let multiples = Bech32m::GENERATOR_SH.iter().enumerate();
        let taken = multiples.filter(|(bit, _)| carry >> bit & 1 == 1);
        taken.fold(0, |sum, (_, multiple)| sum ^ multiple)
    };
    // The lowest symbol comes from the carry alone.
    let carry = (0..32).find(|&carry| (multiple_of(carry) ^ residue) & 31 == 0);
    let carry = carry.expect("the generator's last coefficient is not 0");
    (residue ^ multiple_of(carry)) >> 5 | carry << 25
}

/// The symbols of data whose characters have been checked.
fn symbols(data: &str) -> impl Iterator<Item = Fe32> + '_ {
    data.chars()
        .filter_map(|character| Fe32::from_char(character).ok())
}
