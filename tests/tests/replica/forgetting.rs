//! Retired documents are forgotten where they are held and where they come late, and a retirement
//! that ceases to count is made good (rule R18).

use protocol::api::Completeness;
use protocol::entry::Entry;
use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::intent::{Content, Intent, Intents, Scalar};
use protocol::key::SecretKey;
use protocol::replica::Body;
use protocol::statement::{Act, Authority, Role};

use crate::erasing::{retire, shown};
use crate::home::Home;
use crate::meeting::meet_as_members;

/// A founder and two households that hold all it has written so far.
pub fn village(founder: &mut Home) -> (Home, Home) {
    founder.admit(2, Authority::Founder);
    founder.admit(3, Authority::Founder);
    let space = founder.replica.space();
    let mut homes = (Home::new(2, space), Home::new(3, space));
    for home in [&mut homes.0, &mut homes.1] {
        home.take(&founder.runs()).expect("honest");
    }
    homes
}

/// Which of a document's entries have their payloads.
fn payloads(home: &Home, document: DocumentId) -> Vec<bool> {
    let entries = home.memory.entries().iter();
    entries
        .filter(|stored| stored.entry.document() == Some(document))
        .map(|stored| stored.entry.payload.is_some())
        .collect()
}

pub fn edit(home: &mut Home, document: DocumentId, text: &str) -> EntryId {
    let put = Intent::Put {
        object: None,
        key: "body".into(),
        content: Content::Scalar(Scalar::Text(text.into())),
    };
    let intents = Intents {
        references: Vec::new(),
        intents: vec![put],
    };
    let deps = vec![document.into()];
    home.append(&Body::Change {
        document,
        deps,
        intents,
    })
}

/// Appoints a household steward of a new office.
fn appoint_steward(founder: &mut Home, of: &Home) -> EntryId {
    let office = MemberId(SecretKey::from_seed(&[60; 32]).public());
    let name = "office".into();
    founder.state(Authority::Founder, Act::AddOffice { office, name });
    let (member, role) = (of.member(), Role::Steward { office });
    founder.state(Authority::Founder, Act::Appoint { member, role })
}

#[test]
fn a_retired_documents_payloads_are_dropped_by_whoever_hears_of_it() {
    let mut founder = Home::found();
    let (document, other) = (founder.document("hello"), founder.document("stays"));
    let (mut bo, mut carol) = village(&mut founder);
    retire(&mut founder, document);
    founder.forget();
    assert_eq!(payloads(&founder, document), [false]);
    meet_as_members(&mut founder, &mut bo).expect("honest");
    bo.forget();
    let erased = shown(&mut founder, document);
    assert_eq!(erased.1, Completeness::Erased);
    assert_eq!(payloads(&bo, document), [false]);
    // Who has not dropped it yet shows the same.
    meet_as_members(&mut founder, &mut carol).expect("honest");
    assert_eq!(payloads(&carol, document), [true]);
    assert_eq!(shown(&mut carol, document), erased);
    assert_eq!(shown(&mut bo, document), erased);
    for home in [&founder, &bo, &carol] {
        assert_eq!(payloads(home, other), [true]);
        assert_eq!(home.replica.lacking_payloads().count(), 0);
    }
    bo.reopen();
    assert_eq!(shown(&mut bo, document), erased);
}

#[test]
fn who_comes_later_holds_the_headers_and_asks_nobody_for_the_rest() {
    let mut founder = Home::found();
    let document = founder.document("hello");
    let (mut bo, mut carol) = village(&mut founder);
    retire(&mut founder, document);
    founder.forget();
    founder.admit(4, Authority::Founder);
    let mut dan = Home::new(4, founder.replica.space());
    dan.take(&founder.runs())
        .expect("chains hold without what was dropped");
    dan.forget();
    assert_eq!(dan.replica.lacking_payloads().count(), 0);
    assert_eq!(shown(&mut dan, document), shown(&mut founder, document));
    assert_eq!(
        dan.replica.frontier_digest(),
        founder.replica.frontier_digest()
    );
    // Bo writes in it without having heard of the retirement, and so does a peer that still
    // sends the whole.
    edit(&mut bo, document, "late");
    let whole = bo.runs();
    assert!(whole.iter().flatten().all(|entry| entry.payload.is_some()));
    for home in [&mut founder, &mut dan] {
        home.take(&whole).expect("honest");
        assert_eq!(payloads(home, document), [false, false]);
        assert_eq!(home.replica.lacking_payloads().count(), 0);
    }
    // Where the retirement comes last, nothing stays either.
    carol.take(&whole).expect("honest");
    assert_eq!(payloads(&carol, document), [true, true]);
    carol.take(&founder.runs()).expect("honest");
    carol.forget();
    assert_eq!(payloads(&carol, document), [false, false]);
    assert_eq!(shown(&mut carol, document), shown(&mut founder, document));
}

#[test]
fn an_authors_retirement_that_comes_before_the_document_holds() {
    let mut founder = Home::found();
    let (mut bo, mut carol) = village(&mut founder);
    let admission = founder.memory.entries()[1].entry.id;
    let own = Authority::Member { admission };
    // Another device of Bo's household will retire what Bo writes.
    let mut second = Home::of_household(2, 70, founder.replica.space());
    let certificate = second.certificate();
    bo.state(own, Act::Enrol { certificate });
    founder.take(&bo.runs()).expect("honest");
    let document = bo.document("hello");
    for home in [&mut carol, &mut second] {
        home.take(&bo.runs()).expect("honest");
    }
    edit(&mut carol, document, "answer");
    let documents = vec![document];
    second.state(own, Act::Retire { documents });
    // The founder hears of the retirement first, then of the answer, and of the document last.
    let log_of = |from: &Home, of: &Home| -> Vec<Vec<Entry>> {
        let runs = from.runs().into_iter();
        runs.filter(|run| run[0].header.device == of.id()).collect()
    };
    founder.take(&log_of(&second, &second)).expect("honest");
    founder.take(&log_of(&carol, &carol)).expect("honest");
    founder.forget();
    assert_eq!(payloads(&founder, document), [true]);
    founder.take(&log_of(&bo, &bo)).expect("honest");
    founder.forget();
    assert_eq!(shown(&mut founder, document).1, Completeness::Erased);
    assert_eq!(payloads(&founder, document), [false, false]);
}

#[test]
fn what_a_retirement_dropped_that_counts_no_longer_is_asked_for_again() {
    for restarts in [false, true] {
        let mut founder = Home::found();
        let document = founder.document("hello");
        let (mut bo, mut carol) = village(&mut founder);
        let before = shown(&mut founder, document);
        let appointment = appoint_steward(&mut founder, &bo);
        bo.take(&founder.runs()).expect("honest");
        let documents = vec![document];
        bo.state(Authority::Grant { appointment }, Act::Retire { documents });
        founder.take(&bo.runs()).expect("honest");
        founder.forget();
        assert_eq!(payloads(&founder, document), [false]);
        // The founder takes back all that Bo did as a steward.
        founder.state(
            Authority::Founder,
            Act::CutRole {
                appointment,
                tips: Default::default(),
                reason: "not his to erase".into(),
            },
        );
        if restarts {
            founder.reopen();
        }
        founder.forget();
        assert_eq!(shown(&mut founder, document).1, Completeness::Incomplete);
        meet_as_members(&mut founder, &mut bo).expect("honest");
        bo.forget();
        meet_as_members(&mut founder, &mut carol).expect("honest");
        assert_eq!(
            shown(&mut founder, document),
            before,
            "restarts: {restarts}"
        );
        assert_eq!(shown(&mut carol, document), before);
        meet_as_members(&mut founder, &mut bo).expect("honest");
        assert_eq!(shown(&mut bo, document), before);
    }
}

#[test]
fn a_crash_between_the_retirement_and_the_drop_forgets_nothing() {
    let mut home = Home::found();
    let document = home.document("hello");
    retire(&mut home, document);
    home.memory.sync();
    home.forget();
    home.memory.crash();
    assert_eq!(payloads(&home, document), [true]);
    home.reopen();
    home.forget();
    assert_eq!(payloads(&home, document), [false]);
    home.memory.sync();
    assert!(!home.memory.remembers(&document.into()));
}

#[test]
fn a_peer_that_lacks_the_first_payloads_too_gives_the_others() {
    let mut founder = Home::found();
    let mut documents: Vec<DocumentId> = (0..150)
        .map(|number| founder.document(&format!("text {number}")))
        .collect();
    founder.admit(2, Authority::Founder);
    founder.admit(3, Authority::Founder);
    documents.sort_unstable();
    let robbed_of = |count: usize| {
        let mut runs = founder.runs();
        for entry in runs.iter_mut().flatten() {
            if entry
                .document()
                .is_some_and(|of| documents[..count].contains(&of))
            {
                entry.payload = None;
            }
        }
        runs
    };
    let space = founder.replica.space();
    let (mut bo, mut carol) = (Home::new(2, space), Home::new(3, space));
    for (home, count) in [(&mut bo, 150), (&mut carol, 100)] {
        // Each by itself, so that an answer holds nothing but what was asked for.
        let entries = robbed_of(count).into_iter().flatten();
        let runs: Vec<Vec<Entry>> = entries.map(|entry| vec![entry]).collect();
        home.take(&runs).expect("chains hold");
    }
    meet_as_members(&mut bo, &mut carol).expect("honest");
    let lacking = documents.iter().filter(|of| payloads(&bo, **of) == [false]);
    assert_eq!(lacking.count(), 100);
}

#[test]
fn what_came_without_its_payload_is_asked_for_after_a_restart_too() {
    let mut founder = Home::found();
    let document = founder.document("hello");
    let (_, _) = village(&mut founder);
    let mut bo = Home::new(2, founder.replica.space());
    let mut runs = founder.runs();
    for entry in runs.iter_mut().flatten() {
        if entry.document() == Some(document) {
            entry.payload = None;
        }
    }
    bo.take(&runs).expect("chains hold");
    bo.reopen();
    bo.forget();
    let asked: Vec<EntryId> = bo.replica.lacking_payloads().map(|(id, _)| id).collect();
    assert_eq!(asked, [EntryId::from(document)]);
    meet_as_members(&mut bo, &mut founder).expect("honest");
    assert_eq!(payloads(&bo, document), [true]);
}
