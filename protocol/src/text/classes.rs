//! What [`super::Text`] does with each character: pinned ranges, so that two versions of the
//! program show the same text alike.
//!
//! A character that is not listed is kept: rare ideographs and new letters belong to people's
//! names. Only planes without any letter are refused as a whole.

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Kept.
    Visible,
    /// A space of ordinary width or less.
    Space,
    /// The ideographic space, which indents Chinese paragraphs.
    WideSpace,
    /// A tab.
    Tab,
    /// Ends a line.
    LineEnd,
    /// Joins or separates letters: kept where a script or an emoji needs it.
    Joiner,
    /// Selects a variant of the character before it: kept after one that has variants.
    Selector,
    /// Shown as a replacement character.
    Unreadable,
    /// Removed.
    Invisible,
}

const NON_JOINER: char = '\u{200C}';
const EMOJI_SELECTOR: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

/// Returns the class of a character.
pub fn of(character: char) -> Class {
    match character {
        '\n' | '\u{0B}' | '\u{0C}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Class::LineEnd,
        '\t' => Class::Tab,
        '\u{3000}' => Class::WideSpace,
        ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => {
            Class::Space
        }
        // A braille cell without dots looks like a space and passes for a letter.
        '\u{2800}' => Class::Space,
        '\u{200C}' | '\u{200D}' => Class::Joiner,
        '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}'
        | '\u{180B}'..='\u{180D}'
        | '\u{180F}' => Class::Selector,
        _ if is_invisible(character) => Class::Invisible,
        _ if is_unreadable(character) => Class::Unreadable,
        _ => Class::Visible,
    }
}

/// Controls, bidi controls, fillers, tags and everything else that takes no room.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00}'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            | '\u{AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{200E}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{13430}'..='\u{1345F}'
            | '\u{16FE4}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D159}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Private use, noncharacters, planes without letters and the object placeholder.
fn is_unreadable(character: char) -> bool {
    u32::from(character) & 0xFFFE == 0xFFFE
        || matches!(
            character,
            '\u{E000}'..='\u{F8FF}'
                | '\u{FDD0}'..='\u{FDEF}'
                | '\u{FFFC}'
                | '\u{40000}'..='\u{DFFFF}'
                | '\u{E1000}'..='\u{10FFFF}'
        )
}

/// Tells whether a joiner stands inside an emoji or between letters of a script that uses it.
pub fn joiner_fits(joiner: char, last: Option<char>, next: Option<char>) -> bool {
    let (Some(last), Some(next)) = (last, next) else {
        return false;
    };
    if joins_letters(last) && joins_letters(next) {
        return true;
    }
    joiner != NON_JOINER && (is_pictograph(last) || last == EMOJI_SELECTOR) && is_pictograph(next)
}

/// Tells whether a selector follows a character that has variants.
pub fn selector_fits(selector: char, last: Option<char>, next: Option<char>) -> bool {
    let Some(last) = last else {
        return false;
    };
    match selector {
        '\u{FE0E}' | EMOJI_SELECTOR => {
            is_pictograph(last) || (matches!(last, '0'..='9' | '#' | '*') && next == Some(KEYCAP))
        }
        '\u{180B}'..='\u{180F}' => matches!(last, '\u{1820}'..='\u{18AA}'),
        _ => is_han(last),
    }
}

/// Letters and marks of scripts in which joiners change what is read: Arabic and its relatives,
/// the scripts of India and Southeast Asia, Tibetan and Mongolian.
fn joins_letters(character: char) -> bool {
    matches!(
        character,
        '\u{0620}'..='\u{07FF}'
            | '\u{0840}'..='\u{0DFF}'
            | '\u{0F40}'..='\u{0FBC}'
            | '\u{1000}'..='\u{109F}'
            | '\u{1780}'..='\u{17B3}'
            | '\u{17B6}'..='\u{17DD}'
            | '\u{1807}'
            | '\u{180A}'..='\u{180D}'
            | '\u{1820}'..='\u{18AA}'
            | '\u{1A20}'..='\u{1AAD}'
            | '\u{A840}'..='\u{A8C5}'
            | '\u{11000}'..='\u{11FFF}'
    )
}

/// Tells whether a character is a Chinese one, of any block.
pub(super) fn is_han(character: char) -> bool {
    matches!(
        character,
        '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFD}'
    )
}

/// Characters that emoji are made of.
fn is_pictograph(character: char) -> bool {
    matches!(
        character,
        '\u{A9}'
            | '\u{AE}'
            | '\u{203C}'
            | '\u{2049}'
            | '\u{2122}'
            | '\u{2139}'
            | '\u{2194}'..='\u{21AA}'
            | '\u{231A}'..='\u{23FF}'
            | '\u{24C2}'
            | '\u{25AA}'..='\u{25FE}'
            | '\u{2600}'..='\u{27BF}'
            | '\u{2934}'..='\u{2935}'
            | '\u{2B05}'..='\u{2B55}'
            | '\u{3030}'
            | '\u{303D}'
            | '\u{3297}'
            | '\u{3299}'
            | '\u{1F000}'..='\u{1FAFF}'
            | '\u{1FC00}'..='\u{1FFFD}'
    )
}
