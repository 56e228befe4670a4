use unicode_normalization::is_nfc;

use super::*;
use Edit::*;

/// Reads a line in which `|` is the cursor.
fn line(marked: &str, chars_max: usize) -> LineInput {
    let (before, after) = marked.split_once('|').expect("the cursor is marked");
    let mut line = LineInput::new(chars_max);
    line.manuscript.writing.text = format!("{before}{after}");
    line.manuscript.writing.cursor = before.len();
    line
}

fn marked(line: &LineInput) -> String {
    let (before, after) = line.text().split_at(line.cursor());
    format!("{before}|{after}")
}

fn check(start: &str, edits: &[Edit], expect: &str) {
    let mut line = line(start, 80);
    for edit in edits {
        line.apply(edit.clone());
    }
    assert_eq!(marked(&line), expect, "{start} {edits:?}");
}

#[test]
fn keys_give_text_and_cursor() {
    let family = "👨‍👩‍👧";
    check("|", &[Insert('a'), Insert('水')], "a水|");
    check("ab|", &[Left, Left, Left, Insert('x')], "x|ab");
    check("a|b", &[Right, Right, Backspace], "a|");
    check(&format!("a{family}|b"), &[Backspace], "a|b");
    check(&format!("a|{family}b"), &[Delete], "a|b");
    check("🇨🇳🇨🇳|", &[Backspace], "🇨🇳|");
    check("|", &[Insert('e'), Insert('\u{301}')], "é|");
    check("e|x", &[Insert('\u{301}'), Left], "|éx");
    check("|", &[Insert('\u{301}'), Insert('a')], "a|");
    check(
        "|",
        &[Insert('👨'), Insert('\u{200D}'), Insert('👩'), Left],
        "|👨‍👩",
    );
    check("mutual aid| now", &[WordLeft], "mutual |aid now");
    check("mutual |aid now", &[WordLeft], "|mutual aid now");
    check("|mutual aid", &[WordRight, WordRight], "mutual aid|");
    check("one two|", &[DeleteWordBefore], "one |");
    check("one| two", &[DeleteWordAfter], "one|");
    check("停水，明|天", &[WordLeft, WordLeft], "停|水，明天");
    check("one |two", &[KillToEnd], "one |");
    check("one |two", &[KillToStart], "|two");
    check("one |two", &[Clear], "|");
    check(
        "one |two",
        &[Home, Insert('x'), End, Insert('y')],
        "xone twoy|",
    );
}

#[test]
fn pasted_text_is_one_harmless_line() {
    check("a|b", &[Paste("1\r\n2\r3\n".into())], "a1 2 3|b");
    check(
        "|",
        &[Paste("\u{1B}[31mred\u{202E}\u{200B}\tx".into())],
        "red x|",
    );
    check("|", &[Paste("e\u{301}".into())], "é|");
    check(
        "|",
        &[Insert('\u{1B}'), Insert('\u{202E}'), Insert('\u{7}')],
        "|",
    );
}

#[test]
fn outcomes_tell_what_happened() {
    let mut line = line("|ab", 3);
    assert_eq!(line.apply(Left), Outcome::Unchanged);
    assert_eq!(line.apply(Backspace), Outcome::Unchanged);
    assert_eq!(line.apply(Right), Outcome::Moved);
    assert_eq!(line.apply(Insert('c')), Outcome::Changed);
    for edit in [Up, Down, PageUp, Insert('\n')] {
        assert_eq!(line.apply(edit), Outcome::Ignored);
    }
    assert_eq!(line.apply(Undo), Outcome::Changed);
    assert_eq!(line.apply(Undo), Outcome::Unchanged);
    assert_eq!(line.apply(Redo), Outcome::Changed);
    assert_eq!(line.apply(Redo), Outcome::Unchanged);
}

#[test]
fn what_was_written_is_taken_back_in_groups() {
    let typed: Vec<Edit> = "one two".chars().map(Insert).collect();
    let then = |more: &[Edit]| [typed.as_slice(), more].concat();
    check("|", &then(&[Undo]), "one |");
    check("|", &then(&[Undo, Undo]), "|");
    check("|", &then(&[Undo, Undo, Redo]), "one |");
    check("|", &then(&[KillToStart, Undo]), "one two|");
    check("|", &then(&[Home, Insert('x'), Undo]), "|one two");
    check("ab|", &[Backspace, Backspace, Undo], "ab|");
    check("a|", &[Paste("e\u{301}".into()), Undo, Redo], "aé|");
}

#[test]
fn nothing_of_a_passphrase_is_kept_to_be_taken_back() {
    let mut secret = LineInput::masked(20);
    secret.apply(Paste("secret".into()));
    secret.apply(KillToStart);
    assert_eq!(secret.apply(Undo), Outcome::Unchanged);
    assert_eq!(secret.text(), "");
}

#[test]
fn what_a_field_was_filled_with_is_where_taking_back_ends() {
    let mut line = LineInput::new(20).with_text("filled");
    line.apply(Insert('!'));
    assert_eq!(line.apply(Undo), Outcome::Changed);
    assert_eq!(line.apply(Undo), Outcome::Unchanged);
    assert_eq!(line.text(), "filled");
}

#[test]
fn a_full_line_refuses_and_stays() {
    let mut line = line("ab|", 3);
    let refused = Outcome::Refused(Refusal::TooLong {
        chars_max: 3,
        chars_over: 2,
    });
    assert_eq!(line.apply(Paste("水水水".into())), refused);
    assert_eq!(marked(&line), "ab|");
    assert_eq!(line.apply(Paste("水".into())), Outcome::Changed);
    // A mark that composes takes no room.
    let mut full = super::tests::line("abe|", 3);
    assert_eq!(full.apply(Insert('\u{301}')), Outcome::Changed);
    assert_eq!(marked(&full), "abé|");
    let nothing = Outcome::Refused(Refusal::NothingToInsert);
    assert_eq!(full.apply(Paste("\u{200B}".into())), nothing);
}

#[test]
fn a_passphrase_stays_as_it_is_typed() {
    let mut secret = LineInput::masked(20);
    secret.apply(Paste("a  e\u{301}\n".into()));
    assert_eq!(secret.text(), "a  e\u{301}");
    secret.apply(WordLeft);
    assert_eq!(secret.cursor(), 0);
    assert_eq!(secret.view(10, AmbiguousWidth::Narrow).text, "****");
    assert_eq!(secret.take(), "a  e\u{301}");
    assert!(secret.is_empty() && secret.is_masked());
}

#[test]
fn filling_cuts_to_the_length() {
    let line = LineInput::new(4).with_text("abcdef");
    assert_eq!(line.text(), "abc…");
    assert_eq!(line.cursor(), line.text().len());
}

#[test]
fn the_view_holds_the_cursor() {
    let text: String = "停水a通知b".repeat(5);
    let mut line = LineInput::new(99).with_text(&text);
    for columns in 1..20 {
        line.apply(Home);
        loop {
            let view = line.view(columns, AmbiguousWidth::Narrow);
            assert!(view.cursor_column < columns);
            let shown = crate::text::columns(&view.text, AmbiguousWidth::Narrow);
            assert!(shown <= usize::from(columns), "{view:?}");
            // What stands before the cursor in the view stands before it in the text.
            let mut before = String::new();
            for glyph in glyphs(&view.text, AmbiguousWidth::Narrow) {
                let used = crate::text::columns(&before, AmbiguousWidth::Narrow);
                if used >= usize::from(view.cursor_column) {
                    break;
                }
                before.push_str(&glyph.symbol);
            }
            assert!(line.text()[..line.cursor()].ends_with(&before), "{view:?}");
            if line.apply(Right) == Outcome::Unchanged {
                break;
            }
        }
    }
    let view = line.view(12, AmbiguousWidth::Narrow);
    assert!(view.more_left && !view.more_right);
    line.apply(Home);
    let view = line.view(12, AmbiguousWidth::Narrow);
    assert!(!view.more_left && view.more_right);
}

proptest::proptest! {
    #[test]
    fn text_is_nfc_and_the_cursor_between_clusters(
        edits in proptest::collection::vec(any_edit(), 0..40)
    ) {
        let mut line = LineInput::new(30);
        for edit in edits {
            line.apply(edit);
            proptest::prop_assert!(is_nfc(line.text()), "{:?}", line.text());
            proptest::prop_assert!(line.chars() <= 30);
            proptest::prop_assert_eq!(motion::snap(line.text(), line.cursor()), line.cursor());
        }
    }
}

pub(in crate::text) fn any_edit() -> impl proptest::strategy::Strategy<Value = Edit> {
    use proptest::prelude::*;
    let character = prop_oneof![
        Just('a'),
        Just('e'),
        Just('水'),
        Just(' '),
        Just('\u{301}'),
        Just('\u{323}'),
        Just('\u{200D}'),
        Just('👩'),
        Just('🇨'),
        Just('\u{FE0F}'),
        Just('ᄀ'),
        Just('ᅡ'),
        Just('\u{11A8}'),
        Just('\n'),
        Just('。'),
        any::<char>(),
    ];
    prop_oneof![
        6 => character.clone().prop_map(Insert),
        2 => proptest::collection::vec(character, 0..5)
            .prop_map(|pasted| Paste(pasted.into_iter().collect())),
        6 => proptest::sample::select(vec![
            Backspace, Delete, DeleteWordBefore, DeleteWordAfter, KillToStart, KillToEnd, Left,
            Right, WordLeft, WordRight, Home, End, Start, Finish, Up, Down, PageUp, PageDown, Undo,
            Redo,
        ]),
    ]
}
