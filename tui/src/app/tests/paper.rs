//! What is put on paper and who has acknowledged it; the day's digest; help given and got; merging;
//! corrections; emergency numbers.

use insta::assert_snapshot;
use protocol::api::{Edition, EmergencyNumbers, Event, Language, Request};
use protocol::id::{DocumentId, EntryId};
use serde_json::{Value, json};

use super::fixtures::{self, refusal};
use super::{NOW_MS, Session};
use crate::host::{HostOrder, PaperFormat, Printed};

const SIZE: (u16, u16) = (80, 24);
const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;

/// Steps of printing, and a correction, by the keys that lead there.
pub const OF_PAPER: [(&str, &str); 3] = [
    ("print-place", "3p<Enter>"),
    ("printed", "1dp<Enter><Enter>"),
    ("correction", "2<Down><Enter>e"),
];

fn session() -> Session {
    Session::begin(Language::English, SIZE)
}

/// What was last written into a list of a document.
fn edited(session: &Session, list: &str) -> Option<(DocumentId, Value)> {
    let written = session.node.written.iter().rev();
    let mut edits = written.filter_map(|request| match request {
        Request::Edit {
            document, fields, ..
        } => Some((*document, fields.get(list)?.clone())),
        _ => None,
    });
    edits.next()
}

#[test]
fn everything_that_can_be_printed_asks_for_form_and_file() {
    let id = |byte: u8| -> DocumentId { fixtures::id(byte).parse().expect("digits") };
    let today = "2026-02-14".parse().expect("a day");
    let yesterday = "2026-02-13".parse().expect("a day");
    let cases = [
        ("2<Enter>p", Printed::Document(id(0x11)), "linli-11111111"),
        ("3<Enter>p", Printed::Document(id(0x21)), "linli-21212121"),
        ("3p", Printed::Requests, "linli-requests-2026-02-14"),
        (
            "2<Enter>wp",
            Printed::Outstanding(id(0x11)),
            "linli-outstanding-11111111",
        ),
        ("1dp", Printed::Digest(today), "linli-2026-02-14"),
        ("1d<Left>p", Printed::Digest(yesterday), "linli-2026-02-13"),
    ];
    let forms = [
        ("", PaperFormat::Pdf, "pdf"),
        ("<Down>", PaperFormat::Text, "txt"),
        ("<Down><Down>", PaperFormat::Markdown, "md"),
    ];
    for (keys, what, name) in cases {
        for (down, format, ending) in forms {
            let mut session = session();
            session.press(keys).press(down).press("<Enter>");
            let file = format!("~/{name}.{ending}");
            assert!(session.shows(&file), "{keys} {file}:\n{}", session.screen());
            session.press("<Enter>");
            let order = HostOrder::Print {
                what,
                format,
                file: file.into(),
            };
            assert_eq!(session.node.ordered, [order], "{keys}");
            let said = format!("It is in /home/lin/{name}.{ending}.");
            assert!(session.shows(&said), "{said}:\n{}", session.screen());
            session.press("<Enter>");
            assert!(!session.shows("It is in"), "{}", session.screen());
        }
    }
}

#[test]
fn a_file_that_is_there_is_said_and_another_name_can_be_typed() {
    let mut session = session();
    session.press("2<Enter>p<Enter>");
    session.node.host_refuses = Some(refusal("exists", None));
    session.press("<Enter>");
    assert!(
        session.shows("The node says exists."),
        "{}",
        session.screen()
    );
    session.press("2<Enter>");
    let file = match session.node.ordered.last() {
        Some(HostOrder::Print { file, .. }) => file.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(file.to_string_lossy(), "~/linli-11111111.pdf2");
    assert!(session.shows("It is in"), "{}", session.screen());
}

#[test]
fn the_demonstration_prints_too() {
    let mut session = Session::begin_on_stage(Language::English, SIZE);
    session.press("2<Enter>p<Enter><Enter>");
    assert!(session.shows("It is in"), "{}", session.screen());
}

#[test]
fn the_issuer_sees_who_is_outstanding_and_notes_what_was_signed_on_paper() {
    for (keys, way) in [("", "paper"), ("<Down>", "proxy")] {
        let mut session = session();
        session.press("2<Enter>w");
        for said in [
            "2 of 4 households",
            "吵吵家 (building 2)",
            "Grandma Wang (building 1) on paper ∙ noted by 林家",
            "陈家 (building 5) in person",
        ] {
            assert!(session.shows(said), "{said}:\n{}", session.screen());
        }
        session.press("<Enter>");
        let asked = "吵吵家 (building 2): how did they";
        assert!(session.shows(asked), "{}", session.screen());
        session.press(keys).press("<Enter>");
        let (document, word) = edited(&session, "acknowledgements").expect("it is noted");
        assert_eq!(document, session.node.documents[0].id);
        assert_eq!(word, json!({ "way": way, "household": fixtures::id(8) }));
        assert!(session.shows("Noted."), "{}", session.screen());
    }
    let mut session = session();
    session.press("2<Enter>w<End><Enter>");
    assert!(session.shows("has acknowledged it"), "{}", session.screen());
    assert_eq!(edited(&session, "acknowledgements"), None);
}

#[test]
fn a_signature_is_noted_for_the_edition_that_was_signed() {
    let editions = json!([
        { "entry": fixtures::id(0x91), "counts": false },
        { "entry": fixtures::id(0x92), "counts": true },
        { "entry": fixtures::id(0x93), "counts": true },
    ]);
    let editions: Vec<Edition> = serde_json::from_value(editions).expect("editions");
    let chosen = [
        ("", "paper", Some(0x93)),
        ("<Down>", "paper", Some(0x92)),
        ("<Down><Down>", "", None),
        ("<Down><Down><Down>", "proxy", Some(0x93)),
    ];
    for (keys, way, seen) in chosen {
        let mut session = session();
        session.node.acknowledged.editions.clone_from(&editions);
        session.press("2<Enter>w<Enter>");
        let offered = "They signed edition 3 on paper, the newest";
        assert!(session.shows(offered), "{}", session.screen());
        session.press(keys).press("<Enter>");
        let noted = session
            .node
            .written
            .iter()
            .find_map(|request| match request {
                Request::Edit { fields, base, .. } => {
                    Some((fields["acknowledgements"].clone(), base))
                }
                _ => None,
            });
        let Some(seen) = seen else {
            assert_eq!(noted, None);
            let said = "Edition 1 was corrected in what matters";
            assert!(session.shows(said), "{}", session.screen());
            continue;
        };
        let (word, base) = noted.expect("it is noted");
        assert_eq!(word["way"], way);
        assert_eq!(json!(base), json!([fixtures::id(seen)]));
    }
}

#[test]
fn an_acknowledgement_is_of_the_text_on_the_screen() {
    let mut session = session();
    let seen: Vec<EntryId> = serde_json::from_value(json!([fixtures::id(0x94)])).expect("a name");
    let notice = &mut session.node.documents[0];
    notice.heads.clone_from(&seen);
    notice.author = serde_json::from_value(fixtures::member(2)).expect("a member");
    session.press("2<Enter>a<Enter>");
    let written = session.node.written.iter();
    let mut words = written.filter_map(|request| match request {
        Request::Edit { fields, base, .. } => fields.get("acknowledgements").zip(Some(base)),
        _ => None,
    });
    let Some((_, base)) = words.next() else {
        panic!("{}", session.screen());
    };
    assert_eq!(*base, seen);
}

#[test]
fn it_is_not_said_that_everybody_has_acknowledged_while_a_household_without_a_device_has_not() {
    let mut session = session();
    let told = &mut session.node.acknowledged;
    told.outstanding.clear();
    let wang = json!([{ "household": { "id": fixtures::id(9), "name": "王奶奶" } }]);
    told.outstanding_recorded = serde_json::from_value(wang).expect("a household");
    session.press("2<Enter>w");
    assert!(
        !session.shows("Everybody has acknowledged"),
        "{}",
        session.screen()
    );
}

#[test]
fn neighbours_see_totals_and_no_names() {
    let mut session = session();
    session.node.acknowledged.named = false;
    session.node.acknowledged.given.clear();
    session.node.acknowledged.outstanding.clear();
    let seen =
        json!([{ "id": "72.0", "by": fixtures::member(7), "time_ms": NOW_MS, "way": "self" }]);
    let notice = &mut session.node.documents[0];
    notice.fields.insert("acknowledgements".to_owned(), seen);
    session.press("2<Enter>");
    assert!(session.shows("2 of 4 households"), "{}", session.screen());
    assert!(!session.shows("Ben"), "{}", session.screen());
    session.press("w");
    assert!(session.shows("2 of 4 households"), "{}", session.screen());
    assert!(session.shows("Names are told"), "{}", session.screen());
    assert!(
        !session.shows("Everybody has acknowledged"),
        "{}",
        session.screen()
    );
    assert!(!session.shows("note one"), "{}", session.screen());
    session.press("p");
    assert!(session.shows("Names are told"), "{}", session.screen());
    assert_eq!(session.node.ordered, []);
    // Neither does the history tell who, but of oneself.
    let id = session.node.documents[0].id;
    let mut history = fixtures::history(id);
    let acknowledges = |by: u8| {
        let change = json!({ "entry": fixtures::id(0x50 + by), "by": fixtures::member(by),
            "time_ms": NOW_MS, "status": "counts",
            "facts": [{ "id": format!("{}.0", fixtures::id(0x50 + by)), "list": "acknowledgements",
                "fields": { "way": "paper", "household": fixtures::id(8) } }] });
        serde_json::from_value(change).expect("fixtures have the interface's form")
    };
    history.changes = vec![acknowledges(7), acknowledges(1)];
    session.node.history = Some(history);
    session.press("<Esc>v");
    for said in ["a household ∙", "林家"] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
    assert!(!session.shows("Ben"), "{}", session.screen());
    let by_itself = session.screen().matches("吵吵家").count();
    assert_eq!(
        by_itself,
        1,
        "of what it wrote itself: {}",
        session.screen()
    );
    session.node.acknowledged = fixtures::acknowledged();
    session.press("<Esc>v");
    assert!(session.shows("Ben"), "{}", session.screen());
    let mut session = self::session();
    session.press("2<Down><Enter>w");
    assert!(session.shows("asks nobody"), "{}", session.screen());
}

#[test]
fn the_digest_tells_of_a_day_and_of_those_before_it() {
    let mut session = session();
    session.press("1d");
    for said in [
        "Sat 14 Feb 2026",
        "Waiting for you",
        "今晚停水",
        "Who needs a hand",
        "元宵灯会",
    ] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
    // Two days ago a notice was corrected; what waits is none of that day's.
    session.press("<Left><Left>");
    assert!(session.shows("Thu 12 Feb 2026"), "{}", session.screen());
    assert!(session.shows("Keys found"), "{}", session.screen());
    assert!(!session.shows("Waiting for you"), "{}", session.screen());
    session.press("<Enter>");
    assert!(session.shows("three keys"), "{}", session.screen());
    session.press("<Esc><Left>");
    assert!(session.shows("Nothing was written"), "{}", session.screen());
    session.press("<Right><Right><Right>");
    assert!(session.shows("Sat 14 Feb 2026"), "{}", session.screen());
    session.press("<Right>");
    assert!(
        session.shows("no digest further on"),
        "{}",
        session.screen()
    );
}

#[test]
fn a_day_ends_where_the_reader_is() {
    let mut session = session();
    // In Shanghai this was a little after midnight, in Greenwich the day before.
    let midnight = NOW_MS - 10 * HOUR;
    session.node.documents[1].updated_ms = midnight + 60_000;
    session.press("1d<Left>");
    assert!(!session.shows("Keys found"), "{}", session.screen());
    session.node.documents[1].updated_ms = midnight - 60_000;
    session.event(Event::Missed);
    assert!(session.shows("Keys found"), "{}", session.screen());
}

#[test]
fn help_given_and_got_is_told_without_a_balance() {
    let mut session = session();
    let offer = |by: u8, minutes: Option<i64>| {
        json!([{ "id": "1.0", "by": fixtures::member(by), "time_ms": 0, "state": "done",
            "agreed_minutes": minutes }])
    };
    for (place, by, minutes) in [(2, 2, Some(90)), (4, 1, None)] {
        let view = &mut session.node.documents[place];
        view.state = Some("confirmed".to_owned());
        view.fields.insert("offers".to_owned(), offer(by, minutes));
    }
    session.press("3t");
    for said in [
        "帮忙搬一个书柜",
        "for 陈家 (building 5)",
        "by 陈家 (building 5) ∙ 1:30 hours",
        "helped each other 2 times; both sides agree on 1:30 hours",
        "never owed",
    ] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
}

#[test]
fn a_likely_duplicate_is_suggested_merged_and_taken_back() {
    let mut session = session();
    let mut twin = session.node.documents[2].clone();
    twin.id = DocumentId([0x99; 32]);
    twin.fields
        .insert("title".to_owned(), json!("周六借个梯子"));
    session.node.documents.push(twin.clone());
    session.press("3<Enter>");
    assert!(
        session.shows("You ask for the same elsewhere"),
        "{}",
        session.screen()
    );
    session.press("a");
    for _ in 0..12 {
        let screen = session.screen();
        let is_chosen = |line: &str| line.contains('▸') && line.contains("Close it");
        if screen.lines().any(is_chosen) {
            break;
        }
        session.press("<Down>");
    }
    session.press("<Enter>");
    let own = session.node.documents[2].id;
    assert_eq!(
        edited(&session, "merges"),
        Some((own, json!({ "into": twin.id })))
    );
    assert!(
        session.shows("Closed for the other one"),
        "{}",
        session.screen()
    );
    // What was closed asks for nothing, so it has no twin, and there is nothing to close again.
    let mut closed = session.node.documents[2].clone();
    closed.state = Some("merged".to_owned());
    session.node.documents[2] = closed;
    session.event(Event::Documents {
        documents: vec![own],
    });
    assert!(
        !session.shows("You ask for the same"),
        "{}",
        session.screen()
    );
    session.press("u");
    assert_eq!(edited(&session, "reopenings"), Some((own, json!({}))));
    // Another category, another time, another thing: nothing is suggested.
    for (field, value) in [
        ("title", json!("谁有退烧药？")),
        ("category", json!("errand")),
        ("from_ms", json!(NOW_MS + 20 * DAY)),
    ] {
        let mut session = self::session();
        let mut other = twin.clone();
        other.fields.insert(field.to_owned(), value);
        session.node.documents.push(other);
        session.press("3<Enter>");
        assert!(
            !session.shows("You ask for the same"),
            "{field}:\n{}",
            session.screen()
        );
    }
}

#[test]
fn a_correction_says_whether_it_is_material() {
    let cases = [
        ("", "", None),
        ("!", "", Some(json!({ "title": "Keys found by the gate!" }))),
        (
            "!",
            "<Tab><Tab><Right>",
            Some(
                json!({ "corrections": { "title": "Keys found by the gate!", "material": true } }),
            ),
        ),
        // Material without a word is no correction.
        ("", "<Tab><Tab><Right>", None),
    ];
    for (typed, keys, expected) in cases {
        let mut session = session();
        session.press("2<Down><Enter>e").press("<End>").press(typed);
        session.press(keys).press("<F5>");
        let edit = session
            .node
            .written
            .iter()
            .find_map(|request| match request {
                Request::Edit { fields, .. } => Some(json!(fields)),
                _ => None,
            });
        assert_eq!(edit, expected, "{}", session.screen());
    }
}

#[test]
fn a_flag_of_a_fact_says_to_what_it_says_yes_and_nothing_otherwise() {
    for is_set in [true, false] {
        let mut session = session();
        let by = fixtures::member(1);
        let correction = json!([{ "id": "81.0", "by": by, "time_ms": NOW_MS, "body": "Two keys",
            "material": is_set }]);
        let thanks = json!([{ "id": "82.0", "by": by, "time_ms": NOW_MS, "body": "So kind",
            "public": is_set }]);
        let [notice, request] = [1, 2];
        let documents = &mut session.node.documents;
        let mut put = |place: usize, list: &str, facts| {
            documents[place].fields.insert(list.to_owned(), facts);
        };
        put(notice, "corrections", correction);
        put(request, "thanks", thanks);
        for (keys, written, said) in [
            (
                "2<Down><Enter><End>",
                "Two keys",
                "Something important changed",
            ),
            ("3<Enter><End>", "So kind", "for everybody to see"),
        ] {
            session.press(keys);
            assert!(session.shows(written), "{}", session.screen());
            assert_eq!(session.shows(said), is_set, "{}", session.screen());
            let screen = session.screen();
            let bare = [" ∙ yes", " ∙ no"];
            let is_bare = |line: &str| bare.iter().any(|word| line.trim_end().ends_with(word));
            assert!(!screen.lines().any(is_bare), "{screen}");
        }
    }
}

#[test]
fn a_notice_that_expires_is_issued_again_by_one_key() {
    let mut session = session();
    session.press("2<Down><Enter>R");
    assert!(session.shows("New: notice"), "{}", session.screen());
    assert!(
        session.shows("Keys found by the gate"),
        "{}",
        session.screen()
    );
    session.press("<F5>");
    let posted = session
        .node
        .written
        .iter()
        .find_map(|request| match request {
            Request::Post(draft) => Some(draft.fields.clone()),
            _ => None,
        });
    let posted = posted.expect("it is posted");
    assert_eq!(posted["title"], json!("Keys found by the gate"));
    assert!(!posted.contains_key("corrections") && !posted.contains_key("expires_ms"));
    // What others issued is theirs.
    let mut session = self::session();
    session.press("2<Enter>R");
    assert!(
        session.shows("nothing here for you to renew"),
        "{}",
        session.screen()
    );
}

#[test]
fn emergency_numbers_are_set_once_and_said_everywhere() {
    let mut session = session();
    session.press("7<Down><Down><Down><Down><Down><Enter>");
    assert!(session.shows("Numbers with commas"), "{}", session.screen());
    session.press("<C-u>112；021-110<Enter>");
    assert!(session.shows("Saved here"), "{}", session.screen());
    assert!(session.shows("112, 021-110"), "{}", session.screen());
    let numbers = EmergencyNumbers::parse("112 021-110").expect("numbers");
    assert_eq!(session.node.settings.emergency_numbers, numbers);
    session.press("3<Down><Down><Enter>");
    assert!(
        session.shows("In an emergency call 112, 021-110."),
        "{}",
        session.screen()
    );
    for typed in ["ask the lead", "1", "1 2 3 4 5 6 7"] {
        let mut session = self::session();
        session.press("7<Down><Down><Down><Down><Down><Enter><C-u>");
        session.press(typed).press("<Enter>");
        assert!(
            session.shows("Nothing was changed"),
            "{typed}:\n{}",
            session.screen()
        );
        assert_eq!(
            session.node.settings.emergency_numbers,
            EmergencyNumbers::USUAL
        );
    }
}

#[test]
fn what_is_said_in_one_language_goes_with_it() {
    let mut session = session();
    session.press("3f");
    assert!(session.shows("Showing: unread"), "{}", session.screen());
    session.press("L");
    assert!(!session.shows("Showing"), "{}", session.screen());
}

#[test]
fn the_steps_of_printing_and_a_correction_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in [(40, 15), (80, 24), (120, 40)] {
            for (name, keys) in OF_PAPER {
                let mut session = Session::begin(language, size);
                session.press(keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}
