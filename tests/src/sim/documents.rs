//! What honest people do to documents, through the program's own drafting: post, correct, offer,
//! accept, comment, write on a plan's text.

use std::collections::BTreeMap;

use protocol::api;
use protocol::document::Value as Held;
use protocol::id::{DocumentId, EntryId};
use protocol::kind::{self, Acting, Editor, Kinds};
use protocol::replica::{Body, ReadDocument};
use protocol::roster::Standing;
use protocol::statement::Role;
use protocol::storage::Storage;
use serde_json::{Value, json};

use super::host::HostId;
use super::records::{Posted, Told};
use super::world::World;

const WORDS: [&str; 8] = [
    "停水", "梯子", "ladder", "雨伞", "中秋", "soup", "快递", "🏮",
];
const KINDS: [&str; 5] = ["notice", "request", "plan", "comment", "detail"];
/// What is written besides where people moderate: mostly what takes out of view.
/// What is posted where people help each other.
const HELPING: [&str; 6] = [
    "notice",
    "request",
    "request",
    "request",
    "standing-offer",
    "comment",
];
const GOVERNING: [&str; 4] = ["agreement", "moderation", "moderation", "moderation"];

/// Values by field name.
pub type Fields = BTreeMap<String, Value>;

impl World {
    /// Has a host post or change something.
    pub fn act_on_documents(&mut self, host: HostId) {
        // Where people help, they say more about what was posted.
        let posts = if self.options.helps { 120 } else { 280 };
        if self.records.documents.is_empty() || self.random.chance(posts) {
            self.post(host);
        } else {
            self.change(host);
        }
    }

    fn words(&mut self) -> String {
        let count = 1 + self.random.index(3);
        (0..count)
            .map(|_| WORDS[self.random.index(WORDS.len())])
            .collect()
    }

    fn post(&mut self, host: HostId) {
        let one = &self.hosts[host];
        let (Some(member), Some(replica)) = (one.member(), one.replica.as_ref()) else {
            return;
        };
        let standing = replica.roster().standing_now(&member);
        let is_first = self.records.documents.is_empty();
        let governs = self.options.moderates && !is_first && self.random.chance(300);
        let name = match governs {
            true => GOVERNING[self.random.index(GOVERNING.len())],
            false if self.options.helps && !is_first && self.random.chance(700) => {
                HELPING[self.random.index(HELPING.len())]
            }
            false => KINDS[self.random.index(if is_first { 3 } else { KINDS.len() })],
        };
        let standing = self.claimed(host, standing);
        let mut told = None;
        let fields = match name {
            "detail" => match self.held_document(host) {
                Some(about) => self.told_fields(host, about).map(|(fields, what)| {
                    told = Some(what);
                    fields
                }),
                None => None,
            },
            _ => self.new_fields(host, name),
        };
        let Some(mut fields) = fields else {
            return;
        };
        let mut standing = standing;
        if let (Some(standing), "request" | "comment") = (&mut standing, name) {
            self.say_for_whom(host, standing, &mut fields);
        }
        let editor = Editor {
            member,
            standing: standing.as_ref(),
            time_ms: self.clock(host),
            creates: true,
        };
        let draft = api::Draft {
            kind: name.to_owned(),
            fields,
        };
        let Ok(drafted) = kind::create(&Kinds::standard(), &draft, &editor) else {
            return;
        };
        let body = Body::Creation {
            kind: drafted.kind,
            intents: drafted.finished.intents,
        };
        if let Some(id) = self.write(host, &body) {
            self.records.told.extend(told.map(|told| Told {
                document: id.into(),
                ..told
            }));
            self.records.documents.push(Posted {
                document: id.into(),
                kind: drafted.kind,
                by: host,
            });
        }
    }

    fn new_fields(&mut self, host: HostId, name: &str) -> Option<Fields> {
        let title = self.words();
        let mut fields = Fields::new();
        match name {
            "comment" => {
                let about = self.held_document(host)?;
                fields.insert("about".to_owned(), json!(about.to_string()));
                fields.insert("body".to_owned(), json!(title));
            }
            "agreement" => {
                let version = 1 + self.random.below(3);
                fields.insert("title".to_owned(), json!(title));
                fields.insert("version".to_owned(), json!(version));
                fields.insert("clauses".to_owned(), json!("one\ntwo\nthree"));
            }
            "moderation" => self.moderating_fields(host, &mut fields)?,
            "plan" => {
                fields.insert("title".to_owned(), json!(title));
                fields.insert("text".to_owned(), json!(self.words()));
            }
            "request" => {
                fields.insert("title".to_owned(), json!(title));
                if self.random.chance(200) {
                    fields.insert("urgent".to_owned(), json!(true));
                    fields.insert("reason".to_owned(), json!("now"));
                }
                if self.options.helps && self.random.chance(400) {
                    fields.insert("category".to_owned(), json!("goods"));
                    fields.insert("places".to_owned(), json!(1 + self.random.below(3)));
                }
            }
            _ => {
                fields.insert("title".to_owned(), json!(title));
                if self.random.chance(200) {
                    fields.insert("level".to_owned(), json!("urgent"));
                }
            }
        }
        Some(fields)
    }

    /// What a host takes itself for: where people moderate, hostile ones claim roles of others.
    fn claimed(&mut self, host: HostId, standing: Option<Standing>) -> Option<Standing> {
        if !self.options.moderates || self.hosts[host].is_honest() || self.random.chance(500) {
            return standing;
        }
        let office = self.hosts[host].member()?;
        let given = self.random.pick(&self.records.appointments);
        let appointment = given.map_or(EntryId([7; 32]), |given| given.id);
        let mut standing = standing?;
        standing
            .roles
            .insert(0, (Role::Steward { office }, appointment));
        Some(standing)
    }

    /// Thinks of something to take out of view; hostile hosts name whom they like.
    fn moderating_fields(&mut self, host: HostId, fields: &mut Fields) -> Option<()> {
        let about = self.held_document(host)?;
        let posted = self.records.documents.iter();
        let mut posted = posted.filter(|posted| posted.document == about);
        let mut author = posted.next()?.by;
        if !self.hosts[host].is_honest() && self.random.chance(300) {
            author = self.random.index(self.hosts.len());
        }
        let member = self.hosts[author].member()?;
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("member", json!(member));
        put("rule", json!(3));
        put("reason", json!("rude"));
        if self.random.chance(700) {
            put("act", json!("hide"));
            put("about", json!(about));
            return Some(());
        }
        let mut spared = BTreeMap::new();
        for log in self.hosts[host].replica.as_ref()?.logs().iter() {
            if log.member == Some(member) {
                let seq: &mut u64 = spared.entry(log.device).or_default();
                *seq = log.head_seq.max(*seq);
            }
        }
        let bytes = kind::places_bytes(&spared);
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        put("act", json!("mute"));
        put("spared", json!(digits));
        Some(())
    }

    fn said_of_an_act(&mut self, capacity: Option<EntryId>) -> Fields {
        let outcome = match self.random.chance(500) {
            true => "lifted",
            false => "upheld",
        };
        let (list, fact) = match self.random.below(8) {
            0..3 => ("appeals", json!({"body": "no"})),
            3..7 => (
                "decisions",
                json!({"outcome": outcome, "reason": "seen", "capacity": capacity}),
            ),
            _ => (
                "restorations",
                json!({"reason": "oh", "capacity": capacity}),
            ),
        };
        Fields::from([(list.to_owned(), fact)])
    }

    fn change(&mut self, host: HostId) {
        let own = self.own_request(host);
        let Some(document) = own.or_else(|| self.held_document(host)) else {
            return;
        };
        let one = &mut self.hosts[host];
        let (Some(member), Some(replica)) = (one.member(), one.replica.as_mut()) else {
            return;
        };
        let standing = replica.roster().standing_now(&member);
        let read = replica
            .read_document(&one.memory, document)
            .expect("memory can be read");
        let Some(read) = read.filter(|read| read.counts) else {
            return;
        };
        let standing = self.claimed(host, standing);
        let editor = Editor {
            member,
            standing: standing.as_ref(),
            time_ms: 0,
            creates: false,
        };
        let capacity = Acting::Moderator.of(&editor);
        let fields = match Kinds::standard().name(read.kind).as_ref() {
            "detail" => self.shared_fields(host, document).unwrap_or_default(),
            "agreement" => Fields::from([("signings".to_owned(), json!({}))]),
            "moderation" => self.said_of_an_act(capacity),
            _ => {
                let helps = self.options.helps && self.random.chance(850);
                let said = match helps {
                    true => self.said_to_help(&read, member),
                    false => None,
                };
                said.unwrap_or_else(|| self.edited_fields(&read))
            }
        };
        let (mut fields, mut standing) = (fields, standing);
        if fields.contains_key("acknowledgements")
            && let Some(standing) = &mut standing
        {
            self.say_for_whom(host, standing, &mut fields);
        }
        let previous = self.previous_entry(host, document);
        let editor = Editor {
            member,
            standing: standing.as_ref(),
            time_ms: self.clock(host),
            creates: false,
        };
        let owner = |entry: EntryId| read.authors.get(&entry).and_then(|author| author.member);
        let drafted = kind::edit(
            &Kinds::standard(),
            read.kind,
            &read.document,
            &fields,
            &editor,
            owner,
            previous,
        );
        if let Ok(Some(drafted)) = drafted {
            let body = Body::Change {
                document,
                deps: drafted.finished.deps,
                intents: drafted.finished.intents,
            };
            self.write(host, &body);
        }
    }

    /// Thinks of an edit; whoever may not make it is told so by the draft.
    fn edited_fields(&mut self, read: &ReadDocument) -> Fields {
        let words = self.words();
        let (key, value) = match (read.kind, self.random.below(8)) {
            (1, 0..3) => ("title", json!(words)),
            (1, 3) => ("withdrawals", json!({"reason": words})),
            (1, _) => ("acknowledgements", json!({"way": "paper"})),
            (2, 0) => ("title", json!(words)),
            (2, 1) => ("places", json!(2)),
            (2, 2..5) => ("offers", json!({"body": words})),
            (2, step) => {
                let list = match step {
                    5 => "acceptances",
                    6 => "completions",
                    _ => "withdrawals",
                };
                match self.some_fact(read) {
                    Some(offer) => (list, json!({"offer": offer})),
                    None => ("offers", json!({"body": words})),
                }
            }
            (3, 0) => ("title", json!(words)),
            (3, 1) => ("steps", json!({"to": "planning"})),
            (3, _) => ("text", json!(self.edited_text(read, &words))),
            _ => ("body", json!(words)),
        };
        Fields::from([(key.to_owned(), value)])
    }

    fn some_fact(&mut self, read: &ReadDocument) -> Option<String> {
        let value = read.document.value();
        let Some(Held::List(facts)) = value.shown("facts") else {
            return None;
        };
        let fact = self.random.pick(&facts.elements)?;
        Some(format!("{}.{}", fact.id.entry, fact.id.atom))
    }

    fn edited_text(&mut self, read: &ReadDocument, words: &str) -> String {
        let value = read.document.value();
        let Some(Held::Text(held)) = value.shown("text") else {
            return words.to_owned();
        };
        let mut characters: Vec<char> = held.text.chars().collect();
        let at = self.random.index(characters.len() + 1);
        let removed = self.random.index(4).min(characters.len() - at);
        characters.splice(at..at + removed, words.chars());
        characters.truncate(200);
        characters.into_iter().collect()
    }

    fn held_document(&mut self, host: HostId) -> Option<DocumentId> {
        let memory = &self.hosts[host].memory;
        // People answer what is new more often than what is old, and where they help, what is under way.
        let newest_max = if self.options.helps { 8 } else { 40 };
        let newest = self.records.documents.iter().rev().take(newest_max);
        let held: Vec<DocumentId> = newest
            .map(|posted| posted.document)
            .filter(|document| memory.holds(&(*document).into()))
            .collect();
        let index = self
            .random
            .index(held.len())
            .min(self.random.index(held.len()));
        held.get(index).copied()
    }

    /// Returns the newest entry of the host's own log in a document.
    pub fn previous_entry(&self, host: HostId, document: DocumentId) -> Option<EntryId> {
        let one = &self.hosts[host];
        let device = one.device_id();
        let mut last: Option<(u64, EntryId)> = None;
        one.memory
            .each_document_entry(document, &mut |stored| {
                let header = &stored.entry.header;
                if header.device == device {
                    last = last.max(Some((header.seq, stored.entry.id)));
                }
            })
            .expect("memory can be read");
        last.map(|(_, id)| id)
    }
}
