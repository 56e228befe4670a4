//! The table, drafts, policy and states, with one kind more than the standard ones.

use serde_json::json;

use crate::statement::{MemberKind, Role};

use super::desk::{Desk, NOW_MS, Person, fields_of};
use super::*;

mod acting_for;
mod course;
mod drafts;
mod hindsight;
mod hostile;
mod moderating;
mod policy;
mod states;
mod swap;
mod telling;
mod waits;

/// The record of a household without a device.
const WANG: EntryId = EntryId([93; 32]);

fn kinds() -> Kinds {
    Kinds::standard().with(&swap::SWAP)
}

fn steward() -> Person {
    let office = crate::id::MemberId([90; 32]);
    Person::household(9).with_role(Role::Steward { office }, 91)
}

#[test]
fn the_table_is_sound() {
    let kinds = kinds();
    let mut codes = std::collections::BTreeSet::new();
    let mut names = std::collections::BTreeSet::new();
    for kind in kinds.iter() {
        assert!(codes.insert(kind.code), "code {}", kind.code);
        assert!(
            names.insert(kind.name) && names.insert(kind.plural),
            "{}",
            kind.name
        );
        let fields = kind.fields.iter().map(|field| field.name);
        let lists = kind.lists.iter().map(|list| list.name);
        let reserved = [FACTS_KEY, "original"];
        let mut keys: Vec<&str> = fields.chain(lists).chain(reserved).collect();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{keys:?}");
        for field in kind.fields {
            let list = field.corrected_by.map(|list| kind.list(list));
            assert!(
                list.is_none_or(|list| {
                    list.is_some_and(|list| list.field(field.name).is_some())
                })
            );
            assert!(field.setters == Who::Nobody || field.corrected_by.is_none());
        }
        for field in kind.lists.iter().flat_map(|list| list.fields) {
            assert!(
                field.shape != Shape::Markdown
                    && ![
                        ITEM_KEY,
                        "id",
                        "by",
                        "time_ms",
                        "state",
                        "agreed_minutes",
                        "sight"
                    ]
                    .contains(&field.name)
            );
            assert!(matches!(field.setters, Who::Nobody | Who::Creator));
            assert!(field.fill.is_none() && field.corrected_by.is_none());
        }
        for (from, to) in kind.turns {
            assert_ne!(from, to);
        }
    }
    assert_eq!(kinds.by_name("requests").map(|kind| kind.code), Some(2));
    assert_eq!(kinds.by_name("swap").map(|kind| kind.code), Some(900));
    assert_eq!(kinds.name(77), "unknown-77");
    assert_eq!(Kinds::standard().name(900), "unknown-900");
}

#[test]
fn a_new_kind_is_one_file_and_one_line() {
    let kinds = kinds();
    let (lin, chen) = (Person::household(1), Person::household(2));
    let mut desk = Desk::create(
        &kinds,
        "swap",
        &lin,
        json!({"give": "雨伞", "take": "A ladder"}),
    )
    .expect("a swap can be created");
    assert_eq!(desk.state(), Some("standing"));
    desk.edit(&chen, NOW_MS, json!({"takers": {"note": "我要"}}))
        .expect("others take it");
    assert_eq!(desk.judged, Ok(()));
    assert_eq!(desk.state(), Some("taken"));
    let note = json!({"takers": {"id": desk.fact("takers", 0), "note": "周六来拿"}});
    desk.edit(&chen, NOW_MS, note)
        .expect("an own fact can be changed");
    assert_eq!(desk.project().view.fields["takers"][0]["note"], "周六来拿");
    let view = desk.project().view;
    assert_eq!(view.kind, "swap");
    assert_eq!(view.fields["give"], "雨伞");
}

#[test]
fn names_of_facts_survive_printing_and_parsing() {
    let id = ItemId(crate::document::AtomId {
        entry: EntryId([7; 32]),
        atom: 4_000_000_000,
    });
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(ItemId::from_bytes(&id.to_bytes()), Some(id));
    for text in [
        "",
        "07.1",
        &format!("{}.+1", id.0.entry),
        &format!("{}.01", id.0.entry),
    ] {
        assert!(text.parse::<ItemId>().is_err(), "{text}");
    }
    assert_eq!(ItemId::from_bytes(&[0; 35]), None);
    assert_eq!(ItemId::from_bytes(&[0; 37]), None);
}
