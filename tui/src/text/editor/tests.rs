use proptest::prelude::*;
use unicode_normalization::is_nfc;

use super::super::line_input::tests::any_edit;
use super::*;
use Edit::*;

/// Reads a text in which `|` is the cursor, in a field whose lines have 8 columns.
fn editor(marked: &str) -> Editor {
    let (before, after) = marked.split_once('|').expect("the cursor is marked");
    let mut editor = Editor::new(&format!("{before}{after}"), 200);
    editor.manuscript.writing.cursor = before.len();
    editor.resize(9, 3, AmbiguousWidth::Narrow);
    editor
}

fn marked(editor: &Editor) -> String {
    let (before, after) = editor.text().split_at(editor.cursor());
    format!("{before}|{after}")
}

fn check(start: &str, edits: &[Edit], expect: &str) {
    let mut editor = editor(start);
    for edit in edits {
        editor.apply(edit.clone());
    }
    assert_eq!(marked(&editor), expect, "{start:?} {edits:?}");
}

fn cursor_on_screen(editor: &Editor) -> (u16, u16) {
    let view = editor.view(9, 3, AmbiguousWidth::Narrow);
    (view.cursor_column, view.cursor_row)
}

#[test]
fn keys_give_text_and_cursor() {
    check("|", &[Insert('a'), Insert('\r'), Insert('b')], "a\nb|");
    check("|", &[Paste("a\r\nb\rc".into())], "a\nb\nc|");
    check("a\n|b", &[Backspace], "a|b");
    check("a|\nb", &[Delete], "a|b");
    check("👨‍👩‍👧|", &[Backspace], "|");
    check("one\ntwo| x", &[Home], "one\n|two x");
    check("one\n|two x\nthree", &[End], "one\ntwo x|\nthree");
    check("one|two\nthree", &[KillToEnd, KillToEnd], "one|three");
    check("one\ntwo|x", &[KillToStart], "one\n|x");
    check("one|\ntwo", &[Finish], "one\ntwo|");
    check("one\ntwo|", &[Start], "|one\ntwo");
    check("one\ntwo|", &[Clear], "|");
}

#[test]
fn up_and_down_go_by_lines_on_screen_and_keep_the_column() {
    // "one two " / "three"
    check("one tw|o three", &[Down], "one two three|");
    check("one tw|o three", &[Down, Up], "one tw|o three");
    check("abcdef|\na\nabcdef", &[Down], "abcdef\na|\nabcdef");
    check("abcdef|\na\nabcdef", &[Down, Down], "abcdef\na\nabcdef|");
    check(
        "abcdef|\na\nabcdef",
        &[Down, Left, Down],
        "abcdef\na\n|abcdef",
    );
    // The goal column is in the middle of a wide sign: before it.
    check("abc|\n停水", &[Down], "abc\n停|水");
    check("a|", &[Up], "a|");
    check("1|\n2\n3\n4", &[PageDown], "1\n2\n3|\n4");
    check("1\n2\n3\n4|", &[PageUp, PageUp], "1|\n2\n3\n4");
}

#[test]
fn the_end_of_a_full_line_is_on_that_line() {
    let mut editor = editor("|停水停水停水");
    editor.apply(End);
    assert_eq!(marked(&editor), "停水停水|停水");
    assert_eq!(cursor_on_screen(&editor), (8, 0));
    editor.apply(Down);
    assert_eq!(marked(&editor), "停水停水停水|");
    editor.apply(Home);
    assert_eq!(cursor_on_screen(&editor), (0, 1));
    assert_eq!(marked(&editor), "停水停水|停水");
    // From the end of a full line, right goes to the next sign.
    editor.apply(Up);
    editor.apply(End);
    editor.apply(Right);
    assert_eq!(cursor_on_screen(&editor), (2, 1));
}

#[test]
fn hanging_spaces_keep_the_cursor_in_the_field() {
    let mut editor = editor("|");
    for character in "abcdefgh    ".chars() {
        editor.apply(Insert(character));
        let (column, row) = cursor_on_screen(&editor);
        assert!(column < 9 && row == 0);
    }
    editor.apply(Insert('i'));
    assert_eq!(cursor_on_screen(&editor), (1, 1));
}

#[test]
fn undo_takes_a_word_at_a_time() {
    let typed = "one two".chars().map(Insert).collect::<Vec<_>>();
    let with = |edits: &[Edit]| [&typed[..], edits].concat();
    check("|", &with(&[Undo]), "one |");
    check("|", &with(&[Undo, Undo]), "|");
    check("|", &with(&[Undo, Undo, Undo, Redo]), "one |");
    check("|", &with(&[Undo, Redo, Redo]), "one two|");
    check("|", &with(&[Undo, Insert('x'), Redo]), "one x|");
    check("|", &with(&[Backspace, Backspace, Undo]), "one two|");
    check("|", &with(&[Home, Insert('x'), Undo]), "|one two");
    check("one |two", &[KillToEnd, Undo], "one |two");
    check("a|", &[Insert('e'), Insert('\u{301}'), Undo], "a|");
}

#[test]
fn others_changes_leave_the_cursor_between_its_characters() {
    for (start, newer, expect, fresh) in [
        ("one |two", "zero one two", "zero one |two", vec!["zero "]),
        (
            "one |two",
            "one two three",
            "one |two three",
            vec![" three"],
        ),
        ("one t|wo", "1 two, 3", "1 t|wo, 3", vec!["1", ", 3"]),
        (
            "今晚|停水",
            "明晚九点停水。",
            "明晚|九点停水。",
            vec!["明", "九点", "。"],
        ),
        ("one tw|o", "one", "one|", vec![]),
        ("|", "text", "|text", vec!["text"]),
    ] {
        let mut editor = editor(start);
        let ranges = editor.merge_remote(newer);
        assert_eq!(marked(&editor), expect);
        assert_eq!(editor.text(), newer);
        let written: Vec<&str> = ranges
            .iter()
            .map(|range| &editor.text()[range.clone()])
            .collect();
        assert_eq!(written, fresh);
        assert_eq!(editor.fresh(), ranges);
        assert!(!editor.is_changed());
    }
}

#[test]
fn others_changes_keep_what_is_not_published() {
    let mut editor = editor("one two|");
    editor.apply(Paste(" mine".into()));
    editor.merge_remote("zero one two");
    assert_eq!(marked(&editor), "zero one two mine|");
    assert_eq!(editor.base(), "zero one two");
    assert!(editor.is_changed());
    editor.published();
    editor.merge_remote("zero one two mine theirs");
    assert_eq!(editor.text(), "zero one two mine theirs");
    assert!(!editor.is_changed());
}

#[test]
fn undo_takes_back_only_what_was_written_here() {
    let mut editor = editor("one two|");
    editor.apply(Paste(" mine".into()));
    editor.apply(Start);
    editor.apply(Insert('X'));
    editor.merge_remote("zero one two");
    assert_eq!(editor.text(), "zero Xone two mine");
    editor.apply(Undo);
    assert_eq!(editor.text(), "zero one two mine");
    editor.apply(Undo);
    assert_eq!(editor.text(), "zero one two");
    editor.apply(Redo);
    editor.merge_remote("zero one 2 two");
    editor.apply(Redo);
    assert_eq!(editor.text(), "zero Xone 2 two mine");
}

#[test]
fn undo_forgets_what_others_have_written_over() {
    let mut editor = editor("|");
    editor.apply(Paste("mine".into()));
    editor.published();
    editor.apply(Paste(" more".into()));
    editor.merge_remote("mXne");
    assert_eq!(editor.apply(Undo), Outcome::Changed);
    assert_eq!(editor.text(), "mXne");
    assert_eq!(editor.apply(Undo), Outcome::Unchanged);
}

#[test]
fn fresh_ranges_follow_what_is_written_here() {
    let mut editor = editor("ab|");
    editor.merge_remote("abFRESH");
    editor.apply(Start);
    editor.apply(Insert('x'));
    assert_eq!(editor.fresh().to_vec(), vec![Range { start: 3, end: 8 }]);
    editor.apply(Finish);
    editor.apply(Left);
    editor.apply(Insert('y'));
    assert_eq!(editor.fresh(), [3..7, 8..9]);
    editor.apply(Clear);
    assert_eq!(editor.fresh(), []);
}

#[test]
fn a_merged_text_beyond_the_limit_can_only_shrink() {
    let mut editor = Editor::new("", 3);
    editor.merge_remote("abcdef");
    assert!(matches!(editor.apply(Insert('x')), Outcome::Refused(_)));
    assert_eq!(editor.apply(Delete), Outcome::Changed);
    assert_eq!(editor.apply(Undo), Outcome::Changed);
    assert_eq!(editor.text(), "abcdef");
}

#[test]
fn the_screen_follows_the_cursor_and_not_others() {
    let text: String = (0..20).map(|line| format!("{line}\n")).collect();
    let mut editor = editor(&format!("|{text}"));
    (0..10).for_each(|_| {
        editor.apply(Down);
    });
    let top = |editor: &Editor| {
        let view = editor.view(9, 3, AmbiguousWidth::Narrow);
        editor.text()[view.lines[view.top].range.clone()].to_owned()
    };
    assert_eq!(top(&editor), "8");
    editor.apply(Up);
    assert_eq!(top(&editor), "8");
    editor.merge_remote(&format!("new\nlines\n{text}"));
    assert_eq!(top(&editor), "8");
}

proptest! {
    #[test]
    fn any_edits_keep_text_and_cursor_good(
        edits in proptest::collection::vec(any_edit(), 0..60),
        columns in 1_u16..12,
        rows in 1_u16..5,
        newer in proptest::collection::vec("[ab水\n]{0,12}", 0..3),
    ) {
        let mut editor = Editor::new("水 ab\nc", 60);
        editor.resize(columns, rows, AmbiguousWidth::Narrow);
        let mut newer = newer.into_iter();
        for (number, edit) in edits.into_iter().enumerate() {
            editor.apply(edit);
            if number % 16 == 15 && let Some(newer) = newer.next() {
                editor.merge_remote(&newer);
            }
            prop_assert_eq!(motion::snap(editor.text(), editor.cursor()), editor.cursor());
            let view = editor.view(columns, rows, AmbiguousWidth::Narrow);
            prop_assert!(view.cursor_column < columns && view.cursor_row < rows);
            prop_assert!(editor.fresh().iter().all(|range| editor.text().get(range.clone()).is_some()));
        }
    }

    #[test]
    fn undoing_everything_gives_the_first_text(edits in proptest::collection::vec(any_edit(), 0..40)) {
        let mut editor = Editor::new("水 ab\nc", 60);
        for edit in edits.into_iter().filter(|edit| !matches!(edit, Undo | Redo)) {
            editor.apply(edit);
            prop_assert!(is_nfc(editor.text()));
        }
        let last = editor.text().to_owned();
        while editor.apply(Undo) == Outcome::Changed {}
        prop_assert_eq!(editor.text(), "水 ab\nc");
        while editor.apply(Redo) == Outcome::Changed {}
        prop_assert_eq!(editor.text(), last);
    }
}
