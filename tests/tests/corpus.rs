//! Replays the fuzzers' committed corpus, and a few thousand mutations of it.

use std::path::Path;

use tests::fuzz::TARGETS;

#[test]
fn no_bytes_of_the_corpus_or_near_it_do_harm() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in TARGETS {
        let folder = corpus.join(name);
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|file| file.expect("a readable folder").path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            let bytes = std::fs::read(&file).expect("a readable file");
            target(&bytes);
            for position in 0..bytes.len().min(400) {
                let mut changed = bytes.clone();
                changed[position] = changed[position].wrapping_add(1 + (position % 255) as u8);
                target(&changed);
                target(&bytes[..position]);
            }
        }
    }
}

#[test]
fn the_committed_seeds_are_those_that_the_program_writes() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (target, seeds) in tests::seeds::all() {
        for (name, bytes) in seeds {
            let committed = std::fs::read(corpus.join(target).join(&name)).ok();
            assert!(
                committed == Some(bytes),
                "{target}/{name} is missing or of another format: cargo run -p tests --bin corpus"
            );
        }
    }
}
