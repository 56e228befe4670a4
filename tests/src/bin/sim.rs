//! Runs the simulator: many seeds, or one seed told step by step.
//!
//! Usage: `sim [--seeds N] [--first-seed N] [--seed N] [--replicas N] [--entries N]
//! [--hostile SHARE] [--without RULE] [--moderation] [--proxies] [--helping] [--splintering]
//! [--jobs N] [--json] [--self-test] [--find-catches]`

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::switches::Rule;
use tests::self_test::{self, CATCHES};
use tests::sim::outcome::{Outcome, Summary};
use tests::sim::world::Options;

struct Arguments {
    options: Options,
    first_seed: u64,
    seeds: u64,
    jobs: u64,
    json: bool,
    task: Task,
}

/// What the program is to do.
enum Task {
    /// Run seeds.
    Run,
    /// Replay the table of catches.
    SelfTest,
    /// Look for the seeds of the table.
    FindCatches,
}

fn main() -> ExitCode {
    let arguments = match parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(what) => {
            eprintln!("{what}\nSee docs/SIMULATOR.md for how to use it.");
            return ExitCode::from(2);
        }
    };
    match arguments.task {
        Task::Run => {}
        Task::SelfTest => return self_test(),
        Task::FindCatches => return find_catches(),
    }
    let summary = run(&arguments);
    let replicas = arguments.options.replicas;
    if !arguments.json {
        let missing = summary.not_injected();
        if !missing.is_empty() {
            println!("not injected: {}", missing.join(", "));
        }
    }
    println!("{}", summary.to_json(replicas));
    if summary.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Replays the table of docs/SIMULATOR.md: each rule switched off, and a named check that notices.
fn self_test() -> ExitCode {
    let mut holds = true;
    for catch in CATCHES {
        match self_test::replay(catch) {
            Ok(()) => eprintln!("{}: {} notices", self_test::name(catch.rule), catch.check),
            Err(missed) => {
                holds = false;
                eprintln!("{}: MISSED: {missed:?}", self_test::name(catch.rule));
            }
        }
    }
    print!("{}", self_test::table(&CATCHES));
    match holds {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Looks for a seed for each row of the table, and prints the table with what it found.
fn find_catches() -> ExitCode {
    let found: Vec<_> = CATCHES
        .into_iter()
        .filter_map(|catch| {
            let found = self_test::search(catch);
            eprintln!("{}: {found:?}", self_test::name(catch.rule));
            found
        })
        .collect();
    print!("{}", self_test::table(&found));
    match found.len() == CATCHES.len() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn run(arguments: &Arguments) -> Summary {
    let next = AtomicU64::new(0);
    let summary = Mutex::new(Summary::default());
    std::thread::scope(|scope| {
        for _ in 0..arguments.jobs {
            scope.spawn(|| {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    if turn >= arguments.seeds {
                        break;
                    }
                    let options = Options {
                        seed: arguments.first_seed + turn,
                        ..arguments.options
                    };
                    let outcome = Outcome::of(options);
                    tell(&outcome, arguments.json);
                    summary
                        .lock()
                        .expect("no thread panics with it")
                        .add(&outcome);
                }
            });
        }
    });
    summary.into_inner().expect("no thread panics with it")
}

/// One line a seed, so that a long run can be watched.
fn tell(outcome: &Outcome, json: bool) {
    let failed: Vec<&str> = outcome
        .failed()
        .into_iter()
        .map(|check| check.name())
        .collect();
    let verdict = if failed.is_empty() {
        "holds".to_owned()
    } else {
        format!("FAILS {}", failed.join(" "))
    };
    let line = format!(
        "seed {}: {} entries, {verdict}",
        outcome.seed, outcome.entries
    );
    if json {
        eprintln!("{line}");
    } else {
        println!("{line}");
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        options: Options {
            seed: 1,
            replicas: 30,
            entries: 500,
            hostile_per_mille: 0,
            without: None,
            moderates: false,
            acts_for_others: false,
            helps: false,
            splinters: false,
            verbose: false,
        },
        first_seed: 1,
        seeds: 60,
        jobs: 1,
        json: false,
        task: Task::Run,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--seeds" => arguments.seeds = number(&value()?)?,
            "--first-seed" => arguments.first_seed = number(&value()?)?,
            "--seed" => {
                arguments.first_seed = number(&value()?)?;
                arguments.seeds = 1;
                arguments.options.verbose = true;
            }
            "--replicas" => arguments.options.replicas = small(&value()?, 4, 1_000)?,
            "--entries" => arguments.options.entries = small(&value()?, 1, 1_000_000)?,
            "--hostile" => arguments.options.hostile_per_mille = per_mille(&value()?)?,
            "--without" => arguments.options.without = Some(rule(&value()?)?),
            "--moderation" => arguments.options.moderates = true,
            "--proxies" => arguments.options.acts_for_others = true,
            "--helping" => arguments.options.helps = true,
            "--splintering" => arguments.options.splinters = true,
            "--jobs" => arguments.jobs = number(&value()?)?.clamp(1, 64),
            "--json" => arguments.json = true,
            "--self-test" => arguments.task = Task::SelfTest,
            "--find-catches" => arguments.task = Task::FindCatches,
            _ => return Err(format!("{word} is no option")),
        }
    }
    if arguments.json {
        arguments.options.verbose = false;
    }
    Ok(arguments)
}

fn number(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("{text} is no whole number"))
}

fn small(text: &str, low: usize, high: usize) -> Result<usize, String> {
    let number: usize = text
        .parse()
        .map_err(|_| format!("{text} is no whole number"))?;
    if (low..=high).contains(&number) {
        Ok(number)
    } else {
        Err(format!("{number} is not between {low} and {high}"))
    }
}

fn per_mille(text: &str) -> Result<u64, String> {
    let share: f64 = text.parse().map_err(|_| format!("{text} is no share"))?;
    if (0.0..=0.9).contains(&share) {
        Ok((share * 1_000.0).round() as u64)
    } else {
        Err(format!("{share} is not between 0 and 0.9"))
    }
}

fn rule(text: &str) -> Result<Rule, String> {
    CATCHES
        .into_iter()
        .map(|catch| catch.rule)
        .find(|rule| self_test::name(*rule) == text)
        .ok_or(format!("{text} is no rule that can be switched off"))
}
