//! The simulator's own test: with a rule switched off, a named check has to notice.
//!
//! [`CATCHES`] says with which seed each rule is missed; [`replay`] shows that it still is, and that
//! the same seed passes while all rules hold. A panic does not count as noticing.

use std::fmt::Write as _;

use protocol::switches::Rule;

use crate::sim::check::Check;
use crate::sim::outcome::Outcome;
use crate::sim::world::Options;

/// What notices that a rule is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Catch {
    /// The rule.
    pub rule: Rule,
    /// The check that fails.
    pub check: Check,
    /// A seed with which it does.
    pub seed: u64,
}

const fn catch(rule: Rule, check: Check, seed: u64) -> Catch {
    Catch { rule, check, seed }
}

/// Every rule that can be switched off, and what notices it. `sim --find-catches` looks for the
/// seeds anew after the scenario has changed.
pub const CATCHES: [Catch; 12] = [
    catch(Rule::R3, Check::StoredBeforeSent, 1),
    catch(Rule::R4, Check::SameView, 1),
    catch(Rule::R5, Check::ViewMatchesModel, 22),
    catch(Rule::R6, Check::ViewMatchesModel, 2),
    catch(Rule::R7, Check::ViewMatchesModel, 1),
    catch(Rule::R8, Check::SuspendedForks, 1),
    catch(Rule::R9, Check::SameFrontier, 12),
    catch(Rule::R10, Check::ViewMatchesModel, 6),
    catch(Rule::R13, Check::NothingUnverified, 6),
    catch(Rule::R15, Check::SameFrontier, 1),
    catch(Rule::R18, Check::Forgotten, 1),
    catch(Rule::R21, Check::NoUnadmittedServed, 1),
];

/// Seeds that are tried for a rule.
const SEEDS_MAX: u64 = 200;

/// Returns a rule's name as the design gives it.
pub fn name(rule: Rule) -> String {
    format!("R{}", rule as u32)
}

/// Says what the replicas do once a rule is switched off.
pub const fn switched_off(rule: Rule) -> &'static str {
    match rule {
        Rule::R3 => "entries are sent before they are durable, and disks are slow",
        Rule::R4 => "an entry's past is whatever arrived before it",
        Rule::R5 => "policy lets everything through",
        Rule::R6 => "of several cuts the one with the greatest hash decides, and any role cuts any",
        Rule::R7 => "rights are judged as the roster stands in the end; cuts end whole logs",
        Rule::R8 => "both branches of a fork count",
        Rule::R9 => "entries of removed devices are not kept",
        Rule::R10 => "excluded entries are left out of the build",
        Rule::R13 => "entries behind the last signature of a segment are taken",
        Rule::R15 => "replicas tell and compare only the longest branch of each log",
        Rule::R18 => "payloads of retired documents are kept",
        Rule::R21 => "who is unknown is served without a chain, and invitations admit any number",
    }
}

/// Returns the options of a self-test: small, for twelve rules are tried.
pub fn options(without: Option<Rule>, seed: u64) -> Options {
    Options {
        seed,
        replicas: 12,
        entries: 150,
        hostile_per_mille: 330,
        without,
        moderates: false,
        acts_for_others: false,
        helps: false,
        splinters: false,
        verbose: false,
    }
}

/// Why the table of catches does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The row.
    pub catch: Catch,
    /// What failed instead: with the rule off when the check is not among it, with all rules on
    /// when it is not empty.
    pub failed: Vec<Check>,
}

/// Replays a row of the table: the check fails with the rule off, and nothing with all rules on.
///
/// # Errors
///
/// [`Missed`] when it is otherwise.
pub fn replay(catch: Catch) -> Result<(), Missed> {
    let failed = noticed(Some(catch.rule), catch.seed);
    if !failed.contains(&catch.check) {
        return Err(Missed { catch, failed });
    }
    let failed = noticed(None, catch.seed);
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Missed { catch, failed }),
    }
}

/// Returns the named checks that fail with a seed.
fn noticed(without: Option<Rule>, seed: u64) -> Vec<Check> {
    let outcome = Outcome::of(options(without, seed));
    let failed = outcome.failed().into_iter();
    match without {
        // With a rule off, anything may happen; a panic says nothing about what noticed.
        Some(_) => failed.filter(|check| *check != Check::NoPanic).collect(),
        None => failed.collect(),
    }
}

/// Looks for the first seed that shows a rule to be missed by the check of its row.
pub fn search(catch: Catch) -> Option<Catch> {
    (1..=SEEDS_MAX)
        .map(|seed| Catch { seed, ..catch })
        .find(|catch| replay(*catch).is_ok())
}

/// Writes the table of docs/SIMULATOR.md.
pub fn table(catches: &[Catch]) -> String {
    let mut text = String::from(
        "| rule | switched off, | check that notices | seed |\n| --- | --- | --- | --- |\n",
    );
    for catch in catches {
        let (rule, off) = (name(catch.rule), switched_off(catch.rule));
        let (check, seed) = (catch.check, catch.seed);
        let _ = writeln!(text, "| {rule} | {off} | `{check}` | {seed} |");
    }
    text
}
