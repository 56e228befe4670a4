//! What people say about requests, notices and standing offers, each fact on top of what they see;
//! and what hostile hosts say as if they were somebody else.
//!
//! The drafts are the program's own. Facts in vain are said too, for a neighbour may not have heard
//! what made them so: what they come to is the oracle's to judge.

use std::collections::BTreeSet;

use protocol::id::{DocumentId, MemberId};
use protocol::kind::{self, Editor, Facts, Item, Kinds};
use protocol::replica::ReadDocument;
use serde_json::{Value, json};

use super::documents::Fields;
use super::fault::Fault;
use super::forge::Forgery;
use super::host::HostId;
use super::world::World;

const NOTICE: u16 = 1;
const REQUEST: u16 = 2;
const STANDING_OFFER: u16 = 8;

/// What the requester says, and what the others do: more often what leads on than what ends.
const BY_REQUESTER: [&str; 20] = [
    "acceptances",
    "acceptances",
    "acceptances",
    "acceptances",
    "completions",
    "completions",
    "confirmations",
    "confirmations",
    "confirmations",
    "thanks",
    "thanks",
    "assents",
    "withdrawals",
    "no_shows",
    "replies",
    "handovers",
    "renewals",
    "cancellations",
    "reopenings",
    "merges",
];
const BY_OTHERS: [&str; 12] = [
    "offers",
    "offers",
    "offers",
    "check_ins",
    "check_ins",
    "completions",
    "completions",
    "assents",
    "assents",
    "withdrawals",
    "no_shows",
    "replies",
];

/// How often somebody thinks of something that can be said.
const TRIES: usize = 4;
/// The newest own requests that somebody looks after.
const OWN_MAX: usize = 4;

impl World {
    /// Thinks of something that a member says about a request, notice or standing offer; nothing
    /// about other documents.
    pub fn said_to_help(&mut self, read: &ReadDocument, member: MemberId) -> Option<Fields> {
        let kind = Kinds::standard().by_code(read.kind)?;
        let value = read.document.value();
        let facts = read.facts(kind, &value);
        let is_creator = facts.creator == member;
        let (list, fact) = match read.kind {
            REQUEST => {
                let lists: &[&str] = if is_creator {
                    &BY_REQUESTER
                } else {
                    &BY_OTHERS
                };
                (0..TRIES).find_map(|_| {
                    let list = lists[self.random.index(lists.len())];
                    Some((list, self.said_of_help(list, &facts, member)?))
                })?
            }
            NOTICE if is_creator => match self.random.below(4) {
                0 => ("withdrawals", json!({"reason": "over"})),
                _ => {
                    let material = self.random.chance(500);
                    (
                        "corrections",
                        json!({"body": "later", "material": material}),
                    )
                }
            },
            NOTICE => ("acknowledgements", self.acknowledgement()),
            STANDING_OFFER if self.random.chance(600) => ("renewals", json!({})),
            STANDING_OFFER => ("withdrawals", json!({"reason": "busy"})),
            _ => return None,
        };
        Some(Fields::from([(list.to_owned(), fact)]))
    }

    /// Who asks for help looks after what was asked.
    pub fn own_request(&mut self, host: HostId) -> Option<DocumentId> {
        if !self.options.helps || self.random.chance(600) {
            return None;
        }
        let posted = self.records.documents.iter().rev();
        let own = posted.filter(|posted| posted.by == host && posted.kind == REQUEST);
        let own: Vec<DocumentId> = own.take(OWN_MAX).map(|posted| posted.document).collect();
        let chosen = *self.random.pick(&own)?;
        // A disk that was set back may have lost it.
        self.hosts[host].memory.find(&chosen.into()).map(|_| chosen)
    }

    fn acknowledgement(&mut self) -> Value {
        let way = *self.random.pick(&["self", "paper", "proxy"]).expect("ways");
        match self.random.chance(300) {
            true => {
                let host = self.random.index(self.hosts.len());
                json!({"way": way, "household": self.hosts[host].member()})
            }
            false => json!({ "way": way }),
        }
    }

    /// One fact about a request, naming another where it needs one.
    fn said_of_help(&mut self, list: &str, facts: &Facts<'_>, member: MemberId) -> Option<Value> {
        let minutes = 15 * (1 + self.random.below(3));
        let mut of = |lists: &[&str]| {
            let items = facts.items().iter();
            let named: Vec<&Item<'_>> = items
                .filter(|item| lists.contains(&item.list.name))
                .collect();
            // Most speak of their own offer, and answer what others said.
            let speaks_of_own = lists == ["offers"] && member != facts.creator;
            let likely: Vec<&Item<'_>> = named
                .iter()
                .filter(|item| (item.by == member) == speaks_of_own)
                .copied()
                .collect();
            let meant = match likely.is_empty() || self.random.chance(350) {
                true => &named,
                false => &likely,
            };
            self.random.pick(meant).map(|item| item.id.to_string())
        };
        Some(match list {
            "offers" => json!({"body": "me"}),
            "acceptances" | "check_ins" | "handovers" | "withdrawals" => {
                json!({"offer": of(&["offers"])?})
            }
            "completions" => json!({"offer": of(&["offers"])?, "minutes": minutes}),
            "confirmations" => json!({ "minutes": minutes }),
            "thanks" => json!({"offer": of(&["offers"])?, "words": "谢谢", "public": minutes > 15}),
            "assents" => json!({"to": of(&["completions", "confirmations", "thanks"])?}),
            "no_shows" => json!({"offer": of(&["offers"])?, "statement": "nobody came"}),
            "replies" => json!({"no_show": of(&["no_shows"])?, "answer": "the lift"}),
            "merges" => {
                let posted = self.random.pick(&self.records.documents)?;
                json!({ "into": posted.document })
            }
            _ => json!({}),
        })
    }

    /// Signs as its own what only another could say: accepts another's request, confirms as another.
    pub fn speak_as_another(&mut self, host: HostId) {
        let Some((read, victim)) = self.document_and_victim(host) else {
            return;
        };
        let document = read.document.id();
        let Some(fields) = self.said_to_help(&read, victim) else {
            return;
        };
        let one = &self.hosts[host];
        let Some(replica) = one.replica.as_ref() else {
            return;
        };
        let standing = replica.roster().standing_now(&victim);
        let editor = Editor {
            member: victim,
            standing: standing.as_ref(),
            time_ms: self.clock(host),
            creates: false,
        };
        let owner = |entry| read.authors.get(&entry).and_then(|author| author.member);
        let previous = self.previous_entry(host, document);
        let kinds = Kinds::standard();
        let drafted = kind::edit(
            &kinds,
            read.kind,
            &read.document,
            &fields,
            &editor,
            owner,
            previous,
        );
        if let Ok(Some(drafted)) = drafted {
            let finished = drafted.finished;
            let now_ms = self.clock(host);
            let forgery = Forgery::change(document, finished.deps, &finished.intents, now_ms);
            self.faults.count(Fault::WithoutRight);
            self.plant_at_end(host, &[forgery]);
        }
    }

    /// Some document about help as the host reads it, and somebody else who has a part in it.
    fn document_and_victim(&mut self, host: HostId) -> Option<(ReadDocument, MemberId)> {
        let about_help: Vec<DocumentId> = self
            .records
            .documents
            .iter()
            .filter(|posted| matches!(posted.kind, NOTICE | REQUEST | STANDING_OFFER))
            .map(|posted| posted.document)
            .collect();
        let document = *self.random.pick(&about_help)?;
        let one = &mut self.hosts[host];
        let me = one.member()?;
        let read = one.replica.as_mut()?.read_document(&one.memory, document);
        let read = read
            .expect("memory can be read")
            .filter(|read| read.counts)?;
        let authors = read.authors.values().filter_map(|author| author.member);
        let victims: BTreeSet<MemberId> = authors.filter(|author| *author != me).collect();
        let victims: Vec<MemberId> = victims.into_iter().collect();
        let victim = *self.random.pick(&victims)?;
        Some((read, victim))
    }
}
