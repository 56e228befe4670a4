//! The votes of a real deliberation as entries: each voter's votes are changes of a ballot of its
//! own, a document of a kind that this version does not know, so that stores and wires carry it and
//! no projection is measured.

use std::collections::BTreeMap;
use std::path::PathBuf;

use protocol::id::{DocumentId, EntryId};
use protocol::intent::{Content, Intent, Intents, Scalar};
use protocol::replica::Body;

use super::BenchError;
use super::community::Community;

/// Code of the ballots' kind, far from those that are given out.
const BALLOT: u16 = 60_000;
/// The votes, in the folder that `LINLI_DATA` names.
const FILE: &str = "polis/vtaiwan-uberx/votes.csv";
const DATA_DEFAULT: &str = "../shared/data";

/// One vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// When it was given, in milliseconds since 1970.
    pub time_ms: i64,
    /// Who gave it, from 0, in the order of first votes.
    pub voter: usize,
    /// The statement that it is about.
    pub statement: u32,
    /// 1 agrees, −1 disagrees, 0 passes.
    pub vote: i64,
}

/// Reads the votes in the order in which they were given.
///
/// # Errors
///
/// [`BenchError::Skipped`] when the data are not there.
pub fn read() -> Result<Vec<Vote>, BenchError> {
    let folder = std::env::var_os("LINLI_DATA").map_or_else(|| DATA_DEFAULT.into(), PathBuf::from);
    let path = folder.join(FILE);
    let Ok(text) = std::fs::read_to_string(&path) else {
        let what = format!(
            "{} is not there; LINLI_DATA names its folder",
            path.display()
        );
        return Err(BenchError::Skipped(what));
    };
    let mut rows: Vec<(i64, u64, u32, i64)> = text.lines().skip(1).filter_map(row).collect();
    rows.sort_by_key(|(time_ms, ..)| *time_ms);
    let mut voters = BTreeMap::new();
    let votes = rows.into_iter().map(|(time_ms, name, statement, vote)| {
        let next = voters.len();
        Vote {
            time_ms,
            voter: *voters.entry(name).or_insert(next),
            statement,
            vote,
        }
    });
    Ok(votes.collect())
}

/// Reads `timestamp,datetime,comment-id,voter-id,vote`.
fn row(line: &str) -> Option<(i64, u64, u32, i64)> {
    let fields: Vec<&str> = line.trim().split(',').collect();
    let [time_ms, _, statement, voter, vote] = fields[..] else {
        return None;
    };
    Some((
        time_ms.parse().ok()?,
        voter.parse().ok()?,
        statement.parse().ok()?,
        vote.parse().ok()?,
    ))
}

/// Writes votes, each an entry of its voter's device.
pub fn write(community: &mut Community, votes: &[Vote]) {
    let mut ballots: BTreeMap<usize, (DocumentId, EntryId)> = BTreeMap::new();
    for vote in votes {
        let intents = Intents {
            references: Vec::new(),
            intents: vec![Intent::Put {
                object: None,
                key: vote.statement.to_string(),
                content: Content::Scalar(Scalar::Int(vote.vote)),
            }],
        };
        let ballot = ballots.get(&vote.voter).copied();
        let body = match ballot {
            None => Body::Creation {
                kind: BALLOT,
                intents,
            },
            Some((document, last)) => Body::Change {
                document,
                deps: vec![last],
                intents,
            },
        };
        let written = community.append(vote.voter, vote.time_ms, &body);
        let document = ballot.map_or(written, |(document, _)| document);
        ballots.insert(vote.voter, (document, written.into()));
    }
}
