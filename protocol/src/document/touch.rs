//! Touches: what an entry does to which place, in terms that a kind's policy can judge (rule R5).
//!
//! A touch holds immutable facts only: what the entry says, and who made the object or element it
//! says it about. It never tells what stands at the place, because that depends on what arrived.

use crate::id::EntryId;
use crate::intent::{Content, ObjectType};

use super::atom::AtomId;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// A map key gets a value.
    Put(&'a Content),
    /// A map key is emptied.
    Delete,
    /// A counter under a map key is raised or lowered.
    Increment(i64),
    /// A list gets an element.
    Insert(&'a Content),
    /// A list element gets another value.
    PutElement(&'a Content),
    /// A counter in a list is raised or lowered.
    IncrementElement(i64),
    /// That many elements, of one author, leave a list or characters a text.
    DeleteRun(u32),
    /// A text gets characters.
    Splice(&'a str),
}

/// One intent's effect on one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch<'a> {
    /// What is done.
    pub action: Action<'a>,
    /// The intent's first atom. Where it makes an object, later touches of the object name it.
    pub atom: AtomId,
    /// The key of the root map under which the place lies, or which is the place.
    pub root_key: &'a str,
    /// How many objects lie between the root map and the place: 0 for a key of the root itself.
    pub depth: u8,
    /// The type of the object that holds the place.
    pub object: ObjectType,
    /// The atom that made this object; none for the root.
    pub object_made: Option<AtomId>,
    /// The map key that is touched.
    pub key: Option<&'a str>,
    /// The entry that inserted the outermost list element on the way to the place, or the place
    /// itself; the judged entry when it inserts that element. None where no list is on the way.
    /// Characters of a text directly under the root count as elements.
    pub element: Option<EntryId>,
}
