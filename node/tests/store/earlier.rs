//! Stores of earlier versions, which lay in the clear: they are sealed when they are opened, with
//! all that they hold, whatever moment the program is killed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use node::store::{Draft, Extent, Filter, OpenError, Projection, Store, is_sealed, version_known};
use rusqlite::Connection;

use crate::model::{Model, same_answers};
use crate::views::view;
use crate::world::{Step, World, key};

const STORE: &str = "LINLI_TEST_EARLIER_STORE";
const KILLS: u64 = 12;

/// Makes a store in the clear, as earlier versions left it, with what it must still hold.
fn clear_store(folder: &Path, entries: usize) -> (PathBuf, Model) {
    let sealed = folder.join("made");
    let mut store = Store::open(&sealed, &key()).expect("a new store");
    let steps: Vec<Step> = std::iter::once(Step::log())
        .chain((0..entries).map(|_| Step::write(0)))
        .collect();
    let batch = World::default().batch(&steps);
    store.commit(&batch).expect("a sound batch");
    let mut model = Model::default();
    model.commit(&batch);
    let rows: Vec<Projection> = (1..9)
        .map(|number| (view(number), "clearzebra 梯子".to_owned()).into())
        .collect();
    store.put_views(&rows, &[]).expect("views");
    while store.index_pending(5).expect("an index") > 0 {}
    let draft = Draft {
        id: "one".to_owned(),
        changed_ms: 1,
        json: "{\"title\":\"clearquokka\"}".to_owned(),
    };
    store.put_draft(&draft).expect("kept");
    let path = folder.join("store");
    let address = format!("file:{}?vfs=unix&reserve=0", path.display());
    store
        .connection()
        .execute("VACUUM INTO ?1", [address])
        .expect("a copy in the clear");
    drop(store);
    std::fs::remove_file(&sealed).expect("removed");
    let connection = Connection::open(&path).expect("a database");
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .expect("as it was");
    drop(connection);
    (path, model)
}

fn words_left(folder: &Path) -> Vec<&'static str> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let bytes: Vec<u8> = files
        .flat_map(|file| std::fs::read(file.expect("a file").path()).expect("a file"))
        .collect();
    let holds = |word: &&str| {
        bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    };
    // Long ones: sealed bytes are random, and three of them are soon met by chance.
    ["clearzebra", "clearquokka", "SQLite format"]
        .into_iter()
        .filter(holds)
        .collect()
}

fn check(path: &Path, model: &Model) {
    let store = Store::open(path, &key()).expect("a sealed store");
    same_answers(&store, model);
    for word in ["clearzebra", "梯子"] {
        let found = store.search(word, &Filter::default(), None, 99);
        assert_eq!(found.expect("a search").len(), 8);
    }
    assert_eq!(store.drafts().expect("drafts").len(), 1);
    let report = store.integrity_check(Extent::Full).expect("a check");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[test]
fn a_store_in_the_clear_is_sealed_with_all_it_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, model) = clear_store(folder.path(), 60);
    assert_eq!(words_left(folder.path()).len(), 3, "it is not in the clear");
    check(&path, &model);
    assert!(is_sealed(&path).expect("a file"));
    assert_eq!(words_left(folder.path()), [""; 0]);
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "something was left beside it");
    check(&path, &model);
}

#[test]
fn what_a_crash_left_beside_is_made_up_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, model) = clear_store(folder.path(), 60);
    let beside = |suffix: &str| folder.path().join(format!("store{suffix}"));
    let clear = std::fs::read(&path).expect("a file");

    // Before anything was put in its place: half a copy, and a second name of the old store.
    std::fs::write(beside("-sealing"), vec![7; 9_000]).expect("a file");
    std::fs::write(beside("-sealing-wal"), vec![7; 9_000]).expect("a file");
    std::fs::hard_link(&path, beside("-clear")).expect("a name");
    check(&path, &model);
    assert_eq!(words_left(folder.path()), [""; 0]);

    // After that: the old store waits to be overwritten. Whoever has it open can see that it is.
    std::fs::write(beside("-clear"), clear).expect("a file");
    std::fs::hard_link(beside("-clear"), beside("-watched")).expect("a name");
    check(&path, &model);
    assert!(!beside("-clear").exists());
    assert_eq!(words_left(folder.path()), [""; 0]);
}

#[test]
fn later_and_foreign_stores_in_the_clear_are_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, _) = clear_store(folder.path(), 3);
    let connection = Connection::open(&path).expect("a database");
    connection
        .pragma_update(None, "user_version", version_known() + 1)
        .expect("an update");
    drop(connection);
    let before = std::fs::read(&path).expect("a file");
    let refused = Store::open(&path, &key()).expect_err("a later store");
    assert!(matches!(refused, OpenError::Newer { .. }), "{refused}");
    assert!(before == std::fs::read(&path).expect("a file"));
}

#[test]
fn a_killed_sealing_loses_nothing_and_leaves_nothing_in_the_clear() {
    if let Ok(path) = std::env::var(STORE) {
        drop(Store::open(Path::new(&path), &key()));
        println!("sealed");
        return;
    }
    for kill in 0..KILLS {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, model) = clear_store(folder.path(), 1_500);
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args([
                "--exact",
                "earlier::a_killed_sealing_loses_nothing_and_leaves_nothing_in_the_clear",
                "--nocapture",
            ])
            .env(STORE, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a program");
        // Another point of the work for each kill: as soon as some file stands beside the store,
        // and a little later.
        let begun = || {
            ["store-sealing", "store-wal", "store-clear"][usize::try_from(kill % 3).expect("few")]
        };
        while child.try_wait().expect("its state").is_none()
            && !folder.path().join(begun()).exists()
        {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_micros(kill * kill * 397));
        let _ended_already = child.kill();
        child.wait().expect("its end");
        check(&path, &model);
        assert_eq!(words_left(folder.path()), [""; 0], "kill {kill}");
    }
}
