//! What a later version wrote is kept, relayed, and counts for nothing here (rule R19).

use protocol::entry::{Entry, Header, Payload, Subject};
use protocol::id::{DocumentId, EntryId};
use protocol::kind::{self, Editor, Fault};
use protocol::replica::{AppendError, Body, ReadDocument};
use protocol::roster::Reason;
use protocol::statement::{Act, Authority, Statement};

use crate::home::{COMMENT, Home};

/// `[[0], [5, member, [4]]]`: an appointment to a role that this version does not know.
fn unknown_role(home: &Home) -> Vec<u8> {
    let mut bytes = vec![0x82, 0x81, 0x00, 0x83, 0x05, 0x58, 0x20];
    bytes.extend(home.member().0);
    bytes.extend([0x81, 0x04]);
    bytes
}

#[test]
fn a_statement_of_a_later_version_is_stored_relayed_and_suspends_what_rests_on_it() {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    let unknown = founder.forge(Subject::Roster, 0, unknown_role(&founder));
    let id = unknown.id;
    founder.take(&[vec![unknown]]).expect("it is kept");
    let by_unknown = Authority::Grant { appointment: id };
    let admitted = founder.admit(3, by_unknown);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("it is relayed");
    for _ in 0..2 {
        let roster = bo.replica.roster();
        assert_eq!(roster.judgement(&id), Some(Err(Reason::Suspended)));
        assert_eq!(roster.judgement(&admitted), Some(Err(Reason::Suspended)));
        bo.reopen();
    }
    let held = bo.memory.find(&id).expect("it is kept");
    let payload = held.entry.payload.as_deref().expect("its bytes are kept");
    assert_eq!(payload, unknown_role(&founder));
    assert_eq!(
        Statement::from_bytes(payload).ok(),
        Some(Statement::Unknown)
    );
}

#[test]
fn values_of_a_later_version_are_kept_unread() {
    let mut founder = Home::found();
    // A put of content, and of a scalar, that this version does not know.
    let contents: [&[u8]; 2] = [&[0x81, 0x02], &[0x82, 0x00, 0x82, 0x06, 0x01]];
    for content in contents {
        let mut payload = vec![0x82, 0x80, 0x81, 0x84, 0x00, 0xf6, 0x61, b'x'];
        payload.extend(content);
        let entry = founder.forge(Subject::Creation { kind: COMMENT }, 1, payload.clone());
        let read = entry.header.read_payload(&payload);
        assert!(matches!(read, Ok(Payload::Unknown)), "{read:?}");
        let document = entry.document().expect("it creates one");
        founder.take(&[vec![entry]]).expect("it is kept");
        let read = founder.replica.read_document(&founder.memory, document);
        let read = read.expect("memory can be read").expect("held");
        assert!(read.unreadable && read.counts, "{content:?}");
        assert_eq!(fault_of_edit(&founder, &read), Some(Fault::ReadOnly));
    }
}

/// Drafts another body; says what is wrong with that.
fn fault_of_edit(home: &Home, read: &ReadDocument) -> Option<Fault> {
    let standing = home.replica.roster().standing_now(&home.member());
    let editor = Editor {
        member: home.member(),
        standing: standing.as_ref(),
        time_ms: 3_000,
        creates: false,
    };
    let fields = [("body".to_owned(), "other".into())].into();
    let owner = |entry| read.owner_of(entry);
    let kinds = home.replica.kinds();
    let edited = kind::edit(
        kinds,
        COMMENT,
        &read.document,
        &fields,
        &editor,
        owner,
        read.last_of(&home.id()),
    );
    edited.err().map(|error| error.fault)
}

#[test]
fn what_is_read_whole_is_edited() {
    let mut founder = Home::found();
    let document = founder.document("hello");
    let read = founder.replica.read_document(&founder.memory, document);
    let read = read.expect("memory can be read").expect("held");
    assert_eq!(fault_of_edit(&founder, &read), None);
}

/// A change of a document by a home, with a value that this version does not know.
fn unknown_change(home: &Home, document: DocumentId) -> Entry {
    let payload = vec![0x82, 0x80, 0x81, 0x84, 0x00, 0xf6, 0x61, b'x', 0x81, 0x02];
    let forged = home.forge(Subject::Document { document }, 1, payload.clone());
    let deps = vec![document.into()];
    let mut entry = Entry::new(
        Header {
            deps,
            ..forged.header
        },
        payload,
    );
    entry.sign(&home.device);
    entry
}

#[test]
fn what_a_neighbour_writes_unreadably_keeps_nobody_from_what_is_its_own() {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    let document = founder.document("hello");
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    bo.document("says what it has seen");
    founder.take(&bo.runs()).expect("honest");
    founder
        .take(&[vec![unknown_change(&bo, document)]])
        .expect("it is kept");
    let read = founder.replica.read_document(&founder.memory, document);
    let read = read.expect("memory can be read").expect("held");
    assert!(read.unreadable, "it is noticed");
    // Nobody but its creator sets the body, whatever the neighbour's program can do.
    assert_eq!(fault_of_edit(&founder, &read), None);

    // What the creator wrote itself, with a later version, may be about the body.
    let own = unknown_change(&founder, document);
    founder.take(&[vec![own]]).expect("it is kept");
    let read = founder.replica.read_document(&founder.memory, document);
    let read = read.expect("memory can be read").expect("held");
    assert_eq!(fault_of_edit(&founder, &read), Some(Fault::ReadOnly));
}

#[test]
fn a_log_that_has_seen_what_is_not_held_writes_nothing_instead_of_joining_without_end() {
    let mut founder = Home::found();
    let space = founder.replica.space();
    // More has been stated apart than one entry may name.
    let mut admissions = Vec::new();
    for seed in 2..14 {
        admissions.push(founder.admit(seed, Authority::Founder));
    }
    let mut stated = Vec::new();
    for (seed, admission) in (2..14).zip(admissions) {
        let mut home = Home::new(seed, space);
        home.take(&founder.runs()).expect("honest");
        let certificate = Home::of_household(seed, seed + 50, space).certificate();
        home.state(Authority::Member { admission }, Act::Enrol { certificate });
        stated.push(
            home.memory
                .entries()
                .last()
                .expect("just stated")
                .entry
                .clone(),
        );
    }
    let creates = Subject::Creation { kind: COMMENT };
    let writes = vec![0x82, 0x80, 0x81, 0x84, 0x00, 0xf6, 0x61, b'x', 0x81, 0x02];
    for (said, atoms, payload) in [(Subject::Nothing, 0, Vec::new()), (creates, 1, writes)] {
        let mut bo = Home::new(2, space);
        bo.take(&founder.runs()).expect("honest");
        let mut header = bo.forge(said, atoms, payload.clone()).header;
        header.seen = Some(vec![EntryId([9; 32])]);
        let mut entry = Entry::new(header, payload);
        entry.sign(&bo.device);
        bo.take(&[vec![entry]]).expect("it is taken");
        let own = bo.id();
        let others = stated.iter().filter(|entry| entry.header.device != own);
        for entry in others {
            bo.take(&[vec![entry.clone()]]).expect("honest");
        }
        let statement = Statement::new(Authority::Founder, Act::Retire { documents: vec![] });
        let appended = bo
            .replica
            .append(&bo.memory, 1_000, &Body::Statement(statement));
        assert!(
            matches!(appended, Err(AppendError::Waiting)),
            "{appended:?}"
        );
    }
}

#[test]
fn nobody_writes_on_for_one_household_in_a_log_that_is_anothers() {
    let mut founder = Home::found();
    let admission = founder.admit(2, Authority::Founder);
    let space = founder.replica.space();
    let mut bo = Home::new(2, space);
    bo.take(&founder.runs()).expect("honest");
    let own = Authority::Member { admission };
    let certificate = Home::of_household(2, 70, space).certificate();
    bo.state(own, Act::Enrol { certificate });
    // The same device, and another household.
    let mut carol = Home::of_household(3, 102, space);
    assert_eq!(carol.id(), bo.id());
    carol.take(&bo.runs()).expect("honest");
    let held = carol.memory.entries().len();
    let statement = Statement::new(own, Act::Retire { documents: vec![] });
    let body = Body::Statement(statement);
    let appended = carol.replica.append(&carol.memory, 1_000, &body);
    assert!(
        matches!(appended, Err(AppendError::Refused { reason: "member" })),
        "{appended:?}"
    );
    assert_eq!(carol.memory.entries().len(), held);
}
