//! The simulator's page says what the simulator does, and a run in which nothing happened is no
//! proof. The table of switched-off rules is replayed by `sim --self-test`.

use protocol::kind::Kinds;
use std::collections::BTreeSet;
use tests::oracle::course;
use tests::self_test::{self, CATCHES, table};

use tests::sim::check::Check;
use tests::sim::fault::Faults;
use tests::sim::outcome::{Outcome, Summary};
use tests::sim::world::{Options, World};

const PAGE: &str = include_str!("../../docs/SIMULATOR.md");

#[test]
fn the_page_has_the_table_of_catches() {
    let table = table(&CATCHES);
    assert!(PAGE.contains(&table), "docs/SIMULATOR.md lacks\n{table}");
}

#[test]
fn the_page_names_every_check_and_fault() {
    let checks = Check::ALL.iter().map(|check| check.name());
    let none = Faults::default();
    let faults = none.by_name().map(|(name, _)| name);
    for name in checks.chain(faults) {
        assert!(
            PAGE.contains(&format!("`{name}`")),
            "{name} is not explained"
        );
    }
}

#[test]
fn a_run_without_faults_proves_nothing() {
    let outcome = Outcome {
        seed: 1,
        entries: 500,
        node_hours: 1.0,
        faults: Faults::default(),
        failures: Vec::new(),
        divergences: 0,
        lost: 0,
    };
    let mut summary = Summary::default();
    summary.add(&outcome);
    let wanted = ["fork", "cut", "exclusion", "crash", "partition"];
    assert_eq!(summary.not_injected(), wanted);
    assert!(!summary.is_good());
}

/// Seeds with which people help, until everything was said: few hosts, so that each says much.
const HELPING: std::ops::Range<u64> = 3_201..3_231;

#[test]
fn where_people_help_everything_is_said_and_comes_to_what_the_model_makes_of_it() {
    let kinds = Kinds::standard();
    let kinds = ["request", "notice", "standing-offer"].map(|name| kinds.by_name(name));
    let lists = kinds.into_iter().flatten().flat_map(|kind| kind.lists);
    let mut unsaid: BTreeSet<&str> = lists.map(|list| list.item).collect();
    let mut unreached = BTreeSet::from(["cancelled", "confirmed", "gone", "matched"]);
    for seed in HELPING {
        let mut world = World::populated(Options {
            replicas: 8,
            entries: 200,
            helps: true,
            ..self_test::options(None, seed)
        });
        world.run();
        world.check_at_the_end();
        assert_eq!(world.failures, [], "seed {seed}");
        let (said, reached) = course::said_in(&world);
        unsaid.retain(|name| !said.contains(*name));
        unreached.retain(|state| !reached.contains(*state));
        if unsaid.is_empty() && unreached.is_empty() {
            return;
        }
    }
    panic!("nobody said {unsaid:?}; no request was {unreached:?}");
}
