//! Golden vectors: the bytes that two implementations of `docs/PROTOCOL.md` must agree on, one file
//! of hexadecimal digits each, in `vectors/`.
//!
//! A vector is made from fixed seeds and values; its committed bytes are read, written again and
//! compared. A byte changes only together with the version of its format. After such a change, or
//! for a vector that is new, `LINLI_WRITE_VECTORS=1 cargo test -p protocol --test golden` writes
//! the files.

mod entries;
mod frames;
mod given;
mod intents;
mod names;
mod statements;
mod vector;

use std::collections::BTreeSet;
use std::path::PathBuf;

use vector::Vector;

fn all() -> Vec<Vector> {
    let groups = [
        names::vectors(),
        entries::vectors(),
        intents::vectors(),
        statements::vectors(),
        frames::vectors(),
    ];
    groups.into_iter().flatten().collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/vectors")
}

fn committed(vector: &Vector) -> Vec<u8> {
    let path = folder().join(vector.file());
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("vector {}: {}: {error}", vector.name, path.display()));
    vector::bytes_of(&text).unwrap_or_else(|| panic!("vector {}: no hexadecimal", vector.name))
}

#[test]
fn seeds_make_the_committed_bytes() {
    if std::env::var_os("LINLI_WRITE_VECTORS").is_some() {
        for vector in all() {
            let path = folder().join(vector.file());
            let parent = path.parent().expect("a vector lies in a folder");
            std::fs::create_dir_all(parent).expect("a folder can be made");
            std::fs::write(path, vector::hex(&vector.bytes)).expect("a vector can be written");
        }
    }
    for vector in all() {
        let committed = committed(&vector);
        let at = committed
            .iter()
            .zip(&vector.bytes)
            .position(|(old, new)| old != new);
        assert!(
            committed == vector.bytes,
            "vector {} has changed, from byte {} on: the format's version has to change with it",
            vector.name,
            at.unwrap_or(committed.len().min(vector.bytes.len())),
        );
    }
}

#[test]
fn committed_bytes_are_read_and_written_as_they_are() {
    for vector in all() {
        if let Err(fault) = (vector.read)(&committed(&vector)) {
            panic!("vector {}: {fault}", vector.name);
        }
    }
}

/// A vector that nobody makes is checked by nobody.
#[test]
fn every_committed_vector_is_made() {
    let made: BTreeSet<String> = all().iter().map(Vector::file).collect();
    assert_eq!(made.len(), all().len(), "two vectors have one name");
    let mut found = BTreeSet::new();
    for group in std::fs::read_dir(folder()).expect("vectors are committed") {
        let group = group.expect("a readable folder").path();
        for file in std::fs::read_dir(&group).expect("a group is a folder") {
            let path = file.expect("a readable folder").path();
            let name = path.strip_prefix(folder()).expect("it lies there");
            found.insert(name.to_string_lossy().into_owned());
        }
    }
    assert_eq!(found, made);
}
