//! The front end with 10,000 requests in every state, 500 notices and 1,000 plans: what a frame costs,
//! how long lists, a search and the first frame take, and how many bytes reach the terminal.
//!
//! A frame is measured inside the process, by `tui/examples/ui_cost.rs`; everything else from
//! outside, with the program on a terminal of its own and its node beside it.

use std::process::Command;
use std::time::Instant;

use protocol::kind::Kinds;
use serde_json::{Value, json};

use super::cold_sync::ms;
use super::pty::FrontEnd;
use super::template::Template;
use super::wire::Counting;
use super::{BenchError, Options, corpus, machine, repeat, report};
use crate::process::{self, Home};

/// Requests for each document of the cold sync's corpus: 10,000 where that has 2,000.
const REQUESTS_EACH: usize = 5;
/// Of so many requests, one is a plan beside.
const PLAN_EACH: usize = 10;
/// How often each list is asked for.
const LISTS: usize = 40;
const SEARCHES: usize = 500;
/// As many as the front end asks for.
const FOUND_MAX: usize = 200;
/// How often each key is pressed.
const KEYS: usize = 60;
/// Bytes of a frame that shows something else than the one before.
const CHANGED_MIN: f64 = 100.0;

/// Runs it.
///
/// # Errors
///
/// When a run fails.
pub fn run(
    options: &Options,
    _: Counting,
    each: impl FnMut(&Value),
) -> Result<Vec<Value>, BenchError> {
    let size = corpus::Size {
        documents: options.corpus.documents * REQUESTS_EACH,
        records_each: 1,
        ..options.corpus
    };
    let template = Template::of_front_end(&options.work, size, size.documents / PLAN_EACH)?;
    repeat(options, "ui", each, |folder| {
        let frame = frame_cost()?;
        let mut home = template.copy("a", folder)?;
        home.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
        machine::settle(&[home.pid()]);
        let search = search(&home)?;
        let lists = lists(&home)?;
        machine::settle(&[home.pid()]);
        let mut front_end = FrontEnd::open(home.path())?;
        let [first_frame_ms, first_content_ms] = front_end.begin(["Settings", "Waiting"])?;
        machine::settle(&[home.pid()]);
        Ok(json!({
            "frame": frame,
            "search": search,
            "lists": lists,
            "first_frame_ms": machine::round(first_frame_ms),
            "first_content_ms": machine::round(first_content_ms),
            "bytes": bytes(&mut front_end)?,
        }))
    })
}

/// Runs the front end against a stand-in, inside a process of its own.
fn frame_cost() -> Result<Value, BenchError> {
    let output = Command::new(process::example("tui", "ui_cost")).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    serde_json::from_str(&said).map_err(|_| BenchError::Failed(format!("ui_cost said {said:?}")))
}

/// Searches for words that stand in documents, through the local interface.
fn search(home: &Home) -> Result<Value, BenchError> {
    let (_, page) = home.request("GET", "/v1/documents?kind=request&limit=500", None)?;
    let texts = page["items"].as_array().into_iter().flatten();
    let words: Vec<String> = texts
        .filter_map(|view| {
            let title = view["fields"]["title"].as_str()?;
            let characters = title.chars().filter(|sign| *sign > '\u{4E00}');
            Some(characters.take(2).collect())
        })
        .filter(|words: &String| !words.is_empty())
        .collect();
    let mut times = Vec::new();
    let mut found = 0;
    for words in words.iter().cycle().take(SEARCHES) {
        let path = format!("/v1/search?words={}&limit={FOUND_MAX}", encoded(words));
        let since = Instant::now();
        let (code, answer) = home.request("GET", &path, None)?;
        times.push(ms(since.elapsed()));
        let items = answer["items"].as_array().map_or(0, Vec::len);
        if code != 200 || items == 0 {
            return Err(BenchError::Failed(format!("{words}: {answer}")));
        }
        found += items;
    }
    if times.is_empty() {
        return Err(BenchError::Failed("no words to search for".to_owned()));
    }
    Ok(json!({
        "searches": times.len(),
        "found_each": found / times.len(),
        "p50_ms": report::percentile(&times, 0.5),
        "p99_ms": report::percentile(&times, 0.99),
    }))
}

/// Asks for every list as the front end's filters do, for today and for the counts.
fn lists(home: &Home) -> Result<Value, BenchError> {
    let kinds = Kinds::standard();
    let mut paths = vec!["today".to_owned(), "counts".to_owned()];
    for kind in kinds.posted() {
        let list = format!("documents?kind={}&limit={FOUND_MAX}", kind.name);
        let filters = ["&unread=true", "&mine=true", "&order=changed"].map(str::to_owned);
        let states = kind.states.iter().map(|state| format!("&state={state}"));
        paths.extend(
            filters
                .into_iter()
                .chain(states)
                .map(|filter| list.clone() + &filter),
        );
        paths.push(list);
    }
    let mut all = Vec::new();
    let mut slowest = ("", 0.0);
    let mut found = 0;
    for path in &paths {
        let mut times = Vec::new();
        for _ in 0..LISTS {
            let since = Instant::now();
            let (code, answer) = home.request("GET", &format!("/v1/{path}"), None)?;
            times.push(ms(since.elapsed()));
            if code != 200 {
                return Err(BenchError::Failed(format!("{path}: {answer}")));
            }
            found += answer["items"].as_array().map_or(0, Vec::len);
        }
        let p99_ms = report::percentile(&times, 0.99);
        if p99_ms > slowest.1 {
            slowest = (path, p99_ms);
        }
        all.extend(times);
    }
    Ok(json!({
        "lists": paths.len(),
        "found_each": found / all.len(),
        "p50_ms": report::percentile(&all, 0.5),
        "p99_ms": report::percentile(&all, 0.99),
        "slowest": slowest.0,
        "slowest_p99_ms": slowest.1,
    }))
}

/// Counts what reaches the terminal for one key each.
fn bytes(front_end: &mut FrontEnd) -> Result<Value, BenchError> {
    // What the corpus asks for is over by now; the list of all that there is has everything.
    front_end.press("3")?;
    front_end.press("fff")?;
    let mut moving = Vec::new();
    for _ in 0..KEYS {
        moving.push(front_end.press("j")?);
    }
    let mut opening = Vec::new();
    for _ in 0..KEYS {
        opening.push(front_end.press("\r")?);
        // Back, and to the next one.
        front_end.press("h")?;
        front_end.press("j")?;
    }
    front_end.press("n")?;
    let mut typing = Vec::new();
    for letter in "who has a ladder for a day".chars().cycle().take(KEYS) {
        typing.push(front_end.press(&letter.to_string())?);
    }
    if report::median(&moving).min(report::median(&opening)) < CHANGED_MIN {
        return Err(BenchError::Failed("the terminal shows nothing".to_owned()));
    }
    let said = |counts: &[f64]| {
        json!({
            "median": report::median(counts),
            "p99": report::percentile(counts, 0.99),
        })
    };
    Ok(json!({
        "move": said(&moving),
        "type": said(&typing),
        "open": said(&opening),
    }))
}

/// Writes words as a query has them.
fn encoded(words: &str) -> String {
    words.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
