//! Intents: the small form in which a change of a document crosses the network (rule R4).
//!
//! An intent names cells by (entry, atom) references and never carries predecessors, counters of
//! ops or actors: every replica derives those itself. Nothing here looks at a document.

use minicbor::{Decode, Encode};

use crate::id::EntryId;

/// A scalar value. Time in milliseconds since 1970 is an [`Scalar::Int`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Scalar {
    /// Nothing.
    #[n(0)]
    Null,
    /// Yes or no.
    #[n(1)]
    Bool(#[n(0)] bool),
    /// A whole number.
    #[n(2)]
    Int(#[n(0)] i64),
    /// Text that is replaced as a whole.
    #[n(3)]
    Text(#[n(0)] String),
    /// Bytes.
    #[n(4)]
    Bytes(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// A counter with its first value; only increments made after it count.
    #[n(5)]
    Counter(#[n(0)] i64),
}

/// The type of an object inside a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ObjectType {
    /// Keys to values.
    #[n(0)]
    Map,
    /// Values in order.
    #[n(1)]
    List,
    /// Collaborative text, one atom a Unicode scalar value.
    #[n(2)]
    Text,
}

/// What is put or inserted: a scalar or a new object.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Content {
    /// A scalar.
    #[n(0)]
    Scalar(#[n(0)] Scalar),
    /// A new, empty object.
    #[n(1)]
    Object(#[n(0)] ObjectType),
}

/// Which entry an atom reference means, as it stands in a payload.
///
/// 0 is the entry itself, 1 the entry that created the document, 2 + i the i-th of the header's
/// deps, and what follows the payload's own table of references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct EntryRef(#[n(0)] pub u32);

impl EntryRef {
    /// The entry that carries the intent.
    pub const SELF: Self = Self(0);
    /// The entry that created the document.
    pub const DOCUMENT: Self = Self(1);
}

/// One atom: an entry and the position of the atom in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct AtomRef {
    /// The entry, as a payload abbreviates it.
    #[n(0)]
    pub entry: EntryRef,
    /// Position of the atom in the entry, from 0.
    #[n(1)]
    pub atom: u32,
}

/// A change of one document. `object` is `None` for the document's root map.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Intent {
    /// Sets a key of a map. One atom.
    #[n(0)]
    Put {
        /// The map; `None` is the root.
        #[n(0)]
        object: Option<AtomRef>,
        /// The key.
        #[n(1)]
        key: String,
        /// The value.
        #[n(2)]
        content: Content,
    },
    /// Removes a key of a map. One atom.
    #[n(1)]
    Delete {
        /// The map; `None` is the root.
        #[n(0)]
        object: Option<AtomRef>,
        /// The key.
        #[n(1)]
        key: String,
    },
    /// Adds to a counter under a key of a map. One atom.
    #[n(2)]
    Increment {
        /// The map; `None` is the root.
        #[n(0)]
        object: Option<AtomRef>,
        /// The key.
        #[n(1)]
        key: String,
        /// What is added; may be negative.
        #[n(2)]
        by: i64,
    },
    /// Inserts one element into a list. One atom.
    #[n(3)]
    Insert {
        /// The list.
        #[n(0)]
        object: AtomRef,
        /// The element after which it goes; `None` is the front.
        #[n(1)]
        after: Option<AtomRef>,
        /// The value.
        #[n(2)]
        content: Content,
    },
    /// Overwrites an element of a list. One atom.
    #[n(4)]
    PutElement {
        /// The list.
        #[n(0)]
        object: AtomRef,
        /// The element.
        #[n(1)]
        element: AtomRef,
        /// The value.
        #[n(2)]
        content: Content,
    },
    /// Adds to a counter in a list. One atom.
    #[n(5)]
    IncrementElement {
        /// The list.
        #[n(0)]
        object: AtomRef,
        /// The element.
        #[n(1)]
        element: AtomRef,
        /// What is added; may be negative.
        #[n(2)]
        by: i64,
    },
    /// Removes a run of elements of a list or text that one entry inserted with consecutive
    /// atoms. As many atoms as `count`.
    #[n(6)]
    DeleteRun {
        /// The list or text.
        #[n(0)]
        object: AtomRef,
        /// The first element of the run.
        #[n(1)]
        first: AtomRef,
        /// Length of the run, at least 1.
        #[n(2)]
        count: u32,
    },
    /// Inserts characters into a text. One atom a Unicode scalar value.
    #[n(7)]
    Splice {
        /// The text.
        #[n(0)]
        object: AtomRef,
        /// The character after which it goes; `None` is the front.
        #[n(1)]
        after: Option<AtomRef>,
        /// What is inserted; not empty.
        #[n(2)]
        text: String,
    },
}

impl Intent {
    /// Returns how many atoms the intent stands for.
    pub fn atoms(&self) -> u64 {
        match self {
            Self::DeleteRun { count, .. } => u64::from(*count),
            Self::Splice { text, .. } => text.chars().count() as u64,
            _ => 1,
        }
    }
}

/// The payload of an entry that changes a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intents {
    /// Entries of the document's past that intents refer to and the header does not name.
    pub references: Vec<EntryId>,
    /// The intents, in order.
    pub intents: Vec<Intent>,
}

impl Intents {
    /// Returns how many atoms the payload stands for.
    pub fn atoms(&self) -> u64 {
        self.intents.iter().map(Intent::atoms).sum()
    }
}
