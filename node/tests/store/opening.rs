//! Opening: new files, files of other programs and versions, and files that are in use.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use node::store::{
    APPLICATION_ID, OpenError, Store, StoreFault, is_sealed, opened_bytes, version_known,
};
use protocol::storage::Storage;
use rusqlite::Connection;

use crate::model::{Model, same_answers};
use crate::world::{Step, World, key};

/// Makes a store with something in it, and closes it.
fn filled(path: &Path) -> Model {
    let mut store = Store::open(path, &key()).expect("a new store");
    let batch = World::default().batch(&[Step::log(), Step::write(0), Step::write(0)]);
    store.commit(&batch).expect("a sound batch");
    let mut model = Model::default();
    model.commit(&batch);
    model
}

#[test]
fn a_new_store_is_its_owners_alone_and_says_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let model = filled(&path);
    let mode = path.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(is_sealed(&path).expect("a file"));
    let bytes = opened_bytes(&path, &key()).expect("a file");
    assert_eq!(bytes[68..72], APPLICATION_ID.to_be_bytes());
    assert_eq!(i64::from(bytes[63]), version_known());
    same_answers(&Store::open(&path, &key()).expect("the same store"), &model);
}

#[test]
fn a_store_of_a_later_version_is_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    filled(&path);
    for unfinished in [false, true] {
        let later = version_known() + 1;
        let store = if unfinished {
            // Its version is one that is known again.
            let (store, image) = (folder.path().join("again"), &path);
            filled(&store);
            std::fs::rename(&store, image).expect("in its place");
            Store::open(image, &key()).expect("a store")
        } else {
            Store::open(&path, &key()).expect("a store")
        };
        let connection = store.connection();
        if unfinished {
            // The later version stands in the write-ahead log only, as after a crash.
            connection
                .set_db_config(
                    rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
                    true,
                )
                .expect("a setting");
        }
        connection
            .pragma_update(None, "user_version", later)
            .expect("an update");
        drop(store);
        let wal = folder.path().join("store-wal");
        let before = (
            std::fs::read(&path).expect("a file"),
            std::fs::read(&wal).unwrap_or_default(),
        );
        assert_eq!(!before.1.is_empty(), unfinished);
        match Store::open(&path, &key()) {
            Err(OpenError::Newer { found, known }) => {
                assert_eq!((found, known), (later, later - 1))
            }
            other => panic!("opened a later version's store: {other:?}"),
        }
        let after = (
            std::fs::read(&path).expect("a file"),
            std::fs::read(&wal).unwrap_or_default(),
        );
        assert!(before == after, "the file changed");
    }
}

#[test]
fn an_earlier_version_is_brought_up_with_what_it_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let model = filled(&path);
    // The first version had entries only.
    let store = Store::open(&path, &key()).expect("a store");
    let connection = store.connection();
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        .expect("tables")
        .query_map([], |row| row.get(0))
        .expect("tables")
        .collect::<Result<_, _>>()
        .expect("tables");
    connection
        .execute_batch("DROP TABLE search")
        .expect("a table");
    let first = [
        "property",
        "standpoint",
        "document",
        "log",
        "entry",
        "fork_proof",
    ];
    for table in tables.iter().filter(|table| !table.starts_with("search")) {
        if !first.contains(&table.as_str()) {
            connection
                .execute_batch(&format!("DROP TABLE {table}"))
                .expect("a table");
        }
    }
    connection
        .execute_batch("DROP INDEX entry_lacking")
        .expect("an index");
    connection
        .pragma_update(None, "user_version", 1)
        .expect("an update");
    drop(store);
    let mut store = Store::open(&path, &key()).expect("an earlier store");
    same_answers(&store, &model);
    assert!(store.require_projection(1).expect("a projection"));
    assert_eq!(store.dirty(9).expect("documents").len(), 2);
}

#[test]
fn files_of_others_are_refused_and_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("text");
    std::fs::write(&text, "Dear diary, ".repeat(900)).expect("a file");
    let foreign = folder.path().join("foreign");
    let connection = Connection::open(&foreign).expect("a database");
    connection
        .execute_batch("CREATE TABLE mine (x)")
        .expect("a table");
    drop(connection);
    let read = |path: &Path| std::fs::read(path).expect("a file");
    let before = (read(&text), read(&foreign));
    match Store::open(&text, &key()) {
        Err(OpenError::Fault(StoreFault::Damaged { .. })) => {}
        other => panic!("opened a text: {other:?}"),
    }
    match Store::open(&foreign, &key()) {
        Err(OpenError::Foreign) => {}
        other => panic!("opened a foreign database: {other:?}"),
    }
    assert!(before == (read(&text), read(&foreign)), "a file changed");
}

#[test]
fn a_store_has_one_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    filled(&path);
    let first = Store::open(&path, &key()).expect("a store");
    match Store::open(&path, &key()) {
        Err(OpenError::Fault(StoreFault::InUse)) => {}
        other => panic!("opened twice: {other:?}"),
    }
    drop(first);
    let store = Store::open(&path, &key()).expect("a store that was closed");
    assert_eq!(store.logs().expect("logs").len(), 1);
}

#[test]
fn a_folder_out_of_reach_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("missing").join("store");
    assert!(matches!(
        Store::open(&path, &key()),
        Err(OpenError::Create(_))
    ));
}
