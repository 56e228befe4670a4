//! What acts of moderation take out of view, worked out anew from the documents of the model.

use std::collections::{BTreeMap, BTreeSet};

use protocol::entry::Subject;
use protocol::id::{DeviceId, DocumentId, MemberId};
use protocol::intent::Scalar;

use super::compare::Model;
use super::document::{Name, Status, Value};
use super::past::Past;

/// Kinds of documents that moderation leaves alone: details, agreements and its own acts.
const KEPT: [u16; 3] = [5, 6, 7];
const MODERATION: u16 = 7;

/// An act that stands.
struct Act {
    about: Option<DocumentId>,
    member: MemberId,
    spared: BTreeMap<DeviceId, u64>,
}

/// The cells of a map.
type Cells = BTreeMap<String, Vec<(Name, Value)>>;

/// Returns the documents that are out of view.
pub fn hidden(model: &Model<'_>) -> BTreeSet<DocumentId> {
    let mut acts = Vec::new();
    let mut shown = Vec::new();
    for (id, document) in &model.documents {
        let Some(number) = model.history.find(&(*id).into()) else {
            continue;
        };
        let header = &model.history.facts[number].header;
        let Subject::Creation { kind } = header.subject else {
            continue;
        };
        let counts = document.statuses.get(&(*id).into());
        if !matches!(counts, Some(Status::Counts | Status::Unreadable)) {
            continue;
        }
        if kind == MODERATION {
            acts.extend(standing_act(model, *id, &document.value));
        }
        if let Some(member) = header.member.filter(|_| !KEPT.contains(&kind)) {
            shown.push((*id, member, header.device, header.seq));
        }
    }
    let covers = |act: &Act, id: DocumentId, device: DeviceId, seq: u64| match act.about {
        Some(about) => about == id,
        None => act.spared.get(&device).copied().unwrap_or(0) < seq,
    };
    let out = shown.into_iter().filter(|(id, member, device, seq)| {
        acts.iter()
            .any(|act| act.member == *member && covers(act, *id, *device, *seq))
    });
    out.map(|(id, ..)| id).collect()
}

fn standing_act(model: &Model<'_>, id: DocumentId, value: &Value) -> Option<Act> {
    let Value::Map(cells) = value else {
        return None;
    };
    let member = MemberId(bytes(cells, "member")?.try_into().ok()?);
    let mutes = text(cells, "act")? == "mute";
    if !still_stands(model, id, cells, member) {
        return None;
    }
    let about = match mutes {
        true => None,
        false => Some(DocumentId(bytes(cells, "about")?.try_into().ok()?)),
    };
    let mut spared = BTreeMap::new();
    for place in bytes(cells, "spared").unwrap_or_default().chunks_exact(40) {
        let (device, seq) = place.split_at(32);
        spared.insert(
            DeviceId(device.try_into().ok()?),
            u64::from_be_bytes(seq.try_into().ok()?),
        );
    }
    Some(Act {
        about,
        member,
        spared,
    })
}

/// Goes through what was said about an act, in the order of what could have been seen.
fn still_stands(model: &Model<'_>, id: DocumentId, cells: &Cells, subject: MemberId) -> bool {
    let Some(Value::List(facts)) = shown(cells, "facts") else {
        return true;
    };
    let (mut appealed, mut upheld) = (false, false);
    let past = Past::of(model, id);
    let said = facts.iter().filter_map(|(element, alternatives)| {
        let (name, Value::Map(fact)) = alternatives.first()? else {
            return None;
        };
        Some((past.place(*element), name, fact))
    });
    let mut said: Vec<_> = said.collect();
    said.sort_by_key(|(place, ..)| *place);
    for (_, name, fact) in said {
        let number = model.history.find(&name.0);
        let by = number.and_then(|number| model.history.facts[number].header.member);
        let own = by == Some(subject);
        match (text(fact, "is"), own) {
            (Some("appeal"), true) => appealed = true,
            (Some("restoration"), false) if !upheld => return false,
            (Some("decision"), false) if appealed => match text(fact, "outcome") {
                Some("lifted") => return false,
                Some("upheld") => upheld = true,
                _ => {}
            },
            _ => {}
        }
    }
    true
}

fn shown<'a>(cells: &'a Cells, key: &str) -> Option<&'a Value> {
    cells.get(key)?.first().map(|(_, value)| value)
}

fn text<'a>(cells: &'a Cells, key: &str) -> Option<&'a str> {
    match shown(cells, key)? {
        Value::Scalar(Scalar::Text(text)) => Some(text),
        _ => None,
    }
}

fn bytes<'a>(cells: &'a Cells, key: &str) -> Option<&'a [u8]> {
    match shown(cells, key)? {
        Value::Scalar(Scalar::Bytes(bytes)) => Some(bytes),
        _ => None,
    }
}
