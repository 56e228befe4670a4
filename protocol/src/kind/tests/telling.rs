//! The history of a document, and putting back what somebody deleted.

use crate::api::{ChangeStatus, ChangeView, History, MemberRef, PieceKind};
use crate::id::EntryId;
use crate::kind::{Reader, restore};
use crate::projection::history;

use super::*;

fn told(desk: &Desk) -> History {
    history(
        &desk.kinds,
        &desk.read(),
        99,
        Reader::default(),
        NOW_MS,
        |id| MemberRef {
            id,
            name: format!("户{}", id.0[0]),
            building: None,
        },
    )
}

/// Pieces of a change's text: `+` inserted, `-` deleted, and whose.
fn pieces(change: &ChangeView) -> Vec<String> {
    let pieces = change.texts.iter().flat_map(|text| &text.pieces);
    let pieces = pieces.map(|piece| match (piece.kind, &piece.of) {
        (PieceKind::Inserted, _) => format!("+{}", piece.text),
        (PieceKind::Deleted, Some(of)) => format!("-{} of {}", piece.text, of.name),
        (PieceKind::Deleted, None) => panic!("a deleted piece was somebody's"),
    });
    pieces.collect()
}

fn runs(history: &History) -> Vec<(&str, &str)> {
    let runs = history.texts["text"].iter();
    runs.map(|run| (run.by.name.as_str(), run.text.as_str()))
        .collect()
}

fn plan() -> Desk {
    let fields = json!({"title": "中秋", "text": "晚上赏月，猜灯谜。"});
    Desk::create(&kinds(), "plan", &Person::household(1), fields).expect("a plan")
}

fn text(desk: &Desk) -> String {
    let text = &desk.project().view.fields["text"];
    text.as_str().expect("text").to_owned()
}

fn put_back(desk: &mut Desk, who: &Person, entry: EntryId) -> Result<bool, DraftError> {
    let drafted = restore(
        &desk.kinds,
        desk.kind,
        &desk.document,
        entry,
        &who.editor(NOW_MS, false),
        |entry| desk.authors.get(&entry)?.member,
        desk.last(),
    )?;
    let Some(drafted) = drafted else {
        return Ok(false);
    };
    desk.write(who, NOW_MS, drafted.finished);
    assert_eq!(desk.judged, Ok(()));
    Ok(true)
}

#[test]
fn a_history_tells_who_changed_what() {
    let [lin, chen] = [1, 2].map(Person::household);
    let mut desk = plan();
    let fields = json!({"title": "中秋晚会", "place": "花园"});
    desk.edit(&lin, NOW_MS + 1, fields).expect("drafted");
    desk.edit(&lin, NOW_MS + 2, json!({"place": null}))
        .expect("drafted");
    let fields = json!({"text": "晚上七点赏月，放灯。"});
    desk.edit(&chen, NOW_MS + 3, fields).expect("drafted");
    let fields = json!({"steps": {"to": "planning", "reason": "定了"}});
    desk.edit(&lin, NOW_MS + 4, fields).expect("drafted");

    let history = told(&desk);
    let [created, titled, emptied, written, stepped] = &history.changes[..] else {
        panic!("{history:#?}");
    };
    assert_eq!(created.entry, desk.document.id().into());
    assert_eq!((created.by.name.as_str(), created.time_ms), ("户1", NOW_MS));
    assert_eq!(created.fields.len(), 1);
    assert_eq!(created.fields[0].new, Some(json!("中秋")));
    assert_eq!(pieces(created), ["+晚上赏月，猜灯谜。"]);

    let fields: Vec<_> = titled
        .fields
        .iter()
        .map(|change| (&*change.field, &change.old, &change.new))
        .collect();
    assert_eq!(
        fields,
        [
            ("title", &Some(json!("中秋")), &Some(json!("中秋晚会"))),
            ("place", &None, &Some(json!("花园"))),
        ]
    );
    assert_eq!(emptied.fields[0].old, Some(json!("花园")));
    assert_eq!(emptied.fields[0].new, None);

    assert_eq!(written.by.name, "户2");
    assert_eq!(pieces(written), ["+七点", "+放灯", "-猜灯谜 of 户1"]);
    let step = &stepped.facts[0];
    assert_eq!(
        (&*step.list, &step.fields["to"]),
        ("steps", &json!("planning"))
    );
    assert_eq!(step.id, desk.fact("steps", 0));
    assert!(stepped.fields.is_empty() && stepped.texts.is_empty());
    assert_eq!(
        runs(&history),
        [
            ("户1", "晚上"),
            ("户2", "七点"),
            ("户1", "赏月，"),
            ("户2", "放灯"),
            ("户1", "。"),
        ]
    );
    assert!(
        history
            .changes
            .iter()
            .all(|change| change.status == ChangeStatus::Counts)
    );
}

#[test]
fn facts_that_change_are_told_by_their_names() {
    let [lin, chen] = [1, 2].map(Person::household);
    let fields = json!({"title": "梯子"});
    let mut desk = Desk::create(&kinds(), "request", &lin, fields).expect("a request");
    let fields = json!({"offers": {"body": "我家有"}});
    desk.edit(&chen, NOW_MS, fields).expect("drafted");
    let offer = desk.fact("offers", 0);
    let fields = json!({"offers": {"id": offer.clone(), "body": "借给你"}});
    desk.edit(&chen, NOW_MS + 1, fields).expect("drafted");
    let history = told(&desk);
    assert_eq!(history.changes[1].facts[0].fields["body"], json!("我家有"));
    let change = &history.changes[2].fields[0];
    assert_eq!(change.fact.as_deref(), Some(&*offer));
    assert_eq!(change.old, Some(json!("我家有")));
    assert_eq!(change.new, Some(json!("借给你")));
}

#[test]
fn what_does_not_count_is_marked_and_changes_nothing() {
    let [lin, chen] = [1, 2].map(Person::household);
    let mut desk = plan();
    // A guest may not write there; what it drafted as if it might is kept and does not count.
    let fields = fields_of(json!({"text": "取消。"}));
    let drafted = desk.draft(&chen, NOW_MS, &fields).expect("drafted");
    let finished = drafted.expect("a change").finished;
    let bad = desk.write(&Person::guest(7), NOW_MS + 1, finished);
    assert!(desk.judged.is_err());
    assert_eq!(text(&desk), "晚上赏月，猜灯谜。");
    let history = told(&desk);
    let change = &history.changes[1];
    assert_eq!((change.entry, change.status), (bad, ChangeStatus::Excluded));
    assert_eq!(change.by.name, "户7");
    assert!(pieces(change).contains(&"+取消".to_owned()), "{change:?}");
    assert_eq!(runs(&history), [("户1", "晚上赏月，猜灯谜。")]);
    assert_eq!(put_back(&mut desk, &lin, bad), Ok(false));
}

#[test]
fn a_long_history_keeps_its_newest_changes() {
    let lin = Person::household(1);
    let mut desk = plan();
    for number in 0..5 {
        let fields = json!({"place": format!("{number}号楼")});
        desk.edit(&lin, NOW_MS + number, fields).expect("drafted");
    }
    let names = |id| MemberRef {
        id,
        name: String::new(),
        building: None,
    };
    let history = history(
        &desk.kinds,
        &desk.read(),
        2,
        Reader::default(),
        NOW_MS,
        names,
    );
    assert_eq!((history.omitted, history.changes.len()), (4, 2));
    assert_eq!(history.changes[1].fields[0].new, Some(json!("4号楼")));
}

#[test]
fn what_was_deleted_comes_back_where_it_stood() {
    let [lin, chen] = [1, 2].map(Person::household);
    let mut desk = plan();
    desk.edit(&chen, NOW_MS + 1, json!({"text": "晚上。"}))
        .expect("drafted");
    let deletion = desk.last().expect("an entry");
    // Others go on writing around the gap.
    desk.edit(&lin, NOW_MS + 2, json!({"text": "今天晚上七点。"}))
        .expect("drafted");
    assert_eq!(put_back(&mut desk, &lin, deletion), Ok(true));
    let restored = text(&desk);
    assert_eq!(restored, "今天晚上七点赏月，猜灯谜。");
    // Whoever presses the key again gets nothing twice.
    assert_eq!(put_back(&mut desk, &chen, deletion), Ok(false));
    assert_eq!(text(&desk), restored);
    // Deleted once more, it comes back once more.
    desk.edit(&chen, NOW_MS + 3, json!({"text": "今天晚上七点。"}))
        .expect("drafted");
    assert_eq!(put_back(&mut desk, &lin, deletion), Ok(true));
    assert_eq!(text(&desk).matches("赏月，猜灯谜").count(), 1);
}

#[test]
fn what_was_written_into_a_gap_stays_in_its_place() {
    let [lin, chen] = [1, 2].map(Person::household);
    let fields = json!({"title": "中秋", "text": "一二三四五六七八九十甲乙丙丁"});
    let mut desk = Desk::create(&kinds(), "plan", &lin, fields).expect("a plan");
    let base = desk.document.heads();
    desk.edit(&chen, NOW_MS + 1, json!({"text": "一丁"}))
        .expect("drafted");
    let deletion = desk.last().expect("an entry");
    // Written apart into what the other deleted.
    let stood = desk.document.as_of(&base, &[]).expect("a base");
    let mut draft = crate::document::Draft::change(&stood);
    let field = stood.value().cells["text"].shown.atom;
    draft
        .splice_text(field.into(), 7, 0, "中间")
        .expect("a text");
    let finished = draft.finish(None).expect("it fits");
    desk.write_apart(&lin, NOW_MS + 2, finished);
    assert_eq!(text(&desk), "一中间丁");
    assert_eq!(put_back(&mut desk, &lin, deletion), Ok(true));
    assert_eq!(text(&desk), "一二三四五六七中间八九十甲乙丙丁");
    assert_eq!(put_back(&mut desk, &lin, deletion), Ok(false));
}

#[test]
fn who_may_not_write_puts_nothing_back() {
    let chen = Person::household(2);
    let mut desk = plan();
    desk.edit(&chen, NOW_MS + 1, json!({"text": "晚上。"}))
        .expect("drafted");
    let deletion = desk.last().expect("an entry");
    let refused = put_back(&mut desk, &Person::guest(7), deletion).expect_err("a guest");
    assert_eq!(refused.field, "text");
    let unknown = put_back(&mut desk, &chen, EntryId([0xEE; 32])).expect_err("no entry");
    assert_eq!(unknown.field, "entry");
    assert_eq!(text(&desk), "晚上。");
}
