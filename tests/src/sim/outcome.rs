//! What came of a run, and of many.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use super::check::{Check, Failure};
use super::fault::{Fault, Faults};
use super::world::{Options, World};

/// What came of one seed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// How many different entries were written and seen.
    pub entries: u64,
    /// How many hours all hosts together have lived through.
    pub node_hours: f64,
    /// What was injected.
    pub faults: Faults,
    /// What went wrong.
    pub failures: Vec<Failure>,
    /// Replicas that show something else than others, or than the model.
    pub divergences: u64,
    /// Acknowledged entries that count and are not shown.
    pub lost: u64,
}

impl Outcome {
    /// Runs one seed, from the founding to the last check. A panic is a failed check.
    pub fn of(options: Options) -> Self {
        let run = catch_unwind(AssertUnwindSafe(|| {
            let mut world = World::populated(options);
            world.run();
            let findings = world.check_at_the_end();
            Self {
                seed: options.seed,
                entries: world.ledger.known() as u64,
                node_hours: world.node_hours(),
                faults: world.faults,
                failures: world.failures,
                divergences: findings.divergences,
                lost: findings.lost,
            }
        }));
        run.unwrap_or_else(|panic| {
            let said = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
            Self {
                seed: options.seed,
                entries: 0,
                node_hours: 0.0,
                faults: Faults::default(),
                failures: vec![Failure::new(Check::NoPanic, said.unwrap_or_default())],
                divergences: 1,
                lost: 0,
            }
        })
    }

    /// Returns the checks that failed, each once.
    pub fn failed(&self) -> std::collections::BTreeSet<Check> {
        self.failures.iter().map(|failure| failure.check).collect()
    }
}

/// What came of many seeds.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many seeds.
    pub seeds: u64,
    /// Sums over all seeds.
    pub entries: u64,
    /// Sums over all seeds.
    pub node_hours: f64,
    /// Sums over all seeds.
    pub faults: Faults,
    /// Sums over all seeds.
    pub divergences: u64,
    /// Sums over all seeds.
    pub lost: u64,
    failures: Vec<Value>,
    failed: u64,
}

/// Failures of one seed and check that are told; there may be thousands alike.
const TOLD_MAX: usize = 3;

impl Summary {
    /// Adds one seed's outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.entries += outcome.entries;
        self.node_hours += outcome.node_hours;
        self.faults.merge(&outcome.faults);
        self.divergences += outcome.divergences;
        self.lost += outcome.lost;
        self.failed += u64::from(!outcome.failures.is_empty());
        let mut told: BTreeMap<Check, usize> = BTreeMap::new();
        for failure in &outcome.failures {
            let count = told.entry(failure.check).or_default();
            *count += 1;
            if *count <= TOLD_MAX {
                self.failures.push(json!({
                    "seed": outcome.seed,
                    "check": failure.check.name(),
                    "detail": failure.detail,
                }));
            }
        }
    }

    /// Returns the faults without which a run proves nothing and that were not injected.
    pub fn not_injected(&self) -> Vec<&'static str> {
        [
            Fault::Fork,
            Fault::Cut,
            Fault::Exclusion,
            Fault::Crash,
            Fault::Partition,
        ]
        .into_iter()
        .filter(|fault| self.faults.of(*fault) == 0)
        .map(Fault::name)
        .collect()
    }

    /// Tells whether everything held and enough went wrong on the way.
    pub fn is_good(&self) -> bool {
        self.failed == 0
            && self.divergences == 0
            && self.lost == 0
            && self.not_injected().is_empty()
    }

    /// Returns the summary as one JSON object.
    pub fn to_json(&self, replicas: usize) -> Value {
        let faults: BTreeMap<&str, u64> = self.faults.by_name().collect();
        json!({
            "seeds": self.seeds,
            "replicas": replicas,
            "entries": self.entries,
            "simulated_node_hours": (self.node_hours * 10.0).round() / 10.0,
            "faults": faults,
            "not_injected": self.not_injected(),
            "divergences": self.divergences,
            "lost": self.lost,
            "failed_seeds": self.failed,
            "failures": self.failures,
        })
    }
}
