//! Which signs must not begin or end a line, beyond what UAX #14 says (禁则处理).

/// Signs that never begin a line.
const NEVER_FIRST: &str = "。，、；：！？）】》」』”’…—〉〕］｝〗〙〛〞〟·•‧・～〜％ー々ゝゞヽヾ\
                           ﹐﹑﹒﹔﹕﹖﹗﹚﹜﹞．｡｣､";
/// Signs that never end one.
const NEVER_LAST: &str = "（【《「『“‘〈〔［｛〖〘〚〝﹙﹛﹝｢";
/// Signs of Latin text for which the same holds inside a word that has to be broken somewhere. (At
/// the start of a word they are good: `.profile`.)
const NEVER_FIRST_LATIN: &str = ",.;:!?)]}%";
const NEVER_LAST_LATIN: &str = "([{";

/// How a place between two grapheme clusters was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// UAX #14 allows a break here.
    Opportunity,
    /// It does not, but the line is full.
    Emergency,
}

/// Tells whether a line may end between two grapheme clusters. The first one is the last that is
/// not a space.
pub fn allows(before: &str, after: &str, place: Place) -> bool {
    let first = after.chars().next().unwrap_or(' ');
    let last = before.chars().next().unwrap_or(' ');
    if NEVER_FIRST.contains(first) || NEVER_LAST.contains(last) {
        return false;
    }
    place == Place::Opportunity
        || !(NEVER_FIRST_LATIN.contains(first) || NEVER_LAST_LATIN.contains(last))
}

/// Returns a text of the same length in which quotation marks beside wide characters are the
/// brackets that they are in Chinese; UAX #14 cannot tell on which side of “ a line may end.
pub fn with_quotes_as_brackets(text: &str) -> Option<String> {
    let quotes = ['“', '”', '‘', '’'];
    if !text.contains(quotes) {
        return None;
    }
    let characters: Vec<char> = text.chars().collect();
    let is_wide = |at: Option<usize>| {
        at.and_then(|at| characters.get(at))
            .is_some_and(|character| ('\u{2E80}'..='\u{3FFFF}').contains(character))
    };
    let replaced = characters
        .iter()
        .enumerate()
        .map(|(at, character)| {
            let beside_wide = is_wide(at.checked_sub(1)) || is_wide(Some(at + 1));
            match character {
                '“' | '‘' if beside_wide => '「',
                '”' | '’' if beside_wide => '」',
                _ => *character,
            }
        })
        .collect();
    Some(replaced)
}
