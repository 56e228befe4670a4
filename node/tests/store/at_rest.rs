//! A store whose disk somebody else holds: without the key nothing of it can be read, and whatever
//! is changed, moved or brought in from elsewhere is refused and named, while the rest is not lost.

use std::path::Path;

use node::keystore::Seed;
use node::store::{
    Alongside, Draft, Extent, Filter, IssuedInvitation, OpenError, Problem, Projection, SavedPeer,
    Store, StoreFault, UNSEALABLE, ViewRow, is_sealed, opened_bytes,
};
use protocol::id::{DeviceId, InvitationId};
use protocol::storage::Storage;

use crate::views::view;
use crate::world::{Step, World, Write, key};

/// A word for each place in which a store keeps what people wrote or named.
const WORDS: [&str; 11] = [
    "payloadzebra",
    "titlequokka",
    "bodywalrus",
    "jsonnarwhal",
    "buildingtapir",
    "categoryibex",
    "draftaxolotl",
    "settingokapi",
    "addresspangolin",
    "rolemarmot",
    "邻居家的梯子",
];

fn write(words: &str) -> Step {
    let Step::Write(write) = Step::write(0) else {
        unreachable!("a step that writes")
    };
    Step::Write(Write {
        payload: words.as_bytes().to_vec(),
        ..write
    })
}

/// Fills every table with recognisable words.
fn fill(store: &mut Store) {
    let mut world = World::default();
    let long = "payloadzebra ".repeat(900);
    let steps = [
        Step::log(),
        write(&long),
        write("邻居家的梯子"),
        Step::Proof { log: 0 },
        Step::Receipt { log: 0, device: 3 },
    ];
    let batch = world.batch(&steps);
    let document = batch.entries[0].entry.document().expect("a document");
    let alongside = Alongside {
        imported: &[([8; 32], document)],
        ..Alongside::default()
    };
    store
        .commit_with(&batch, &alongside)
        .expect("a sound batch");
    let row = |number: u8, title: &str| ViewRow {
        title: title.to_owned(),
        building: Some("buildingtapir".to_owned()),
        category: Some("categoryibex".to_owned()),
        json: "{\"x\":\"jsonnarwhal\"}".to_owned(),
        ..view(number)
    };
    let rows: [Projection; 2] = [
        (row(1, "titlequokka 邻居家的梯子"), "bodywalrus".to_owned()).into(),
        (row(2, "titlequokka"), "bodywalrus 邻居家的梯子".to_owned()).into(),
    ];
    store.put_views(&rows, &[]).expect("views");
    // One of them is in the search index, one waits for it.
    assert_eq!(store.index_pending(1).expect("an index"), 1);
    let draft = Draft {
        id: "draftaxolotl".to_owned(),
        changed_ms: 1,
        json: "{\"title\":\"draftaxolotl\"}".to_owned(),
    };
    store.put_draft(&draft).expect("kept");
    store
        .put_setting("settingokapi", b"settingokapi")
        .expect("kept");
    let peer = SavedPeer {
        address: "/dns/addresspangolin/tcp/4101".to_owned(),
        device: Some(DeviceId([4; 32])),
        seen_ms: 5,
        failures: 0,
    };
    store.put_peer(&peer).expect("kept");
    let invitation = IssuedInvitation {
        id: InvitationId([5; 32]),
        uses: 3,
        used: 0,
        expires_ms: 10,
        role: "rolemarmot".to_owned(),
    };
    store.put_invitation(&invitation).expect("kept");
}

/// Returns the forms in which a word could stand in a file: as it is, as the search index cuts it,
/// and in UTF-16.
fn forms(word: &str) -> Vec<Vec<u8>> {
    let cut: String = word
        .chars()
        .flat_map(|character| [character, ' '])
        .collect();
    let wide = |unit: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(unit).collect();
    vec![
        word.as_bytes().to_vec(),
        cut.trim().as_bytes().to_vec(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
    ]
}

fn holds(bytes: &[u8], word: &str) -> bool {
    forms(word)
        .iter()
        .any(|form| bytes.windows(form.len()).any(|part| part == form))
}

/// All bytes of all files in a folder.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let paths = files.map(|file| file.expect("a file").path());
    paths
        .flat_map(|path| std::fs::read(path).expect("a file"))
        .collect()
}

/// Asserts that no file beside a store shows a word, and that the store holds all of them.
fn look(path: &Path, what: &str) {
    let sealed = bytes_in(path.parent().expect("a folder"));
    let opened = opened_bytes(path, &key()).expect("a file");
    let other = opened_bytes(path, &Seed::take(&mut [1; 32])).expect("a file");
    for word in WORDS {
        assert!(!holds(&sealed, word), "{what}: {word} is in the clear");
        assert!(!holds(&other, word), "{what}: another key reads {word}");
        assert!(holds(&opened, word), "{what}: {word} is nowhere");
    }
    for form in ["SQLite", "CREATE TABLE"] {
        assert!(!holds(&sealed, form), "{what}: the form of the file shows");
    }
    assert!(is_sealed(path).expect("a file"));
}

#[test]
fn no_word_can_be_read_without_the_key_and_each_can_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let mut store = Store::open(&path, &key()).expect("a new store");
    fill(&mut store);
    let log = folder.path().join("store-wal");
    assert!(log.metadata().expect("a log").len() > 0);
    look(&path, "in the write-ahead log");
    store.checkpoint().expect("a checkpoint");
    look(&path, "in the file");
    store.compact().expect("compacted");
    look(&path, "compacted");
    drop(store);
    look(&path, "closed");
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|file| file.expect("a file").file_name())
        .collect();
    assert_eq!(names, ["store"], "something else was left");
    let store = Store::open(&path, &key()).expect("the same store");
    for word in ["bodywalrus", "邻居家的梯子", "梯子"] {
        let found = store.search(word, &Filter::default(), None, 9);
        assert_eq!(found.expect("a search").len(), 2, "{word}");
    }
}

#[test]
fn a_store_of_another_key_is_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    drop(Store::open(&path, &key()).expect("a new store"));
    let before = std::fs::read(&path).expect("a file");
    let refused = Store::open(&path, &Seed::take(&mut [1; 32])).expect_err("another key");
    assert!(matches!(refused, OpenError::OtherKey), "{refused}");
    assert!(refused.to_string().contains("another key"));
    assert!(before == std::fs::read(&path).expect("a file"));
    Store::open(&path, &key()).expect("its own key");
}

#[test]
fn a_later_form_is_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    drop(Store::open(&path, &key()).expect("a new store"));
    let mut bytes = std::fs::read(&path).expect("a file");
    bytes[7] += 1;
    std::fs::write(&path, &bytes).expect("a file");
    let refused = Store::open(&path, &key()).expect_err("a later form");
    assert!(matches!(refused, OpenError::Newer { found: 2, known: 1 }));
    assert!(bytes == std::fs::read(&path).expect("a file"));
}

/// Returns the pages that a table has to itself.
fn pages_of(store: &Store, table: &str) -> Vec<usize> {
    store
        .connection()
        .prepare("SELECT pageno FROM dbstat WHERE name = ?1")
        .expect("statistics")
        .query_map([table], |row| row.get::<_, u32>(0))
        .expect("statistics")
        .map(|page| page.expect("a number") as usize)
        .collect()
}

#[test]
fn a_flipped_or_swapped_page_is_refused_and_named_and_nothing_else_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let mut store = Store::open(&path, &key()).expect("a new store");
    fill(&mut store);
    store.checkpoint().expect("a checkpoint");
    let drafts = pages_of(&store, "draft")[0] - 1;
    let peers = pages_of(&store, "peer")[0] - 1;
    drop(store);
    let sound = std::fs::read(&path).expect("a file");
    let page = |number: usize| number * 4096..(number + 1) * 4096;
    let elsewhere = folder.path().join("elsewhere");
    drop(Store::open(&elsewhere, &Seed::take(&mut [1; 32])).expect("another store"));
    let strange = std::fs::read(&elsewhere).expect("a file");

    let mut flipped = sound.clone();
    flipped[page(drafts).start + 4_000] ^= 1;
    let mut swapped = sound.clone();
    swapped[page(drafts)].copy_from_slice(&sound[page(peers)]);
    let mut foreign = sound.clone();
    foreign[page(drafts)].copy_from_slice(&strange[page(1)]);
    for (what, bytes) in [
        ("flipped", flipped),
        ("swapped", swapped),
        ("foreign", foreign),
    ] {
        std::fs::write(&path, bytes).expect("a file");
        let store = Store::open(&path, &key()).expect("the rest of the store");
        let refused = store.drafts().expect_err("a page that does not open");
        assert!(
            matches!(&refused, StoreFault::Damaged { what, .. } if what == UNSEALABLE),
            "{what}: {refused}"
        );
        let report = store.integrity_check(Extent::Full).expect("a check");
        let named: Vec<&str> = report
            .problems
            .iter()
            .filter_map(|problem| match problem {
                Problem::Table(table) => Some(table.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(named, ["draft"], "{what}: {:?}", report.problems);
        assert_eq!(report.entries_checked, 2, "{what}");
        assert_eq!(store.entries_by_arrival(0, 9).expect("entries").len(), 2);
        assert_eq!(store.peers().expect("peers").len(), 1);
        assert_eq!(store.invitations().expect("invitations").len(), 1);
        let found = store.search("bodywalrus", &Filter::default(), None, 9);
        assert_eq!(found.expect("a search").len(), 2);
    }
    std::fs::write(&path, &sound).expect("a file");
    let store = Store::open(&path, &key()).expect("the sound store");
    assert_eq!(store.drafts().expect("drafts").len(), 1);
}

/// SQLite keeps a journal in a file of its own while it begins; here nothing of it may be written.
#[test]
fn no_other_file_is_ever_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let store = Store::open(&path, &key()).expect("a new store");
    let journal = store
        .connection()
        .query_row("PRAGMA journal_mode = DELETE", [], |row| {
            row.get::<_, String>(0)
        });
    let made = store
        .connection()
        .execute_batch("CREATE TABLE beside (x); INSERT INTO beside VALUES ('journalzebra')");
    drop(store);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|file| file.expect("a file").file_name())
        .filter(|name| name.to_string_lossy().contains("journal"))
        .collect();
    assert!(names.is_empty(), "{names:?} {journal:?} {made:?}");
    assert!(!holds(&bytes_in(folder.path()), "journalzebra"));
}
