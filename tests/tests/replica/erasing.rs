//! What is left of a document whose payloads are dropped, and of statements without theirs
//! (rule R18).

use protocol::api::Completeness;
use protocol::entry::Entry;
use protocol::id::{DocumentId, EntryId};
use protocol::projection::project;
use protocol::segment::InvalidSegment;
use protocol::session::SessionError;
use protocol::statement::{Act, Authority};
use protocol::storage::Batch;

use crate::home::Home;
use crate::meeting::meet_as_members;

fn founding(home: &Home) -> Authority {
    Authority::Member {
        admission: home.memory.entries()[0].entry.id,
    }
}

/// Retires a document by its author's right, who founded the neighbourhood.
pub fn retire(home: &mut Home, document: DocumentId) {
    let documents = vec![document];
    let own = founding(home);
    home.state(own, Act::Retire { documents });
}

fn drop_payloads(home: &mut Home, document: DocumentId) {
    home.memory.apply(&Batch {
        erased: vec![document],
        ..Batch::default()
    });
}

/// How a document is shown: whether it is hidden, and what is said of it.
pub fn shown(home: &mut Home, document: DocumentId) -> (bool, Completeness, [u8; 32]) {
    let read = home.replica.read_document(&home.memory, document);
    let read = read.expect("memory can be read").expect("held");
    let projected = project(home.replica.kinds(), &read);
    (
        projected.hidden,
        projected.view.completeness,
        projected.digest,
    )
}

#[test]
fn a_retired_document_shows_as_erased_before_and_after_its_payloads_are_dropped() {
    let mut home = Home::found();
    for document in [home.document("hello"), home.misshapen_document()] {
        let before = shown(&mut home, document);
        assert_eq!(before.1, Completeness::Complete);
        retire(&mut home, document);
        let retired = shown(&mut home, document);
        assert_eq!((retired.0, retired.1), (false, Completeness::Erased));
        drop_payloads(&mut home, document);
        assert_eq!(shown(&mut home, document), retired);
    }
}

#[test]
fn payloads_missing_without_a_retirement_show_as_incomplete() {
    let mut home = Home::found();
    let document = home.document("hello");
    drop_payloads(&mut home, document);
    let (hidden, completeness, _) = shown(&mut home, document);
    assert_eq!((hidden, completeness), (false, Completeness::Incomplete));
    let read = home.replica.read_document(&home.memory, document);
    let missing = read.expect("memory can be read").expect("held").missing;
    assert_eq!(missing, [EntryId::from(document)].into());
}

#[test]
fn somebody_elses_retirement_erases_nothing() {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    let document = founder.document("hello");
    bo.take(&founder.runs()).expect("honest");
    let admission = bo.memory.entries()[1].entry.id;
    let documents = vec![document];
    bo.state(Authority::Member { admission }, Act::Retire { documents });
    assert_eq!(shown(&mut bo, document).1, Completeness::Complete);
}

#[test]
fn a_statement_whose_payload_was_left_out_is_missing_and_taken_later() {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    founder.document("hello");
    let whole = founder.runs();
    let mut robbed: Vec<Vec<Entry>> = whole.clone();
    robbed[0][1].payload = None;
    let mut bo = Home::new(2, founder.replica.space());
    let outcome = bo.take(&robbed).map(drop);
    assert!(
        matches!(
            outcome,
            Err(SessionError::Segment(InvalidSegment::Entry { seq: 2, .. }))
        ),
        "{outcome:?}"
    );
    assert!(bo.memory.entries().is_empty(), "nothing passes for held");
    bo.take(&whole).expect("honest");
    assert!(bo.replica.roster().member(&bo.member()).is_some());
}

#[test]
fn payloads_that_one_peer_left_out_come_from_another() {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    founder.admit(3, Authority::Founder);
    let documents: Vec<DocumentId> = (0..150)
        .map(|number| founder.document(&format!("text {number}")))
        .collect();
    let mut robbed = founder.runs();
    for entry in &mut robbed[0] {
        if entry.document().is_some() {
            entry.payload = None;
        }
    }
    let space = founder.replica.space();
    let (mut bo, mut carol) = (Home::new(2, space), Home::new(3, space));
    for home in [&mut bo, &mut carol] {
        home.take(&robbed).expect("chains hold");
        // What is lacking is noticed when it arrives, and after a restart when it is read.
        home.reopen();
        for &document in &documents {
            assert_eq!(shown(home, document).1, Completeness::Incomplete);
        }
    }
    meet_as_members(&mut bo, &mut carol).expect("neither asks for ever");
    assert_eq!(shown(&mut bo, documents[0]).1, Completeness::Incomplete);
    meet_as_members(&mut bo, &mut founder).expect("honest");
    meet_as_members(&mut carol, &mut bo).expect("honest");
    for &document in &documents {
        let expected = shown(&mut founder, document);
        assert_eq!(expected.1, Completeness::Complete);
        assert_eq!(shown(&mut bo, document), expected);
        assert_eq!(shown(&mut carol, document), expected);
    }
}
