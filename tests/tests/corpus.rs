//! Replays the fuzzers' committed corpus, and a few thousand mutations of it.

use std::path::Path;

use tests::fuzz::TARGETS;
use tests::sim::random::Random;

/// Positions of a file at which it is cut and changed.
const POSITIONS_MAX: usize = 400;
#[test]
fn no_bytes_of_the_corpus_or_near_it_do_harm() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for target in TARGETS {
        let name = target.name;
        let folder = corpus.join(name);
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|file| file.expect("a readable folder").path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has no corpus");
        for file in files {
            let bytes = std::fs::read(&file).expect("a readable file");
            target.run(&bytes);
            // What is near it is not taken as choices too: those cost a thousand times as much.
            for position in 0..bytes.len().min(POSITIONS_MAX) {
                let mut changed = bytes.clone();
                changed[position] = changed[position].wrapping_add(1 + (position % 255) as u8);
                (target.outside)(&changed);
                (target.outside)(&bytes[..position]);
            }
        }
    }
}

/// Random choices for each target; `LINLI_CHOICES` asks for more.
fn rounds() -> u64 {
    number("LINLI_CHOICES").unwrap_or(4)
}

/// The first of them; `LINLI_FIRST_CHOICE` names another, to replay it.
fn first_seed() -> u64 {
    number("LINLI_FIRST_CHOICE").unwrap_or(0)
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn no_random_choices_do_harm() {
    for target in TARGETS {
        for seed in first_seed()..first_seed() + rounds() {
            let mut random = Random::new(seed);
            let length = 20 + random.index(900);
            let bytes: Vec<u8> = (0..length)
                .map(|_| u8::try_from(random.below(256)).expect("a byte"))
                .collect();
            let run = std::panic::catch_unwind(|| (target.choices)(&bytes));
            assert!(run.is_ok(), "target {}, seed {seed}", target.name);
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
