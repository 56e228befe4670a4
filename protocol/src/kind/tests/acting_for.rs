//! What is written for a household without a device: by whom, and how it is shown.

use crate::document::{Draft, Handle};
use crate::intent::{ObjectType, Scalar};

use super::*;

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

/// A creation for 王奶奶 as a hostile program writes it, judged.
fn forged(code: u16, who: &Person) -> Result<(), PolicyBreach> {
    let mut draft = Draft::creation();
    let mut put = |key: &str, scalar| {
        draft.put(Handle::Root, key, scalar).expect("it is put");
    };
    match code {
        4 => {
            put("about", Scalar::Bytes(vec![0; 32]));
            put("body", text("谢谢"));
        }
        _ => {
            put("title", text("换灯泡"));
            put("expires_ms", Scalar::Int(NOW_MS));
        }
    }
    put("for_household", Scalar::Bytes(WANG.0.to_vec()));
    if code != 4 {
        draft
            .put_object(Handle::Root, FACTS_KEY, ObjectType::List)
            .expect("it is put");
    }
    let mut desk = Desk::empty(&kinds(), code);
    desk.write(who, NOW_MS, draft.finish(None).expect("it is valid"));
    desk.judged
}

#[test]
fn a_request_or_comment_for_a_household_counts_by_its_proxy_alone() {
    let field = "for_household";
    let (bo, chen) = (Person::household(1).acting_for(WANG), Person::household(2));
    for code in [2, 4] {
        assert_eq!(forged(code, &bo), Ok(()));
        assert_eq!(forged(code, &chen), Err(PolicyBreach::Proxy { field }));
        let other = Person::household(3).acting_for(EntryId([94; 32]));
        assert_eq!(forged(code, &other), Err(PolicyBreach::Proxy { field }));
        assert_eq!(forged(code, &steward()), Err(PolicyBreach::Proxy { field }));
    }
    let fields = json!({"title": "换灯泡", "for_household": WANG});
    let refused = Desk::create(&kinds(), "request", &chen, fields.clone());
    assert_eq!(
        refused.expect_err("it is refused").to_string(),
        "for_household: it is no household without a device for which you act; ask a steward to \
         name you, with the household's consent, or leave it out"
    );
    let desk = Desk::create(&kinds(), "request", &bo, fields).expect("a request");
    let view = desk.project().view;
    assert_eq!(view.author.id, bo.member, "the author is who signed it");
    assert_eq!(view.for_household.map(|household| household.id), Some(WANG));
}

#[test]
fn for_whom_something_was_written_never_changes() {
    let bo = Person::household(1).acting_for(WANG);
    let fields = json!({"title": "换灯泡"});
    let mut desk = Desk::create(&kinds(), "request", &bo, fields).expect("a request");
    let refused = desk.edit(&bo, NOW_MS, json!({"for_household": WANG}));
    assert!(refused.is_err());
    let mut draft = Draft::change(&desk.document);
    let recorded = Scalar::Bytes(WANG.0.to_vec());
    draft
        .put(Handle::Root, "for_household", recorded)
        .expect("it is put");
    let finished = draft.finish(None).expect("it is valid");
    desk.write(&bo, NOW_MS, finished);
    let field = "for_household";
    assert_eq!(desk.judged, Err(PolicyBreach::NotAllowed { field }));
}

#[test]
fn whoever_asked_for_a_household_goes_on_acting_when_it_no_longer_acts_for_it() {
    let bo = Person::household(1).acting_for(WANG);
    let chen = Person::household(2);
    let fields = json!({"title": "换灯泡", "for_household": WANG});
    let mut desk = Desk::create(&kinds(), "request", &bo, fields).expect("a request");
    desk.edit(&chen, NOW_MS, json!({"offers": {}}))
        .expect("an offer");
    let bo = Person::household(1);
    let offer = desk.fact("offers", 0);
    desk.edit(&bo, NOW_MS, json!({"acceptances": {"offer": offer}}))
        .expect("an acceptance");
    assert_eq!(desk.judged, Ok(()));
    assert_eq!(desk.state(), Some("matched"));
}

#[test]
fn a_notice_is_acknowledged_for_a_household_by_its_proxy_or_on_paper_that_it_brings() {
    let [bo, chen] = [1, 2].map(Person::household);
    let bo = bo.acting_for(WANG);
    let fields = json!({"title": "停水", "ack": true});
    let mut desk = Desk::create(&kinds(), "notice", &steward(), fields).expect("a notice");
    let given = |desk: &Desk| -> Vec<(EntryId, crate::id::MemberId, String)> {
        let read = desk.read();
        let value = read.document.value();
        let facts = read.facts(desk.kinds.by_name("notice").expect("a kind"), &value);
        assert!(acknowledgements(&facts).is_empty(), "no member did it");
        let given = acknowledgements_for(&facts).into_iter();
        given
            .map(|(household, word)| (household, word.by, word.way.to_owned()))
            .collect()
    };
    let word = |way: &str| json!({"acknowledgements": {"way": way, "for_household": WANG}});
    let refused = desk.edit(&chen, NOW_MS, word("proxy"));
    assert!(refused.is_err());
    assert_eq!(given(&desk), []);
    // Nobody speaks as somebody else, whatever the way is said to be.
    desk.edit(&bo, NOW_MS, word("self"))
        .expect("a proxy may do it");
    assert_eq!(desk.judged, Ok(()));
    assert_eq!(given(&desk), [(WANG, bo.member, "proxy".to_owned())]);
    let material = json!({"corrections": {"title": "明天停水", "material": true}});
    desk.edit(&steward(), NOW_MS, material)
        .expect("a correction");
    assert_eq!(given(&desk), []);
    desk.edit(&bo, NOW_MS, word("paper"))
        .expect("a proxy may do it");
    assert_eq!(given(&desk), [(WANG, bo.member, "paper".to_owned())]);
}
