//! The simulator's own test: with a rule switched off, a named check has to notice.
//!
//! It looks for the first seed with which that happens. A panic does not count.

use std::fmt::Write as _;

use protocol::switches::Rule;

use crate::sim::check::Check;
use crate::sim::outcome::Outcome;
use crate::sim::world::Options;

/// The rules that can be switched off.
pub const RULES: [Rule; 11] = [
    Rule::R3,
    Rule::R4,
    Rule::R5,
    Rule::R6,
    Rule::R7,
    Rule::R8,
    Rule::R9,
    Rule::R10,
    Rule::R13,
    Rule::R15,
    Rule::R21,
];

/// Seeds that are tried for a rule.
const SEEDS_MAX: u64 = 60;

/// Returns a rule's name as the design gives it.
pub fn name(rule: Rule) -> String {
    format!("R{}", rule as u32)
}

/// What noticed that a rule was off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Catch {
    /// The rule.
    pub rule: Rule,
    /// The check that failed.
    pub check: Check,
    /// The seed with which it did.
    pub seed: u64,
}

/// Returns the options with which a rule is tried.
pub fn options(rule: Option<Rule>, seed: u64) -> Options {
    Options {
        seed,
        replicas: 16,
        entries: 300,
        hostile_per_mille: 330,
        without: rule,
        verbose: false,
    }
}

/// Returns the checks that fail with a rule switched off and a seed.
pub fn noticed(rule: Rule, seed: u64) -> Vec<Check> {
    let outcome = Outcome::of(options(Some(rule), seed));
    let failed = outcome.failed().into_iter();
    failed.filter(|check| *check != Check::NoPanic).collect()
}

/// Looks for the seed that shows a rule to be missed.
pub fn search(rule: Rule) -> Option<Catch> {
    (1..=SEEDS_MAX).find_map(|seed| {
        let check = characteristic(rule, &noticed(rule, seed))?;
        Some(Catch { rule, check, seed })
    })
}

/// Of the checks that failed, returns the one that says most about the rule.
fn characteristic(rule: Rule, failed: &[Check]) -> Option<Check> {
    let expected: &[Check] = match rule {
        Rule::R3 => &[Check::StoredBeforeSent, Check::NoSeqSignedTwice],
        Rule::R4 => &[Check::SameView, Check::ViewMatchesModel],
        Rule::R5 | Rule::R6 | Rule::R7 | Rule::R10 => {
            &[Check::ViewMatchesModel, Check::NothingLost, Check::SameView]
        }
        Rule::R8 => &[Check::SuspendedForks],
        Rule::R9 => &[Check::Converges, Check::SameFrontier],
        Rule::R13 => &[Check::NothingUnverified],
        Rule::R15 => &[Check::SameFrontier],
        Rule::R21 => &[Check::NoUnadmittedServed],
    };
    expected
        .iter()
        .copied()
        .find(|check| failed.contains(check))
}

/// Writes the table of catches.
pub fn table(catches: &[(Rule, Option<Catch>)]) -> String {
    let mut text =
        String::from("| rule switched off | check that notices | seed |\n| --- | --- | --- |\n");
    for (rule, catch) in catches {
        let name = name(*rule);
        let _ = match catch {
            Some(catch) => writeln!(text, "| {name} | `{}` | {} |", catch.check, catch.seed),
            None => writeln!(text, "| {name} | none | — |"),
        };
    }
    text
}
