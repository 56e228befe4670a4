//! Details: what only some households may read about a document, such as the contact of a request.
//!
//! They stand outside the document that they are about, so that they can be erased by themselves
//! (rules R17 and R18). What is sealed, and to whom, is [`crate::sealing`]'s business; here it is
//! bytes.

use crate::limits::{SEALED_BYTES_MAX, SHARES_BYTES_MAX};

use super::{Field, Kind, List, Shape, Who, no_hiding, no_readers, no_rule, no_state, no_waits};

/// The field, and the field of a fact, that holds shares of the content's key.
pub const SHARES: &str = "shares";
/// The field that holds the sealed content.
pub const SEALED: &str = "sealed";

const SHARES_FIELD: Field = Field::new(
    SHARES,
    Shape::Sealed {
        bytes_max: SHARES_BYTES_MAX,
    },
);

pub(super) static DETAIL: Kind = Kind {
    code: 5,
    name: "detail",
    plural: "details",
    aside: true,
    hideable: false,
    creators: Who::Everyone,
    fields: &[
        Field::new("about", Shape::Document).required(),
        Field::new(
            SEALED,
            Shape::Sealed {
                bytes_max: SEALED_BYTES_MAX,
            },
        )
        .required(),
        SHARES_FIELD.required(),
    ],
    // Whoever can read may let others read.
    lists: &[List {
        name: "sharings",
        item: "sharing",
        appenders: Who::Everyone,
        fields: &[SHARES_FIELD.required()],
    }],
    rule: no_rule,
    state: no_state,
    waits: no_waits,
    readers: no_readers,
    hides: no_hiding,
    states: &[],
    turns: &[],
    course: None,
};
