//! Correcting what is never edited, and issuing it anew before it expires.

use std::collections::BTreeMap;

use protocol::api::DocumentView;
use protocol::kind::{Field, Kinds, List as FactList};
use serde_json::{Map, Value};

use super::{Composer, kind_name};

impl Composer {
    /// Begins a new document that says what another one says, for as long as is usual.
    pub(crate) fn again(view: &DocumentView) -> Self {
        let mut composer = Self::create(kind_name(&view.kind));
        composer.stands.clone_from(&view.fields);
        composer.stands.remove("expires_ms");
        composer
    }
}

/// Adds what is asked beside the fields that a correction gives anew: whether it is material.
pub(super) fn with_correction(kind: &str, mut fields: Vec<&'static Field>) -> Vec<&'static Field> {
    for list in lists(kind, &fields) {
        fields.extend(only_of_corrections(kind, list));
    }
    fields
}

/// Puts the values of a correction together, as one fact. Values that go with it alone correct
/// nothing: they are left out.
pub(super) fn as_facts(
    kind: &str,
    fields: &[&'static Field],
    mut values: BTreeMap<String, Value>,
) -> BTreeMap<String, Value> {
    for list in lists(kind, fields) {
        let beside: Map<String, Value> = only_of_corrections(kind, list)
            .filter_map(|field| values.remove_entry(field.name))
            .collect();
        let corrected = fields.iter();
        let corrected = corrected.filter(|field| field.corrected_by == Some(list.name));
        let corrected: Map<String, Value> = corrected
            .filter_map(|field| values.get_key_value(field.name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if beside.is_empty() || corrected.is_empty() {
            continue;
        }
        values.retain(|name, _| !corrected.contains_key(name));
        let fact = corrected.into_iter().chain(beside).collect();
        values.insert(list.name.to_owned(), Value::Object(fact));
    }
    values
}

/// The lists that correct some of these fields.
fn lists(kind: &str, fields: &[&'static Field]) -> Vec<&'static FactList> {
    let kind = Kinds::standard().by_name(kind);
    let lists = kind.map_or(&[][..], |kind| kind.lists).iter();
    let corrects = |list: &&FactList| {
        let mut fields = fields.iter();
        fields.any(|field| field.corrected_by == Some(list.name))
    };
    lists.filter(corrects).collect()
}

/// What a correction says beside the fields that it gives anew.
fn only_of_corrections(
    kind: &str,
    list: &'static FactList,
) -> impl Iterator<Item = &'static Field> {
    let kind = Kinds::standard().by_name(kind);
    list.fields
        .iter()
        .filter(move |field| kind.is_some_and(|kind| kind.field(field.name).is_none()))
}
