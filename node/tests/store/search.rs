//! Searching: what is found, before and after the index is built, and that nothing a person types
//! is taken for syntax.

use node::store::{
    Cursor, Filter, Projection, QUERY_CHARS_MAX, QueryError, SearchError, Store, ViewRow,
};
use proptest::prelude::*;
use protocol::id::DocumentId;

use crate::views::view;
use crate::world::key;

/// Title and text of the documents that are searched, by number.
const TEXTS: [(&str, &str); 12] = [
    ("停水通知", "明天上午九点到下午三点，3号楼停水。"),
    ("谁有梯子？", "换灯泡，周六上午用一下。"),
    ("借雨伞", "下雨了，门口的伞架空了。Umbrella wanted!"),
    (
        "Ladder needed",
        "Need a ladder for two hours; café opposite, ＡＢＣ１２３.",
    ),
    ("電梯維修", "電梯今晚停用，請走樓梯。停電時請勿使用。"),
    ("ひらがなとカタカナ", "エレベーターは使えません"),
    ("안내문", "내일 단수 예정입니다"),
    ("𠮷野家 𡃁", "𰻝𰻝面 in extension G, 㐂 in A"),
    ("🎉 家园日", "烟花 🎆👍🏽 不放"),
    ("停，水", "punctuation between 雨…伞"),
    ("水", "最后停"),
    ("don't", "e-mail: someone@example.org C++ 100%"),
];

fn new_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
    (folder, store)
}

fn row(number: usize, title: &str) -> ViewRow {
    ViewRow {
        title: title.to_owned(),
        ..view(u8::try_from(number + 1).expect("few texts"))
    }
}

fn fill(store: &mut Store) {
    let rows: Vec<_> = TEXTS
        .iter()
        .enumerate()
        .map(|(number, (title, text))| (row(number, title), (*text).to_owned()).into())
        .collect();
    store.put_views(&rows, &[]).expect("views");
}

fn index_all(store: &mut Store) {
    while store.index_pending(5).expect("an index") > 0 {}
}

/// Returns the numbers of the texts found, ascending.
fn found(store: &Store, query: &str) -> Vec<usize> {
    let rows = store
        .search(query, &Filter::default(), None, usize::MAX)
        .expect("an answer");
    assert!(
        rows.is_sorted_by_key(|row| std::cmp::Reverse(row.created_ms)),
        "not the newest first"
    );
    let mut numbers: Vec<usize> = rows
        .iter()
        .map(|row| usize::try_from(row.created_ms - 1_001).expect("a number"))
        .collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn words_are_found_before_and_after_indexing() {
    let cases: &[(&str, &[usize])] = &[
        ("停水", &[0, 9]),
        ("雨伞", &[2, 9]),
        ("伞", &[2, 9]),
        ("梯子", &[1]),
        ("梯", &[1, 4]),
        ("停", &[0, 4, 9, 10]),
        ("水 停", &[0, 9, 10]),
        ("3号楼", &[0]),
        ("ladder", &[3]),
        ("LADDER", &[3]),
        ("lad", &[3]),
        ("adder", &[]),
        ("umbrella 雨伞", &[2]),
        ("ladder 雨伞", &[]),
        ("two hours", &[3]),
        ("hours two", &[3]),
        ("cafe", &[3]),
        ("CAFÉ", &[3]),
        ("abc123", &[3]),
        ("ａｂｃ", &[3]),
        ("電梯", &[4]),
        ("电梯", &[]),
        ("樓梯", &[4]),
        ("カタカナ", &[5]),
        ("ｶﾀｶﾅ", &[5]),
        ("エレベーター", &[5]),
        ("단수", &[6]),
        ("𠮷", &[7]),
        ("𡃁", &[7]),
        ("𰻝面", &[7]),
        ("㐂", &[7]),
        ("🎉", &[8]),
        ("👍", &[8]),
        ("家园日", &[8]),
        ("停，水", &[0, 9]),
        ("「停水」！", &[0, 9]),
        ("don't", &[11]),
        ("someone@example.org", &[11]),
        ("e-mail", &[11]),
        ("100", &[11]),
        ("", &[]),
        ("   ", &[]),
        ("，。！", &[]),
        ("\"", &[]),
        ("\0", &[]),
    ];
    let (_folder, mut store) = new_store();
    fill(&mut store);
    for indexed in [0, 5, TEXTS.len()] {
        // Nothing, a part, and everything stands in the index.
        while indexed > 0 && store.index_pending(5).expect("an index") == 5 && indexed > 5 {}
        for (query, expected) in cases {
            assert_eq!(
                found(&store, query),
                *expected,
                "{query:?} with {indexed} indexed"
            );
        }
    }
}

#[test]
fn a_phrase_does_not_run_from_title_into_text() {
    let (_folder, mut store) = new_store();
    let row = row(0, "明天停");
    store
        .put_views(&[(row, "水果特价".to_owned()).into()], &[])
        .expect("a view");
    assert_eq!(found(&store, "停水"), [0usize; 0]);
    index_all(&mut store);
    assert_eq!(found(&store, "停水"), [0usize; 0]);
    assert_eq!(found(&store, "停 水"), [0]);
}

#[test]
fn nothing_typed_is_syntax() {
    let (_folder, mut store) = new_store();
    fill(&mut store);
    index_all(&mut store);
    // As words these are found nowhere; as syntax some would find everything, others fail.
    for query in [
        "\"停水",
        "停水\"",
        "title:停水",
        "{title body}:停",
        "NEAR(停 水)",
        "停 NOT 水",
        "停 OR 雨",
        "^停水",
        "-停",
        "*",
        "停*",
        "'; DROP TABLE view; --",
        "\" OR \"\" OR \"",
        "停\0水",
        "a\" * OR b",
        "((((((((((",
        "\\\"",
        "+++",
    ] {
        store
            .search(query, &Filter::default(), None, 9)
            .expect("an answer");
    }
    assert_eq!(found(&store, "停 OR 雨"), [0usize; 0]);
    assert_eq!(found(&store, "title:停水"), [0usize; 0]);
    assert_eq!(found(&store, "停 NOT 水"), [0usize; 0]);
    assert_eq!(found(&store, "停*"), [0, 4, 9, 10]);
    assert_eq!(found(&store, "停水"), [0, 9]);
}

#[test]
fn a_long_query_is_refused() {
    let (_folder, store) = new_store();
    let ask = |chars| store.search(&"伞".repeat(chars), &Filter::default(), None, 9);
    assert_eq!(ask(QUERY_CHARS_MAX).expect("an answer"), []);
    match ask(QUERY_CHARS_MAX + 1) {
        Err(SearchError::Query(QueryError::TooLong { found })) => {
            assert_eq!(found, QUERY_CHARS_MAX + 1);
        }
        other => panic!("{other:?}"),
    }
    let spread = "伞 ".repeat(QUERY_CHARS_MAX / 2);
    assert_eq!(
        store
            .search(&spread, &Filter::default(), None, 9)
            .expect("an answer"),
        []
    );
}

#[test]
fn changes_and_removals_reach_the_index() {
    let (_folder, mut store) = new_store();
    fill(&mut store);
    index_all(&mut store);
    store
        .put_views(&[(row(0, "停电通知"), "来电再说".to_owned()).into()], &[])
        .expect("a view");
    for _ in 0..2 {
        assert_eq!(found(&store, "停水"), [9]);
        assert_eq!(found(&store, "停电"), [0]);
        index_all(&mut store);
    }
    store.mark_dirty([row(0, "").document]).expect("marked");
    let done = store.dirty(9).expect("documents");
    store.put_views(&[], &done).expect("removed");
    assert_eq!(found(&store, "停电"), [0usize; 0]);
    store.compact().expect("a smaller store");
    assert_eq!(found(&store, "停水"), [9]);
    let report = store
        .integrity_check(node::store::Extent::Full)
        .expect("a check");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

/// A few are sorted; of many, pages are taken in order of creation.
#[test]
fn pages_and_filters_hold_for_searches() {
    for (total, page) in [(30, 4), (1_800, 250)] {
        let (_folder, mut store) = new_store();
        let rows: Vec<_> = (0..total)
            .map(|number: u32| {
                let mut name = [7; 32];
                name[..4].copy_from_slice(&number.wrapping_mul(0x9E37_79B9).to_be_bytes());
                let row = ViewRow {
                    document: DocumentId(name),
                    digest: name,
                    created_ms: 1_000 + i64::from(number / 2),
                    kind: u16::from(number.is_multiple_of(3)),
                    hidden: number == 3,
                    ..row(0, "停水")
                };
                Projection::from((row, String::new()))
            })
            .collect();
        store.put_views(&rows, &[]).expect("views");
        store.index_pending(total as usize - 13).expect("a part");
        let filter = Filter {
            kind: Some(1),
            ..Filter::default()
        };
        let mut listed: Vec<ViewRow> = Vec::new();
        loop {
            let after = listed.last().map(Cursor::from);
            let found = store
                .search("水", &filter, after.as_ref(), page)
                .expect("a page");
            if found.is_empty() {
                break;
            }
            listed.extend(found);
        }
        let rows = rows.iter().map(|put| &put.row);
        let mut expected: Vec<&ViewRow> = rows.filter(|row| row.kind == 1 && !row.hidden).collect();
        expected.sort_by_key(|row| std::cmp::Reverse((row.created_ms, row.document)));
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// The index and the plain look through what waits for it are two programs: they agree.
    #[test]
    fn waiting_for_the_index_hides_nothing(
        texts in prop::collection::vec(("[停水雨aBé1 ，\"*\u{3099}か🎉]{0,9}", "\\PC{0,20}"), 1..9),
        queries in prop::collection::vec("[停水雨aBé1 ，\"*\u{3099}か🎉]{1,4}|\\PC{0,6}", 1..9),
    ) {
        let (_folder, mut store) = new_store();
        let rows: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(number, (title, text))| (row(number, title), text.clone()).into())
            .collect();
        store.put_views(&rows, &[]).expect("views");
        let before: Vec<_> = queries.iter().map(|query| found(&store, query)).collect();
        index_all(&mut store);
        let after: Vec<_> = queries.iter().map(|query| found(&store, query)).collect();
        prop_assert_eq!(before, after);
    }
}
