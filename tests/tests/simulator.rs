//! The simulator's page says what the simulator does, and a run in which nothing happened is no
//! proof. The table of switched-off rules is replayed by `sim --self-test`.

use tests::self_test::{CATCHES, table};
use tests::sim::check::Check;
use tests::sim::fault::Faults;
use tests::sim::outcome::{Outcome, Summary};

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
