use super::*;

use AmbiguousWidth::{Narrow, Wide};

#[test]
fn ambiguous_signs_are_as_wide_as_the_terminal_makes_them() {
    assert_eq!(columns("“…—”", Narrow), 4);
    assert_eq!(columns("“…—”", Wide), 8);
    assert_eq!(columns("中a", Wide), 3);
}

#[test]
fn letters_of_open_width_follow_the_setting_and_all_others_do_not() {
    for (text, narrow, wide) in [
        ("αβγ", 3, 6),
        ("Привет", 6, 12),
        ("Ёё", 2, 4),
        ("é", 1, 2),
        // Letters whose width is not open: other Greek and Cyrillic, most of Latin.
        ("ἀ", 1, 1),
        ("Ђ", 1, 1),
        ("ñç", 2, 2),
        ("abc", 3, 3),
    ] {
        assert_eq!(columns(text, Narrow), narrow, "{text}");
        assert_eq!(columns(text, Wide), wide, "{text}");
    }
}

#[test]
fn cutting_ends_at_a_cluster_and_stays_within_the_columns() {
    for (text, columns_max, expect) in [
        ("邻里互助", 8, "邻里互助"),
        ("邻里互助", 7, "邻里互…"),
        ("邻里互助", 6, "邻里…"),
        ("abc def", 5, "abc…"),
        ("👨‍👩‍👧x👨‍👩‍👧", 4, "👨‍👩‍👧x…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
        ("", 0, ""),
    ] {
        assert_eq!(truncate(text, columns_max, Narrow), expect, "{text}");
    }
    // An ellipsis of two columns needs a room of two.
    assert_eq!(truncate("邻里", 3, Wide), "…");
    assert_eq!(truncate("邻里", 1, Wide), "");
}

#[test]
fn fitting_fills_every_column() {
    assert_eq!(fit("邻", 5, Alignment::Left, Narrow), "邻   ");
    assert_eq!(fit("邻", 5, Alignment::Right, Narrow), "   邻");
    assert_eq!(fit("邻", 5, Alignment::Centre, Narrow), " 邻  ");
    assert_eq!(fit("邻里邻", 4, Alignment::Left, Narrow), "邻… ");
}
