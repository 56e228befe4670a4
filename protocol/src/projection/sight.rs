//! Sight: facts that only some are shown, such as what is said about a missed appointment.
//!
//! A projection is stored once for every reader, so it carries who is meant; what others read has
//! neither the fact nor that. The document itself hides nothing: whoever holds it can read it.

use serde_json::{Map, Value};

use crate::api::DocumentView;
use crate::id::MemberId;
use crate::kind::{Reader, Sight};

use super::json;

/// The key under which a stored fact says who is shown it.
pub const KEY: &str = "sight";
const MEMBERS: &str = "members";
const STEWARDS: &str = "stewards";
const SINCE: &str = "since_ms";
const LAPSES: &str = "lapses_ms";

/// Writes who is shown a fact.
pub fn written(sight: &Sight) -> Value {
    let members = sight.members.iter();
    let members: Vec<Value> = members.map(|member| json::hex(&member.0).into()).collect();
    let mut fields = Map::new();
    fields.insert(MEMBERS.to_owned(), members.into());
    fields.insert(STEWARDS.to_owned(), sight.stewards.into());
    fields.insert(SINCE.to_owned(), sight.since_ms.into());
    fields.insert(LAPSES.to_owned(), sight.lapses_ms.into());
    fields.into()
}

fn read(written: &Value) -> Sight {
    let members = written.get(MEMBERS).and_then(Value::as_array);
    let members = members.into_iter().flatten().filter_map(Value::as_str);
    Sight {
        members: members
            .filter_map(|member| member.parse::<MemberId>().ok())
            .collect(),
        stewards: written.get(STEWARDS) == Some(&Value::Bool(true)),
        since_ms: written.get(SINCE).and_then(Value::as_i64),
        lapses_ms: written.get(LAPSES).and_then(Value::as_i64),
    }
}

/// Takes out of a view what its reader is not shown.
pub fn withhold(view: &mut DocumentView, reader: Reader, now_ms: i64) {
    let mut withheld = Vec::new();
    for facts in view.fields.values_mut().filter_map(Value::as_array_mut) {
        facts.retain_mut(|fact| {
            let Some(fields) = fact.as_object_mut() else {
                return true;
            };
            let Some(sight) = fields.remove(KEY) else {
                return true;
            };
            let shown = read(&sight).includes(reader, now_ms);
            if !shown {
                withheld.extend(
                    fields
                        .get(json::ID)
                        .and_then(Value::as_str)
                        .map(str::to_owned),
                );
            }
            shown
        });
    }
    view.fields
        .retain(|_, value| value.as_array().is_none_or(|facts| !facts.is_empty()));
    // A field of a fact that is not shown is not shown as contested either.
    view.conflicts
        .retain(|name, _| !withheld.iter().any(|id| name.contains(id.as_str())));
}
