//! Golden vectors of recovery words, and what wrong ones are answered with.

use protocol::words::{CANDIDATES_MAX, RecoveryWords, WordList, WordsError};

/// The seeds are BIP 39's own test vectors for 256 bits; the English words are theirs.
const VECTORS: [(u8, &str, &str); 3] = [
    (
        0x00,
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon \
         abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon \
         abandon art",
        "的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 的 性",
    ),
    (
        0x7f,
        "legal winner thank year wave sausage worth useful legal winner thank year wave sausage \
         worth useful legal winner thank year wave sausage worth title",
        "枪 疫 霉 尝 俩 闹 饿 贤 枪 疫 霉 尝 俩 闹 饿 贤 枪 疫 霉 尝 俩 闹 饿 搭",
    ),
    (
        0xff,
        "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo \
         zoo vote",
        "歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 歇 佳",
    ),
];

fn seed(byte: u8) -> RecoveryWords {
    RecoveryWords::from_seed([byte; 32])
}

#[test]
fn golden_vectors() {
    for (byte, english, chinese) in VECTORS {
        assert_eq!(*seed(byte).phrase(WordList::English), english);
        assert_eq!(*seed(byte).phrase(WordList::Chinese), chinese);
        for phrase in [english, chinese] {
            assert_eq!(RecoveryWords::parse(phrase).as_ref(), Ok(&seed(byte)));
        }
    }
}

#[test]
fn both_lists_recover_the_same_key() {
    let words = RecoveryWords::from_seed(std::array::from_fn(|i| (i as u8).wrapping_mul(7)));
    for list in [WordList::Chinese, WordList::English] {
        let read = RecoveryWords::parse(&words.phrase(list)).expect("its own words");
        assert_eq!(read.seed(), words.seed());
        assert_eq!(read.key().public(), words.key().public());
        assert_eq!(words.words(list).len(), 24);
    }
}

#[test]
fn layout_case_and_width_do_not_matter() {
    let words = seed(0x7f);
    let english = words.phrase(WordList::English);
    let numbered: String = english
        .split(' ')
        .enumerate()
        .map(|(index, word)| format!("{:>2}. {word}\r\n", index + 1))
        .collect();
    let wide: String = english
        .chars()
        .map(|c| match c {
            'a'..='z' => char::from_u32(u32::from(c) + 0xFEE0).expect("a wide letter"),
            other => other,
        })
        .collect();
    let chinese = words.phrase(WordList::Chinese);
    let texts = [
        english.to_uppercase(),
        english.replace(' ', "\u{3000}"),
        english.replace(' ', ", "),
        format!("\n\t {} \u{A0}", english.as_str()),
        numbered,
        wide,
        chinese.replace(' ', ""),
        chinese.replace(' ', "、"),
        chinese.replace(' ', "\n"),
    ];
    for text in texts {
        assert_eq!(RecoveryWords::parse(&text).as_ref(), Ok(&words), "{text}");
    }
}

#[test]
fn a_wrong_number_of_words_is_counted() {
    let phrase = seed(0).phrase(WordList::English);
    let fewer = phrase.rsplit_once(' ').expect("words").0;
    let more = format!("{} zoo", phrase.as_str());
    let cases = [
        ("", 0),
        ("  \n", 0),
        ("zoo", 1),
        (fewer, 23),
        (&more, 25),
        ("的的", 2),
    ];
    for (text, found) in cases {
        let read = RecoveryWords::parse(text);
        assert_eq!(read, Err(WordsError::Count { found }), "{text}");
    }
}

#[test]
fn a_mistyped_word_is_named_with_what_may_be_meant() {
    let words = seed(0x7f);
    let with = |list: WordList, position: usize, word: &str| {
        let mut all: Vec<String> = words.words(list).iter().map(|&word| word.into()).collect();
        all[position - 1] = word.to_owned();
        all.join(" ")
    };
    // (list, position, what was typed, the word that was meant)
    let cases = [
        (WordList::English, 1, "lagal", "legal"),
        (WordList::English, 2, "winer", "winner"),
        (WordList::English, 6, "suasage", "sausage"),
        (WordList::English, 24, "titles", "title"),
        (
            WordList::Chinese,
            1,
            "犇",
            words.words(WordList::Chinese)[0],
        ),
        (
            WordList::Chinese,
            24,
            "犇",
            words.words(WordList::Chinese)[23],
        ),
    ];
    for (list, position, typed, meant) in cases {
        match RecoveryWords::parse(&with(list, position, typed)) {
            Err(WordsError::Unknown {
                position: found,
                word,
                candidates,
            }) => {
                assert_eq!((found, word.as_str()), (position, typed));
                assert!(candidates.contains(&meant), "{typed}: {candidates:?}");
                assert!(candidates.len() <= CANDIDATES_MAX);
                if list == WordList::English {
                    assert_eq!(candidates[0], meant, "what fits the checksum comes first");
                }
            }
            other => panic!("{typed}: {other:?}"),
        }
    }
}

#[test]
fn a_traditional_character_names_its_simplified_one() {
    let text = "個 ".repeat(24);
    let Err(WordsError::Unknown { candidates, .. }) = RecoveryWords::parse(&text) else {
        panic!("個 is in no list");
    };
    assert_eq!(candidates.first(), Some(&"个"));
}

#[test]
fn words_of_both_lists_do_not_mix() {
    let mut words = seed(0x7f).words(WordList::English);
    words[4] = seed(0x7f).words(WordList::Chinese)[4];
    let read = RecoveryWords::parse(&words.join(" "));
    assert!(
        matches!(read, Err(WordsError::Unknown { position: 5, .. })),
        "{read:?}"
    );
}

#[test]
fn a_changed_or_swapped_word_never_recovers_the_same_key() {
    let words = RecoveryWords::from_seed(std::array::from_fn(|i| (i as u8).wrapping_mul(37)));
    let (mut refused, mut tried) = (0, 0);
    for list in [WordList::Chinese, WordList::English] {
        let right = words.words(list);
        let others = seed(0xff).words(list);
        for position in 0..24 {
            for other in &others {
                let mut changed = right.clone();
                changed[position] = other;
                if changed == right {
                    continue;
                }
                tried += 1;
                match RecoveryWords::parse(&changed.join(" ")) {
                    Ok(read) => assert_ne!(read.seed(), words.seed()),
                    Err(error) => {
                        assert_eq!(error, WordsError::Checksum);
                        refused += 1;
                    }
                }
            }
            let mut swapped = right.clone();
            swapped.swap(position, (position + 1) % 24);
            if let Ok(read) = RecoveryWords::parse(&swapped.join(" ")) {
                assert_ne!(read.seed(), words.seed());
            }
        }
    }
    // Eight bits of checksum let one in 256 through, to another key.
    assert!(refused * 100 > tried * 97, "{refused} of {tried}");
}

#[test]
fn hostile_texts_are_refused_shortly() {
    let endless = "a".repeat(1_000_000);
    let texts = [
        endless.as_str(),
        "\u{1b}[2J\u{202e}",
        "\0\0\0",
        "ﷺ ".repeat(24).leak(),
    ];
    for text in texts {
        match RecoveryWords::parse(text) {
            Err(WordsError::Unknown { word, .. }) => assert!(word.chars().count() <= 16),
            Err(WordsError::Count { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_words_are_not_printed_by_accident() {
    assert_eq!(format!("{:?}", seed(7)), "RecoveryWords(…)");
}
