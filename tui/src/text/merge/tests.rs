use proptest::prelude::*;

use super::super::change::apply;
use super::*;

fn merge(base: &str, local: &str, remote: &str) -> String {
    let ours = difference(base, local);
    let theirs = difference(base, remote);
    apply(local, &onto(&ours, &theirs))
}

#[test]
fn both_peoples_changes_are_kept() {
    for (base, local, remote, expect) in [
        ("one two", "one 2 two", "one two three", "one 2 two three"),
        ("今晚停水", "今晚九点停水", "明晚停水", "明晚九点停水"),
        // Theirs comes before what was written at the same place.
        ("ab", "aXb", "aYb", "aYXb"),
        // What both wrote is there once, and what one wrote on after it follows.
        ("ab", "aXb", "aXb", "aXb"),
        ("ab", "aXb", "aXYb", "aXYb"),
        ("ab", "aXYb", "aXb", "aXYb"),
        // What they delete goes, what was written in it stays.
        ("abcdef", "abcXdef", "af", "aXf"),
        ("abcdef", "af", "abcdef!", "af!"),
        ("abcdef", "adef", "abcef", "aef"),
        ("", "mine", "theirs", "theirsmine"),
    ] {
        assert_eq!(
            merge(base, local, remote),
            expect,
            "{base} {local} {remote}"
        );
    }
}

#[test]
fn long_texts_are_compared_by_lines() {
    let base: String = (0..2_000).map(|line| format!("line {line}\n")).collect();
    let remote = base
        .replace("line 7\n", "LINE 7\n")
        .replace("line 1990\n", "");
    let changes = difference(&base, &remote);
    assert_eq!(apply(&base, &changes), remote);
    let went: usize = changes.iter().map(|change| change.range.len()).sum();
    assert_eq!(went, "line".len() + "line 1990\n".len());
}

fn any_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        proptest::sample::select(vec!["a", "b", "水", "\n", "e\u{301}", "🇨"]),
        0..12,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_difference_makes_the_other_text(old in any_text(), new in any_text()) {
        prop_assert_eq!(apply(&old, &difference(&old, &new)), new);
    }

    #[test]
    fn one_side_alone_wins(base in any_text(), other in any_text()) {
        prop_assert_eq!(merge(&base, &base, &other), other.clone());
        prop_assert_eq!(merge(&base, &other, &base), other.clone());
        prop_assert_eq!(merge(&base, &other, &other), other);
    }

    #[test]
    fn merging_loses_no_insertion(base in "[ab]{0,8}", local_at: usize, remote_at: usize) {
        let insert = |at: usize, what| {
            let at = at % (base.len() + 1);
            format!("{}{what}{}", &base[..at], &base[at..])
        };
        let merged = merge(&base, &insert(local_at, "X"), &insert(remote_at, "Y"));
        prop_assert_eq!(merged.matches('X').count(), 1);
        prop_assert_eq!(merged.matches('Y').count(), 1);
        prop_assert_eq!(merged.len(), base.len() + 2);
    }

    #[test]
    fn anything_merges(base in any_text(), local in any_text(), remote in any_text()) {
        merge(&base, &local, &remote);
    }
}
