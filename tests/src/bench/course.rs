//! How far the requests of the front end's corpus have come: every state of a request, in turn, each
//! with the facts that led there.

use std::path::PathBuf;

use serde_json::{Value, json};

/// The table of requests that people made, in the folder that `LINLI_DATA` names.
const TABLE: &str = "requests/wuhan-2020.csv";
const DATA_DEFAULT: &str = "../shared/data";

/// What is said next about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The first or second helper offers.
    Offer(usize),
    /// The requester accepts the offer of a helper.
    Accept(usize),
    /// A helper confirms the time.
    CheckIn(usize),
    /// A helper has done it.
    Done(usize),
    /// The requester confirms and thanks in public.
    Confirm,
    /// The first helper agrees to all of it.
    Agree,
    /// The requester says that a helper did not come.
    Miss(usize),
    /// That helper answers.
    Reply(usize),
    /// The requester has got the thing.
    Gone,
    /// The requester needs nothing any more.
    Cancel,
    /// The requester asks again.
    Reopen,
}

/// Courses, each of another outcome; the documents take them in turn.
pub const COURSES: [&[Step]; 12] = {
    use Step::{Accept, Agree, Cancel, CheckIn, Confirm, Done, Gone, Miss, Offer, Reopen, Reply};
    [
        &[],
        &[Offer(0)],
        &[Offer(0), Offer(1)],
        &[Offer(0), Offer(1), Accept(0)],
        &[Offer(0), Accept(0), CheckIn(0)],
        &[Offer(0), Accept(0), CheckIn(0), Done(0)],
        &[Offer(0), Accept(0), CheckIn(0), Done(0), Confirm, Agree],
        &[Offer(0), Offer(1), Accept(0), Accept(1)],
        &[Offer(0), Offer(1), Accept(0), Miss(0), Reply(0), Accept(1)],
        &[Offer(0), Gone],
        &[Cancel],
        &[Offer(0), Accept(0), CheckIn(0), Done(0), Confirm, Reopen],
    ]
};

impl Step {
    /// Tells which helper says it; none where the requester does.
    pub const fn helper(self) -> Option<usize> {
        match self {
            Self::Offer(helper)
            | Self::CheckIn(helper)
            | Self::Done(helper)
            | Self::Reply(helper) => Some(helper),
            Self::Agree => Some(0),
            _ => None,
        }
    }

    /// Returns what is said, in the form in which the program drafts it. `named` returns the last
    /// fact of a list, or a helper's offer.
    pub fn said(self, named: impl Fn(&str, usize) -> String) -> (&'static str, Value) {
        let offer = |helper| json!({ "offer": named("offers", helper) });
        match self {
            Self::Offer(_) => ("offers", json!({"body": "我来，下午有空。"})),
            Self::Accept(helper) => ("acceptances", offer(helper)),
            Self::CheckIn(helper) => ("check_ins", offer(helper)),
            Self::Done(helper) => (
                "completions",
                json!({"offer": named("offers", helper), "minutes": 60}),
            ),
            Self::Confirm => ("confirmations", json!({"minutes": 60})),
            Self::Agree => ("assents", json!({ "to": named("completions", 0) })),
            Self::Miss(helper) => (
                "no_shows",
                json!({"offer": named("offers", helper), "statement": "等了一小时"}),
            ),
            Self::Reply(_) => (
                "replies",
                json!({"no_show": named("no_shows", 0), "answer": "电梯坏了"}),
            ),
            Self::Gone => ("handovers", offer(0)),
            Self::Cancel => ("cancellations", json!({})),
            Self::Reopen => ("reopenings", json!({"reason": "还没好"})),
        }
    }
}

/// Returns titles of requests that people made; none where the table is not there.
pub fn real_titles() -> Vec<String> {
    let folder = std::env::var_os("LINLI_DATA").map_or_else(|| DATA_DEFAULT.into(), PathBuf::from);
    let table = std::fs::read_to_string(folder.join(TABLE)).unwrap_or_default();
    // A row begins with its title; what else stands on a line of its own is the rest of a cell.
    let rows = table
        .lines()
        .skip(1)
        .filter(|line| line.contains("武汉") || line.contains("医院"));
    let titles = rows.filter_map(|line| line.split(',').next());
    titles
        .map(|title| title.trim_matches('"').to_owned())
        .filter(|title| !title.is_empty())
        .collect()
}
