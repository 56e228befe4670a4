//! Comments: documents of their own that name what they are about, so that a comment needs nothing
//! of the document it is about, which may be missing, erased or excluded.

use crate::limits::BODY_CHARS_MAX;

use super::{
    FOR_HOUSEHOLD, Field, Kind, Shape, Who, no_hiding, no_readers, no_rule, no_state, no_waits,
};

pub(super) static COMMENT: Kind = Kind {
    code: 4,
    name: "comment",
    plural: "comments",
    aside: false,
    hideable: true,
    creators: Who::Everyone,
    fields: &[
        Field::new("about", Shape::Document).required(),
        Field::paragraphs("body", BODY_CHARS_MAX)
            .required()
            .set_by(Who::Creator),
        Field::new("reply_to", Shape::Document),
        FOR_HOUSEHOLD,
    ],
    lists: &[],
    rule: no_rule,
    state: no_state,
    waits: no_waits,
    readers: no_readers,
    hides: no_hiding,
    states: &[],
    turns: &[],
    course: None,
};
