//! What readers see of documents.

use serde_json::json;

use crate::api::Completeness;
use crate::document::AtomId;
use crate::id::{EntryId, MemberId};
use crate::kind::ItemId;
use crate::kind::desk::{Desk, NOW_MS, Person};
use crate::statement::Role;

use super::*;

fn lin() -> Person {
    Person::household(1)
}

fn chen() -> Person {
    Person::household(2)
}

fn names(member: MemberId) -> MemberRef {
    let (name, building) = match member.0[0] {
        1 => ("林家", Some("3")),
        2 => ("Chen", Some("5")),
        _ => ("居委会", None),
    };
    MemberRef {
        id: member,
        name: name.to_owned(),
        building: building.map(str::to_owned),
    }
}

fn recorded(id: EntryId) -> RecordedRef {
    RecordedRef {
        id,
        name: "王奶奶".to_owned(),
        building: Some("3".to_owned()),
    }
}

fn read(desk: &Desk) -> DocumentView {
    let projected = desk.project();
    let mut view = projected.view;
    for_reader(
        &desk.kinds,
        &mut view,
        projected.until_ms,
        Reader::default(),
        NOW_MS,
        names,
        recorded,
    );
    view
}

#[track_caller]
fn check_golden(view: &DocumentView, golden: &str, name: &str) {
    let found = serde_json::to_value(view).expect("JSON");
    let golden: Value = serde_json::from_str(golden).expect("JSON");
    assert_eq!(found, golden, "projection/golden/{name}");
}

macro_rules! golden {
    ($view:expr, $name:literal) => {
        check_golden($view, include_str!(concat!("golden/", $name)), $name)
    };
}

fn create(kind: &str, who: &Person, fields: serde_json::Value) -> Desk {
    Desk::create(&Kinds::standard(), kind, who, fields).expect("it can be created")
}

fn edit(desk: &mut Desk, who: &Person, minutes: i64, fields: serde_json::Value) {
    let edited = desk.edit(who, NOW_MS + minutes * 60_000, fields);
    assert_eq!(edited, Ok(true));
    assert_eq!(desk.judged, Ok(()));
}

fn notice() -> Desk {
    let office = MemberId([90; 32]);
    let steward = Person::household(3).with_role(Role::Steward { office }, 91);
    let fields = json!({
        "title": "停水通知", "body": "周三 9:00–17:00 停水。\n请储水。", "level": "urgent", "ack": true,
    });
    let mut desk = create("notice", &steward, fields);
    edit(&mut desk, &chen(), 1, json!({"acknowledgements": {}}));
    edit(
        &mut desk,
        &steward,
        2,
        json!({"body": "周四 9:00–17:00 停水。\n请储水。"}),
    );
    let paper = json!({"acknowledgements": {
        "way": "paper", "household": MemberId([1; 32]).to_string(),
        "correction": desk.fact("corrections", 0),
    }});
    edit(&mut desk, &steward, 3, paper);
    desk
}

fn request() -> Desk {
    let fields = json!({
        "title": "谁有梯子？", "body": "换灯泡，周六上午", "category": "goods", "building": "3",
        "when": "Saturday morning",
    });
    let mut desk = create("request", &lin(), fields);
    edit(
        &mut desk,
        &chen(),
        1,
        json!({"offers": {"body": "I have one (3 m)"}}),
    );
    let offer = desk.fact("offers", 0);
    edit(
        &mut desk,
        &lin(),
        2,
        json!({"acceptances": {"offer": offer}}),
    );
    desk
}

fn plan() -> Desk {
    let fields = json!({
        "title": "中秋家园日", "date": "农历八月十五", "place": "Garden 花园",
        "text": "# 节目\n- 灯谜\n",
    });
    let mut desk = create("plan", &lin(), fields);
    edit(
        &mut desk,
        &chen(),
        1,
        json!({"text": "# 节目\n- 灯谜\n- Mooncakes\n"}),
    );
    edit(&mut desk, &lin(), 2, json!({"steps": {"to": "planning"}}));
    desk
}

fn comment() -> Desk {
    let about = DocumentId([7; 32]).to_string();
    let mut desk = create(
        "comment",
        &chen(),
        json!({"about": about, "body": "我家有"}),
    );
    edit(&mut desk, &chen(), 5, json!({"body": "我家有 a ladder"}));
    desk
}

#[test]
fn every_kind_is_shown_as_agreed() {
    golden!(&read(&notice()), "notice.json");
    golden!(&read(&request()), "request.json");
    golden!(&read(&plan()), "plan.json");
    golden!(&read(&comment()), "comment.json");
}

#[test]
fn every_kind_is_exported_as_agreed() {
    let page = |desk: &Desk| to_markdown(&desk.kinds, &read(desk));
    let notice = page(&notice());
    assert_eq!(notice.trim(), include_str!("golden/notice.md").trim());
    let request = page(&request());
    assert_eq!(request.trim(), include_str!("golden/request.md").trim());
    let plan = page(&plan());
    assert_eq!(plan.trim(), include_str!("golden/plan.md").trim());
}

#[test]
fn what_is_stored_beside_a_view_is_found_there() {
    let projected = request().project();
    assert_eq!(projected.title, "谁有梯子？");
    assert_eq!(
        projected.search_text,
        "换灯泡，周六上午\nSaturday morning\n3\nI have one (3 m)"
    );
    assert_eq!(projected.state, Some("matched"));
    assert_eq!(projected.building.as_deref(), Some("3"));
    assert_eq!(projected.category.as_deref(), Some("goods"));
    let projected = comment().project();
    assert_eq!(projected.title, "我家有 a ladder");
    assert_eq!(projected.about, Some(DocumentId([7; 32])));
    assert_eq!(projected.view.about, projected.about);
    let projected = notice().project();
    assert_eq!(projected.until_ms, Some(NOW_MS + 72 * 3_600_000));
    assert!(!projected.hidden);
}

#[test]
fn values_set_apart_are_all_shown() {
    let lin = lin();
    let mut desk = create("request", &lin, json!({"title": "梯子"}));
    let draft = |fields| {
        let fields = crate::kind::desk::fields_of(fields);
        let drafted = desk.draft(&lin, NOW_MS, &fields).expect("fine");
        drafted.expect("new").finished
    };
    let one = draft(json!({"title": "长梯子", "place": "楼下"}));
    let other = draft(json!({"title": "短梯子", "place": "楼下"}));
    desk.write_apart(&lin, NOW_MS, one);
    desk.write_apart(&lin, NOW_MS, other);
    let view = desk.project().view;
    // Both ops have one counter; the greater actor, which is the entry's name, is shown.
    assert_eq!(view.fields["title"], "短梯子");
    assert_eq!(view.conflicts["title"], [json!("短梯子"), json!("长梯子")]);
    assert!(
        !view.conflicts.contains_key("place"),
        "{:?}",
        view.conflicts
    );
    edit(&mut desk, &lin, 1, json!({"title": "短梯子"}));
    assert!(desk.project().view.conflicts.is_empty());
}

#[test]
fn the_last_correction_is_shown_and_the_first_text_kept() {
    let mut desk = create("notice", &lin(), json!({"title": "停水", "body": "周三"}));
    edit(&mut desk, &lin(), 1, json!({"body": "周四"}));
    edit(
        &mut desk,
        &lin(),
        2,
        json!({"body": "周五", "title": "停水（改）"}),
    );
    edit(
        &mut desk,
        &lin(),
        3,
        json!({"corrections": {"title": "停水（再改）", "material": true}}),
    );
    let fields = desk.project().view.fields;
    assert_eq!(fields["body"], "周五");
    assert_eq!(fields["title"], "停水（再改）");
    assert_eq!(fields["original"], json!({"title": "停水", "body": "周三"}));
    let bodies = fields["corrections"].as_array().expect("a list").iter();
    let bodies: Vec<&Value> = bodies
        .filter_map(|correction| correction.get("body"))
        .collect();
    assert_eq!(bodies, ["周四", "周五"]);
}

#[test]
fn the_clock_and_the_roster_change_no_digest() {
    let desk = request();
    let before = desk.project();
    let mut view = before.view.clone();
    for_reader(
        &desk.kinds,
        &mut view,
        before.until_ms,
        Reader::default(),
        NOW_MS - 200_000,
        names,
        recorded,
    );
    assert!(view.time_ahead);
    assert_eq!(view.author.name, "林家");
    assert_eq!(view.fields["offers"][0]["by"]["name"], "Chen");
    for_reader(
        &desk.kinds,
        &mut view,
        before.until_ms,
        Reader::default(),
        NOW_MS - 100_000,
        names,
        recorded,
    );
    assert!(!view.time_ahead, "ordinary clocks differ by so much");
    assert_eq!(desk.project().digest, before.digest);
}

#[test]
fn names_are_as_harmless_as_text() {
    let desk = request();
    let mut view = desk.project().view;
    for_reader(
        &desk.kinds,
        &mut view,
        None,
        Reader::default(),
        NOW_MS,
        |id| MemberRef {
            id,
            name: "\u{1B}[2J林\u{202E}家".to_owned(),
            building: Some("3\n4".to_owned()),
        },
        recorded,
    );
    assert_eq!(view.author.name, "林家");
    assert_eq!(view.author.building.as_deref(), Some("3 4"));
    assert_eq!(view.fields["offers"][0]["by"]["name"], "林家");
}

#[test]
fn the_digest_covers_everything_that_is_said() {
    let mut digests = std::collections::BTreeSet::new();
    let mut note = |desk: &Desk| assert!(digests.insert(desk.project().digest));
    let mut desk = create("request", &lin(), json!({"title": "梯子"}));
    note(&desk);
    edit(&mut desk, &lin(), 0, json!({"title": "长梯子"}));
    note(&desk);
    edit(&mut desk, &lin(), 0, json!({"body": "长梯子"}));
    note(&desk);
    edit(&mut desk, &chen(), 0, json!({"offers": {}}));
    note(&desk);
    edit(&mut desk, &chen(), 0, json!({"offers": {}}));
    note(&desk);
    let offer = desk.fact("offers", 1);
    edit(
        &mut desk,
        &chen(),
        0,
        json!({"offers": {"id": offer, "body": "有"}}),
    );
    note(&desk);
    let mut one = desk.clone();
    edit(
        &mut one,
        &lin(),
        0,
        json!({"acceptances": {"offer": desk.fact("offers", 0)}}),
    );
    note(&one);
    let mut other = desk.clone();
    edit(
        &mut other,
        &lin(),
        0,
        json!({"acceptances": {"offer": desk.fact("offers", 1)}}),
    );
    note(&other);
    // The same said a minute later.
    let offer = desk.fact("offers", 1);
    edit(
        &mut desk,
        &lin(),
        1,
        json!({"acceptances": {"offer": offer}}),
    );
    note(&desk);
    // An offer made at another time, which nothing else shows.
    for minutes in [1, 2] {
        let mut desk = create("request", &lin(), json!({"title": "梯子"}));
        edit(&mut desk, &chen(), minutes, json!({"offers": {}}));
        edit(&mut desk, &lin(), 5, json!({"body": "长的"}));
        note(&desk);
    }
    note(&plan());
    let mut plan = plan();
    edit(&mut plan, &chen(), 0, json!({"text": ""}));
    note(&plan);
    // Hidden characters are not shown, yet they are said.
    let mut raw = crate::document::Draft::change(&plan.document);
    let text = plan.document.value().cells["text"].shown.atom;
    raw.splice_text(text.into(), 0, 0, "\u{202E}")
        .expect("it can be drafted");
    let finished = raw.finish(None).expect("it is valid");
    plan.write(&chen(), NOW_MS, finished);
    assert_eq!(plan.project().view.fields["text"], "");
    note(&plan);
}

#[test]
fn how_whole_a_document_is_can_be_seen() {
    let desk = request();
    let mut read = desk.read();
    let whole = project(&desk.kinds, &read);
    assert_eq!(whole.view.completeness, Completeness::Complete);
    read.unreadable = true;
    let found = project(&desk.kinds, &read);
    assert_eq!(found.view.completeness, Completeness::ReadOnly);
    assert_eq!(found.view.fields, whole.view.fields);
    read.missing.insert(EntryId([8; 32]));
    let found = project(&desk.kinds, &read);
    assert_eq!(found.view.completeness, Completeness::Incomplete);
    assert_ne!(found.digest, whole.digest);
    read.erased = true;
    let erased = project(&desk.kinds, &read);
    assert_eq!(erased.view.completeness, Completeness::Erased);
    assert!(erased.view.fields.is_empty() && erased.title.is_empty());
    // Whoever dropped less shows no more.
    read.missing.clear();
    read.unreadable = false;
    assert_eq!(project(&desk.kinds, &read), erased);
    read.counts = false;
    assert!(project(&desk.kinds, &read).hidden);
}

#[test]
fn what_fits_no_field_is_not_shown() {
    // With policy switched off a document may hold anything; readers still see only what the table
    // knows.
    let kinds = Kinds::standard();
    let mut desk = create(
        "comment",
        &chen(),
        json!({
            "about": DocumentId([7; 32]).to_string(), "body": "x",
        }),
    );
    desk.kinds = kinds;
    let mut draft = crate::document::Draft::change(&desk.document);
    let root = crate::document::Handle::Root;
    draft.put(root, "phone", Scalar::Int(1)).expect("fine");
    draft.put(root, "about", Scalar::Int(1)).expect("fine");
    draft
        .put_object(root, "body", crate::intent::ObjectType::Map)
        .expect("fine");
    let finished = draft.finish(None).expect("it is valid");
    let entry = crate::document::DocumentEntry {
        id: EntryId([0xFE; 32]),
        device: crate::id::DeviceId([2; 32]),
        previous: None,
        deps: finished.deps,
        time_ms: NOW_MS,
        atoms: finished.atoms,
        bytes: 300,
        body: crate::document::Body::Intents(finished.intents),
    };
    let added = desk
        .document
        .add(entry, |_, _, _| crate::document::Verdict::Counts);
    assert_eq!(added, Ok(crate::document::Status::Counts));
    assert!(desk.project().view.fields.is_empty());
}

#[test]
fn hostile_text_is_harmless_on_a_page() {
    let body = "# big\n1. one\n- two\n=== \n    code\n<script>x</script>\n![a](http://b)\n[c](d)\n\
                `e` *f* _g_ ~h~ | & @i \\";
    let title = "<b>\u{1B}[31m*x*\n# y";
    let desk = create("request", &lin(), json!({"title": title, "body": body}));
    let page = to_markdown(&desk.kinds, &read(&desk));
    let expect = "# \\<b\\>\\*x\\* \\# y\n";
    assert!(page.starts_with(expect), "{page}");
    for line in [
        "\\# big  ",
        "1\\. one  ",
        "\\- two  ",
        "\\===",
        "code  ",
        "\\<script\\>x\\</script\\>  ",
        "\\!\\[a\\](http://b)  ",
        "\\[c\\](d)  ",
        "\\`e\\` \\*f\\* \\_g\\_ \\~h\\~ \\| \\& \\@i \\\\",
    ] {
        assert!(
            page.lines()
                .any(|found| found.trim_end() == line.trim_end()),
            "{line}\n{page}"
        );
    }
}

#[test]
fn collaborative_text_stays_markdown_without_teeth() {
    let text = "# 节目\n####### seven\n#tag\n- **灯谜** <img src=x onerror=y>\n![a](b) [c](d) [e][f]\n\
                [f]: http://g\n~~~\nopen";
    let desk = create("plan", &lin(), json!({"title": "x", "text": text}));
    let page = to_markdown(&desk.kinds, &read(&desk));
    for line in [
        "### 节目",
        "####### seven",
        "#tag",
        "- **灯谜** &lt;img src=x onerror=y>",
        "![a]\\(b) [c]\\(d) [e]\\[f]",
        "[f]\\: http://g",
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\n{page}");
    }
    assert!(page.trim_end().ends_with("open"), "the text stands last");
}

#[test]
fn times_are_dates() {
    for (time_ms, expect) in [
        (0, "1970-01-01 00:00 UTC"),
        (951_782_400_000, "2000-02-29 00:00 UTC"),
        (1_700_000_000_000, "2023-11-14 22:13 UTC"),
        (-1, "1969-12-31 23:59 UTC"),
        (crate::limits::TIME_MS_MAX, "9999-12-31 23:59 UTC"),
    ] {
        assert_eq!(markdown::time(time_ms), expect);
    }
}

#[test]
fn names_of_facts_are_shown_as_they_are_read() {
    let id = ItemId(AtomId {
        entry: EntryId([0xA7; 32]),
        atom: 12,
    });
    assert_eq!(json::item(id), id.to_string());
}
