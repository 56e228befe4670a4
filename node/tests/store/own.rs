//! What belongs to the node alone: peers, invitations, drafts, settings, reading marks and what
//! was imported.

use node::store::{Alongside, Draft, IssuedInvitation, PEERS_MAX, SavedPeer, Store, UseError};
use protocol::id::{DeviceId, DocumentId, InvitationId};
use protocol::storage::Batch;

use crate::world::{Step, World, key};

fn new_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
    (folder, store)
}

#[test]
fn peers_are_kept_by_address_and_bounded() {
    let (_folder, mut store) = new_store();
    let peer = |number: usize, seen_ms| SavedPeer {
        address: format!("/ip4/127.0.0.1/tcp/{number}"),
        device: number.is_multiple_of(2).then_some(DeviceId([1; 32])),
        seen_ms,
        failures: 2,
    };
    store.put_peer(&peer(1, 10)).expect("saved");
    store.put_peer(&peer(2, 30)).expect("saved");
    store.put_peer(&peer(1, 20)).expect("saved");
    assert_eq!(store.peers().expect("peers"), [peer(2, 30), peer(1, 20)]);
    store.remove_peer(&peer(2, 0).address).expect("removed");
    assert_eq!(store.peers().expect("peers"), [peer(1, 20)]);
    for number in 0..PEERS_MAX {
        store.put_peer(&peer(1_000 + number, 100)).expect("saved");
    }
    store.put_peer(&peer(5, 0)).expect("saved");
    let peers = store.peers().expect("peers");
    assert_eq!(peers.len(), PEERS_MAX);
    assert!(!peers.contains(&peer(1, 20)), "the oldest one goes");
    assert!(peers.contains(&peer(5, 0)), "the one just named stays");
}

#[test]
fn an_invitation_is_used_with_the_batch_that_admits() {
    let (_folder, mut store) = new_store();
    let invitation = IssuedInvitation {
        id: InvitationId([4; 32]),
        uses: 2,
        used: 0,
        expires_ms: 1_000,
        role: "household 3".to_owned(),
    };
    store.put_invitation(&invitation).expect("saved");
    assert_eq!(store.next_use(invitation.id, 999).expect("a use"), 1);
    // Asking uses nothing.
    assert_eq!(store.next_use(invitation.id, 999).expect("a use"), 1);
    assert!(matches!(
        store.next_use(invitation.id, 1_000),
        Err(UseError::Expired)
    ));
    assert!(matches!(
        store.next_use(InvitationId([5; 32]), 0),
        Err(UseError::Unknown)
    ));

    let mut world = World::default();
    let admit = |used: &[(InvitationId, u32)], batch: &Batch, store: &mut Store| {
        store.commit_with(
            batch,
            &Alongside {
                invitations_used: used,
                ..Alongside::default()
            },
        )
    };
    let mut batch = world.batch(&[Step::log(), Step::write(0)]);
    batch.entries[0].entry.header.member = None;
    admit(&[(invitation.id, 1)], &batch, &mut store).expect_err("a misplaced entry");
    assert_eq!(
        store.next_use(invitation.id, 0).expect("a use"),
        1,
        "nothing was used"
    );
    for used in [1, 2, 1] {
        admit(&[(invitation.id, used)], &Batch::default(), &mut store).expect("a use");
    }
    assert!(matches!(
        store.next_use(invitation.id, 0),
        Err(UseError::UsedUp { uses: 2 })
    ));
    let expected = IssuedInvitation {
        used: 2,
        ..invitation
    };
    assert_eq!(store.invitations().expect("invitations"), [expected]);
    assert_eq!(store.forget_expired_invitations(1_000).expect("done"), 0);
    assert_eq!(store.forget_expired_invitations(1_001).expect("done"), 1);
    assert_eq!(store.invitations().expect("invitations"), []);
}

#[test]
fn an_imported_record_is_known_with_its_entries() {
    let (_folder, mut store) = new_store();
    let mut world = World::default();
    let batch = world.batch(&[Step::log(), Step::write(0)]);
    let document = world.documents[0];
    let imported = [([8; 32], document)];
    let alongside = Alongside {
        imported: &imported,
        ..Alongside::default()
    };
    store
        .commit_with(&batch, &alongside)
        .expect("a sound batch");
    assert_eq!(store.imported(&[8; 32]).expect("an answer"), Some(document));
    assert_eq!(store.imported(&[9; 32]).expect("an answer"), None);
    let mut refused = batch.clone();
    refused.entries[0].entry.header.member = None;
    let (_other_folder, mut other) = new_store();
    other
        .commit_with(&refused, &alongside)
        .expect_err("a misplaced entry");
    assert_eq!(other.imported(&[8; 32]).expect("an answer"), None);
}

#[test]
fn drafts_settings_and_reading_marks_are_kept() {
    let (_folder, mut store) = new_store();
    let draft = |id: &str, changed_ms, json: &str| Draft {
        id: id.to_owned(),
        changed_ms,
        json: json.to_owned(),
    };
    store.put_draft(&draft("a", 1, "{}")).expect("saved");
    store
        .put_draft(&draft("b", 2, "{\"title\":\"梯子\"}"))
        .expect("saved");
    store.put_draft(&draft("a", 3, "[]")).expect("saved");
    let expected = [draft("a", 3, "[]"), draft("b", 2, "{\"title\":\"梯子\"}")];
    assert_eq!(store.drafts().expect("drafts"), expected);
    assert_eq!(
        store.draft("a").expect("a draft"),
        Some(draft("a", 3, "[]"))
    );
    assert!(store.remove_draft("a").expect("removed"));
    assert!(!store.remove_draft("a").expect("removed"));
    assert_eq!(store.draft("a").expect("no draft"), None);

    store.put_setting("lang", b"zh").expect("saved");
    store.put_setting("lang", b"en\0\xff").expect("saved");
    assert_eq!(
        store.setting("lang").expect("a value"),
        Some(b"en\0\xff".to_vec())
    );
    store.remove_setting("lang").expect("removed");
    assert_eq!(store.setting("lang").expect("no value"), None);

    let (one, two) = (DocumentId([1; 32]), DocumentId([2; 32]));
    store.put_reading_marks(&[two, one], 50).expect("saved");
    store.put_reading_marks(&[one], 40).expect("saved");
    store.put_reading_marks(&[two], 60).expect("saved");
    assert_eq!(
        store.reading_marks().expect("marks"),
        [(one, 50), (two, 60)]
    );
}

#[test]
fn everything_of_its_own_survives_closing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let mut store = Store::open(&path, &key()).expect("a new store");
    store.put_setting("lang", b"zh").expect("saved");
    let before = store.store_bytes();
    assert!(before > 0);
    drop(store);
    let store = Store::open(&path, &key()).expect("the same store");
    assert_eq!(
        store.setting("lang").expect("a value"),
        Some(b"zh".to_vec())
    );
}
