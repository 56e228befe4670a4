//! Tells whether two short texts, such as titles, name the same thing.
//!
//! It suggests and never decides: it may be wrong both ways, and nothing else depends on it.

use std::collections::BTreeSet;

use super::classes::is_han;

/// Letters of a word that names something.
const LETTERS_MIN: usize = 3;
/// Words that stand in any request, in lower case.
const WORDS_OF_ANY: &[&str] = &[
    "and",
    "any",
    "anybody",
    "anyone",
    "are",
    "borrow",
    "can",
    "could",
    "does",
    "for",
    "from",
    "has",
    "have",
    "help",
    "lend",
    "need",
    "needed",
    "needs",
    "our",
    "please",
    "some",
    "somebody",
    "someone",
    "the",
    "want",
    "wanted",
    "who",
    "with",
    "would",
    "you",
    "today",
    "tomorrow",
    "tonight",
    "week",
    "weekend",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// Characters that stand in any request.
const CHARACTERS_OF_ANY: &str = "的了吗呢吧我你您他她们咱谁哪什么怎这那有没在和跟给把被让请求想要需借用买卖找帮忙助能可以会\
     一二两三个几些只台件张条架次下点来去家里人到为就还也都是不问周今明晚早午天";

/// Counts the words that two texts share: those of three letters or more whatever their case, and
/// pairs of Chinese characters. What could stand in any request does not count.
pub fn shared_words(one: &str, other: &str) -> usize {
    let [one, other] = [one, other].map(words);
    one.intersection(&other).count()
}

fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut word = String::new();
    let mut before = None;
    for character in text.chars().chain([' ']) {
        let han = Some(character).filter(|character| is_han(*character));
        match han {
            None if character.is_alphanumeric() => word.extend(character.to_lowercase()),
            _ => {
                let ended = std::mem::take(&mut word);
                if names_something(&ended) {
                    words.insert(ended);
                }
            }
        }
        let telling = han.filter(|character| !CHARACTERS_OF_ANY.contains(*character));
        if let (Some(before), Some(character)) = (before, telling) {
            words.insert(String::from_iter([before, character]));
        }
        before = telling;
    }
    words
}

fn names_something(word: &str) -> bool {
    word.chars()
        .filter(|character| character.is_alphabetic())
        .count()
        >= LETTERS_MIN
        && !WORDS_OF_ANY.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, shared: usize) {
        assert_eq!(shared_words(one, other), shared, "{one} / {other}");
        assert_eq!(shared_words(other, one), shared, "{other} / {one}");
    }

    #[test]
    fn what_is_asked_for_is_shared_and_how_one_asks_is_not() {
        check("谁有梯子？", "周六想借一架梯子", 1);
        check("浇浇花", "帮忙浇花", 1);
        check("借把锤子", "借把梯子", 0);
        check("借把锤子", "这几天谁有空，帮我家浇浇花？", 0);
        check(
            "借一架两米的梯子，换客厅的灯",
            "孩子发烧，谁家有儿童退烧药？",
            0,
        );
        check("Who has a LADDER?", "A ladder for Saturday", 1);
        check("The ladder for the lamp", "Medicine for the child", 0);
        check(
            "Could somebody help with a tv?",
            "Could somebody help me, tv",
            0,
        );
        check("周六晚上修水管", "周六晚上看孩子", 0);
        check("Wifi坏了", "修Wi-Fi 和 wifi", 1);
        check("", "", 0);
    }
}
