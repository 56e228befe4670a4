use proptest::prelude::*;
use protocol::api::{Completeness, DocumentView, MemberRef};
use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::kind::{self, Editor};
use protocol::statement::MemberKind;
use serde_json::json;

use super::*;

/// A household without a device.
const WANG: EntryId = EntryId([0x3c; 32]);

fn kind_of(name: &str) -> &'static Kind {
    Kinds::standard().by_name(name).expect("a kind")
}

fn view(kind: &str, fields: &Value) -> DocumentView {
    let fields = serde_json::from_value(fields.clone()).expect("fields");
    let author = MemberRef {
        id: MemberId([3; 32]),
        name: "=林家".to_owned(),
        building: None,
    };
    let mut view: DocumentView = serde_json::from_value(json!({
        "id": DocumentId([7; 32]), "kind": kind, "author": author, "created_ms": 5,
        "updated_ms": 5, "fields": {}, "comments": 0, "completeness": Completeness::Complete,
        "unread": false,
    }))
    .expect("a view");
    view.fields = fields;
    view
}

/// Everything that documents are written as.
fn files(view: &DocumentView) -> [Vec<u8>; 4] {
    let kind = kind_of(&view.kind);
    let line = serde_json::to_string(view).expect("JSON");
    let shown = json!({ "document": view, "comments": [] }).to_string();
    let page = with_record("# x\n\n- kind: notice\n", view);
    [table(kind, std::slice::from_ref(view)), line, shown, page].map(String::into_bytes)
}

#[track_caller]
fn only(read: Result<Option<Records>, ImportError>) -> Record {
    let read = read.expect("a file").expect("of documents");
    assert_eq!(read.errors, []);
    assert_eq!(read.records.len(), 1);
    read.records.into_iter().next().expect("one")
}

#[track_caller]
fn faults(file: &str, kind: Option<&str>) -> Vec<(u64, String, RowFault)> {
    let read = read(file.as_bytes(), kind.map(kind_of)).expect("a file");
    let errors = read.expect("of documents").errors.into_iter();
    let told = errors.map(|error| (error.line, error.column, error.what));
    told.collect()
}

#[test]
fn a_page_carries_nothing_that_it_does_not_show() {
    let fields = json!({
        "title": "换灯泡", "no_shows": [{"id": "x", "by": {"id": "y"}, "offer": "secret"}],
        "thanks": [{"id": "z", "words": "secret", "public": false}],
    });
    let page = with_record("# 换灯泡\n", &view("request", &fields));
    assert!(!page.contains("secret"), "{page}");
    assert_eq!(
        only(read(page.as_bytes(), None)).fields,
        BTreeMap::from([("title".to_owned(), json!("换灯泡"))])
    );
}

#[test]
fn what_only_means_something_here_stays_behind() {
    let fields = json!({
        "title": "停水", "level": "urgent", "ack": true, "expires_ms": 1_795_965_550_842_i64,
        "capacity": "d4".repeat(32), "original": {"title": "x"},
        "acknowledgements": [{"id": "x", "by": {"id": "y"}, "way": "self"}],
    });
    let view = view("notice", &fields);
    for file in files(&view) {
        let record = only(read(&file, None));
        assert_eq!(record.id, Some(view.id));
        assert_eq!(
            serde_json::to_value(&record.fields).expect("JSON"),
            json!({
                "title": "停水", "level": "urgent", "ack": true,
                "expires_ms": 1_795_965_550_842_i64,
            })
        );
    }
}

#[test]
fn every_file_says_for_whom_a_request_was_recorded() {
    let mut view = view(
        "request",
        &json!({"title": "换灯泡", "for_household": WANG}),
    );
    let household = json!({ "id": WANG, "name": "=王奶奶", "building": "3" });
    view.for_household = serde_json::from_value(household).expect("a household");
    for file in files(&view) {
        let record = only(read(&file, None));
        assert_eq!(record.fields["for_household"], json!(WANG));
    }
    let cells = csv_cells(&table(kind_of("request"), &[view]));
    let cell = |name: &str| {
        let column = cells[0].iter().position(|heading| heading == name);
        cells[1][column.expect("a column")].as_str()
    };
    assert_eq!(cell("for_household"), WANG.to_string());
    assert_eq!(cell("for_household_name"), "'=王奶奶");
    let blank = "id,kind,title,for_household\n,request,换灯泡,  \n";
    let record = only(read(blank.as_bytes(), None));
    assert_eq!(record.fields.get("for_household"), None);
}

#[test]
fn a_table_runs_nothing_in_a_spreadsheet() {
    let fields = json!({"title": "=HYPERLINK(\"http://x\")", "body": "@SUM(1)\n+1"});
    let table = table(kind_of("request"), &[view("request", &fields)]);
    let mut table = csv_cells(&table);
    let row = table.pop().expect("a row");
    assert!(
        row.contains(&"'=HYPERLINK(\"http://x\")".to_owned()),
        "{row:?}"
    );
    assert!(row.contains(&"'@SUM(1)\n'+1".to_owned()));
    assert!(row.contains(&"'=林家".to_owned()), "the author too");
    for cell in row {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
    }
}

fn csv_cells(text: &str) -> Vec<Vec<String>> {
    let mut table = crate::import::table::Table::new(text, b',');
    let mut rows = Vec::new();
    while let Some(row) = table.next_row().expect("closed quotes") {
        rows.push(row.cells.expect("cells"));
    }
    rows
}

#[test]
fn a_page_that_somebody_writes_is_a_document() {
    let page = "---\nkind: notice\ntitle: \"今晚停水\"\nlevel: important\nack: yes\n\
        expires: 2026-12-01T18:00:00+08:00\n---\n\n21:00 停水。\n\n请储水。\n";
    let record = only(read(page.as_bytes(), None));
    assert_eq!((record.kind.name, record.id), ("notice", None));
    assert_eq!(
        serde_json::to_value(&record.fields).expect("JSON"),
        json!({
            "title": "今晚停水", "level": "important", "ack": true,
            "expires_ms": 1_796_119_200_000_i64, "body": "21:00 停水。\n\n请储水。",
        })
    );
    let plan = "---\ntitle: 灯会\n---\n# 节目\n\n- 合唱\n";
    let record = only(read(plan.as_bytes(), Some(kind_of("plan"))));
    assert_eq!(record.fields["text"], json!("# 节目\n\n- 合唱\n"));
}

#[test]
fn what_is_wrong_is_named_by_line_and_field() {
    let cases: [(&str, Option<&str>, u64, &str, RowFault); 10] = [
        (
            "{\"kind\":\"request\"}\n",
            None,
            1,
            "fields",
            RowFault::NotJson,
        ),
        (
            "{\"kind\":\"poem\",\"fields\":{}}",
            None,
            1,
            "kind",
            RowFault::KindUnknown,
        ),
        ("{}\n\nnonsense", None, 3, "", RowFault::NotJson),
        (
            "{\"id\":7,\"kind\":\"plan\",\"fields\":{}}",
            None,
            1,
            "id",
            RowFault::NameUnclear,
        ),
        (
            "{\"kind\":\"plan\",\"fields\":{}}",
            Some("notice"),
            1,
            "kind",
            RowFault::OtherKind,
        ),
        (
            "id,kind,title,urgent\n,request,x,perhaps\n",
            None,
            2,
            "urgent",
            RowFault::UrgentUnclear,
        ),
        (
            "id,kind,title,places\n,request,x,two\n",
            None,
            2,
            "places",
            RowFault::NumberUnclear,
        ),
        (
            "id,kind,expires\n,request,soon\n",
            None,
            2,
            "expires",
            RowFault::ExpiresUnclear,
        ),
        (
            "---\nkind: notice\ntitle: x\n",
            None,
            1,
            "---",
            RowFault::NoFrontMatter,
        ),
        (
            "# x\n\ntext\n",
            Some("notice"),
            1,
            "",
            RowFault::NoFrontMatter,
        ),
    ];
    for (file, kind, line, column, what) in cases {
        let found = faults(file, kind);
        let expected = (line, column.to_owned(), what);
        assert!(found.contains(&expected), "{file}: {found:?}");
    }
    let short = faults("id,kind,title\n,request\n", None);
    assert!(matches!(
        short[0].2,
        RowFault::CellsMissing {
            found: 2,
            expected: 3
        }
    ));
    assert!(
        read(b"name,supplies\nx,y\n", None)
            .expect("a table")
            .is_none()
    );
}

#[test]
fn a_file_is_bounded() {
    let line = "{\"kind\":\"request\",\"fields\":{\"title\":\"x\"}}\n";
    let lines = line.repeat(ROWS_MAX + 1);
    assert!(matches!(
        read(lines.as_bytes(), None),
        Err(ImportError::TooManyRows)
    ));
    let lines = line.repeat(ROWS_MAX);
    let read_all = read(lines.as_bytes(), None)
        .expect("a file")
        .expect("documents");
    assert_eq!(read_all.records.len(), ROWS_MAX);
    let large = vec![b'{'; FILE_BYTES_MAX + 1];
    assert!(matches!(
        read(&large, None),
        Err(ImportError::TooLarge { .. })
    ));
    let deep = "{\"a\":".repeat(100_000);
    assert_eq!(faults(&deep, None)[0].2, RowFault::NotJson);
}

/// Text as people and machines write it, with signs that mean something to some format.
fn any_text(length: usize) -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        Just('='),
        Just('+'),
        Just('-'),
        Just('@'),
        Just('\''),
        Just('"'),
        Just(','),
        Just(';'),
        Just('\t'),
        Just('\r'),
        Just('\n'),
        Just(' '),
        Just('＝'),
        Just('<'),
        Just('>'),
        Just('\\'),
        Just('{'),
        Just('水'),
        Just('#'),
        Just('\u{feff}'),
        Just('\0'),
        any::<char>(),
    ];
    proptest::collection::vec(sign, 1..length).prop_map(String::from_iter)
}

/// A text of which a line has something left to show: an escape sequence may take the rest along.
fn any_title() -> impl Strategy<Value = String> {
    let title = any_text(12).prop_map(|text| format!("{text}x"));
    title.prop_filter("nothing is left of it", |title| {
        let line = protocol::text::Text::line(title, usize::MAX);
        !line.into_string().trim().is_empty()
    })
}

prop_compose! {
    fn any_request()(
        title in any_title(), body in any_text(40), when in any_text(12),
        urgent in any::<bool>(), places in 1..100_i64, from in 0..4_000_000_000_000_i64,
        category in prop::sample::select(vec!["errand", "goods", "visit", "skill", "other"]),
        is_for_wang in any::<bool>(),
    ) -> BTreeMap<String, Value> {
        let mut fields: BTreeMap<String, Value> = serde_json::from_value(json!({
            "title": title, "body": body, "when": when, "urgent": urgent,
            "reason": "急", "places": places, "from_ms": from, "category": category,
        })).expect("fields");
        if is_for_wang {
            fields.insert("for_household".to_owned(), json!(WANG));
        }
        fields
    }
}

/// What a document of these fields shows: the fields as their draft takes them.
fn posted(fields: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let standing = protocol::roster::Standing {
        kind: MemberKind::Household,
        founding: None,
        roles: Vec::new(),
        acts_for: vec![WANG],
    };
    let editor = Editor {
        member: MemberId([1; 32]),
        standing: Some(&standing),
        time_ms: 1_780_000_000_000,
        creates: true,
    };
    let draft = protocol::api::Draft {
        kind: "request".to_owned(),
        fields: fields.clone(),
    };
    kind::create(&Kinds::standard(), &draft, &editor).expect("what is drawn can be posted");
    let neutral = |(name, value): (&String, &Value)| {
        let value = match value.as_str() {
            Some(text) if name == "body" => protocol::text::Text::paragraphs(text, usize::MAX)
                .into_string()
                .into(),
            Some(text) => protocol::text::Text::line(text, usize::MAX)
                .into_string()
                .into(),
            None => value.clone(),
        };
        (name.clone(), value)
    };
    let mut shown: BTreeMap<String, Value> = fields.iter().map(neutral).collect();
    // What is blank is not posted.
    shown.retain(|_, value| value.as_str().is_none_or(|text| !text.trim().is_empty()));
    shown
}

proptest! {
    #[test]
    fn what_leaves_comes_back_as_it_was(fields in any_request()) {
        let shown = posted(&fields);
        let view = view("request", &json!(shown));
        let mut keys = Vec::new();
        for file in files(&view) {
            let record = only(read(&file, Some(kind_of("request"))));
            prop_assert_eq!(&record.fields, &shown);
            // It can be posted, and says the same then.
            prop_assert_eq!(&posted(&record.fields), &shown);
            keys.push(record.key());
        }
        keys.dedup();
        prop_assert_eq!(keys.len(), 1, "it is known again in every form");
    }

    #[test]
    fn any_cell_is_read_back(text in any_text(8)) {
        let guarded = cell::guarded(&text);
        prop_assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r']));
        prop_assert_eq!(cell::unguarded(&guarded), text.as_str());
    }

    #[test]
    fn no_file_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _read = read(&bytes, None);
    }
}
