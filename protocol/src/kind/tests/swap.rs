//! A kind that only tests know: things to swap.

use crate::kind::{Facts, Field, Kind, List, State, Who, no_hiding, no_readers, no_rule, no_waits};

pub(super) static SWAP: Kind = Kind {
    code: 900,
    name: "swap",
    plural: "swaps",
    aside: false,
    hideable: true,
    creators: Who::Everyone,
    fields: &[
        Field::line("give", 20).required(),
        Field::line("take", 20).set_by(Who::Creator),
    ],
    lists: &[List {
        name: "takers",
        item: "taker",
        appenders: Who::Everyone,
        fields: &[Field::paragraphs("note", 50).set_by(Who::Creator)],
    }],
    rule: no_rule,
    state,
    waits: no_waits,
    readers: no_readers,
    hides: no_hiding,
    states: &["standing", "taken"],
    turns: &[],
    course: None,
};

fn state(facts: &Facts<'_>) -> Option<State> {
    Some(State::lasting(match facts.list("takers").next() {
        Some(_) => "taken",
        None => "standing",
    }))
}
