//! What a kind's fields and lists are made of: values that a kind's file writes down and policy,
//! drafts and projections read.
//!
//! Nothing here knows a particular kind or decides who somebody is.

use std::collections::BTreeMap;

use crate::id::{DeviceId, DocumentId, EntryId, MemberId};
use crate::intent::Scalar;
use crate::limits;
use crate::statement::{MemberKind, Role};

use super::{Editor, ItemId, Puts};

/// The root key of the list that holds every fact of a document, whatever its list by name. One
/// list keeps facts in causal order, and a later kind of fact also fits in an older document.
pub const FACTS_KEY: &str = "facts";
/// The key of a fact that names the list it belongs to.
pub const ITEM_KEY: &str = "is";

/// The field that says for which household without a device its author wrote.
pub const FOR_HOUSEHOLD: Field = Field::new("for_household", Shape::Recorded);

/// Who may do something to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody, once the document is created.
    Nobody,
    /// The member that created the document; for a fact, the member that it belongs to.
    Creator,
    /// Households and offices.
    Members,
    /// Households and offices but the one that created the document.
    Others,
    /// Households, offices and guests.
    Everyone,
}

impl Who {
    /// Tells whether an editor is meant.
    pub fn includes(self, editor: &Editor<'_>, creator: MemberId) -> bool {
        let Some(standing) = editor.standing else {
            return false;
        };
        match self {
            Self::Nobody => false,
            Self::Creator => editor.member == creator,
            Self::Members => standing.kind != MemberKind::Guest,
            Self::Others => standing.kind != MemberKind::Guest && editor.member != creator,
            Self::Everyone => true,
        }
    }
}

/// In which capacities a field lets its author act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acting {
    /// In any role.
    AnyRole,
    /// As a moderator or a steward, or as the founder while it decides alone.
    Moderator,
    /// As a steward, or as the founder while it decides alone.
    Steward,
}

impl Acting {
    /// Tells whether an editor holds a capacity, and it is one of these. The founder's own is named
    /// by the founding statement.
    pub fn includes(self, editor: &Editor<'_>, capacity: EntryId) -> bool {
        if let Some(role) = editor.role(capacity) {
            return match self {
                Self::AnyRole => true,
                Self::Moderator => matches!(role, Role::Moderator | Role::Steward { .. }),
                Self::Steward => matches!(role, Role::Steward { .. }),
            };
        }
        self != Self::AnyRole && editor.founding() == Some(capacity)
    }

    /// Returns a capacity of an editor that is one of these: a role before the founder's own.
    pub fn of(self, editor: &Editor<'_>) -> Option<EntryId> {
        let roles = editor.standing.into_iter().flat_map(|held| &held.roles);
        let capacities = roles.map(|(_, appointment)| *appointment);
        let mut capacities = capacities.chain(editor.founding());
        capacities.find(|capacity| self.includes(editor, *capacity))
    }
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line of text, replaced as a whole.
    Line {
        /// Its length at most, in Unicode scalar values.
        chars_max: usize,
    },
    /// Text of several lines, replaced as a whole.
    Paragraphs {
        /// Its length at most, in Unicode scalar values.
        chars_max: usize,
    },
    /// Collaborative Markdown, an object of its own.
    Markdown,
    /// One word of a list.
    Choice(&'static [&'static str]),
    /// A time, milliseconds since 1970.
    TimeMs,
    /// A whole number.
    Number {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// Yes or no.
    Flag,
    /// A document.
    Document,
    /// A member.
    Member,
    /// A role in which the author acts, by the statement that appointed it.
    Capacity,
    /// A household without a device for which the author acts, by its record.
    Recorded,
    /// A fact of the same document.
    Item,
    /// Bytes that only those can read whom they are sealed to.
    Sealed {
        /// Their number at most.
        bytes_max: usize,
    },
    /// Devices, each with a place in its log: see [`places_of`].
    Places {
        /// Their number at most.
        logs_max: usize,
    },
}

/// Why a scalar does not have a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It is of another type.
    Type,
    /// It is too long, too small, too great or not in the list.
    Limit,
}

impl Shape {
    /// Checks a scalar by itself. It asks nothing of Unicode's tables, for they change (rule R2).
    ///
    /// # Errors
    ///
    /// [`Misfit`].
    pub fn check(self, scalar: &Scalar) -> Result<(), Misfit> {
        let within = match (self, scalar) {
            (Self::Line { chars_max } | Self::Paragraphs { chars_max }, Scalar::Text(text)) => {
                text.len() <= chars_max || text.chars().count() <= chars_max
            }
            (Self::Choice(words), Scalar::Text(text)) => words.contains(&text.as_str()),
            (Self::TimeMs, Scalar::Int(time)) => (0..=limits::TIME_MS_MAX).contains(time),
            (Self::Number { min, max }, Scalar::Int(number)) => (min..=max).contains(number),
            (Self::Flag, Scalar::Bool(_)) => true,
            (
                Self::Document | Self::Member | Self::Capacity | Self::Recorded,
                Scalar::Bytes(bytes),
            ) => bytes.len() == EntryId::BYTES,
            (Self::Item, Scalar::Bytes(bytes)) => ItemId::from_bytes(bytes).is_some(),
            (Self::Sealed { bytes_max }, Scalar::Bytes(bytes)) => bytes.len() <= bytes_max,
            (Self::Places { logs_max }, Scalar::Bytes(_)) => {
                places_of(scalar).is_some_and(|places| places.len() <= logs_max)
            }
            _ => return Err(Misfit::Type),
        };
        within.then_some(()).ok_or(Misfit::Limit)
    }

    /// Tells whether the value is text that everyone reads.
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Self::Line { .. } | Self::Paragraphs { .. } | Self::Markdown
        )
    }
}

/// A value that stands where an author left a field out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// A word.
    Word(&'static str),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl Constant {
    /// Tells whether a scalar says the same.
    pub fn is(self, scalar: &Scalar) -> bool {
        match (self, scalar) {
            (Self::Word(word), Scalar::Text(text)) => word == text,
            (Self::Number(number), Scalar::Int(other)) => number == *other,
            (Self::Flag(flag), Scalar::Bool(other)) => flag == *other,
            _ => false,
        }
    }
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must, and text must not be empty.
    Required,
    /// It need not.
    Optional,
    /// It need not; what stands instead.
    Otherwise(Constant),
}

/// A field of a document or of a fact.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, which is also the key it is stored under.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it must be there.
    pub presence: Presence,
    /// Who may set it after the creation.
    pub setters: Who,
    /// What a draft says when its author does not.
    pub fill: Option<fn(&Puts<'_>) -> Option<Scalar>>,
    /// The list whose newest fact a draft refers to when its author does not say: what the author had
    /// seen.
    pub newest_of: Option<&'static str>,
    /// The list whose latest fact with this field replaces what is shown: the earlier text stays
    /// readable.
    pub corrected_by: Option<&'static str>,
    /// In which capacities its author acts, where it holds one.
    pub acting: Acting,
}

impl Field {
    /// An optional field that nobody may set after the creation.
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            presence: Presence::Optional,
            setters: Who::Nobody,
            fill: None,
            newest_of: None,
            corrected_by: None,
            acting: Acting::AnyRole,
        }
    }

    /// One line of text.
    pub const fn line(name: &'static str, chars_max: usize) -> Self {
        Self::new(name, Shape::Line { chars_max })
    }

    /// Text of several lines.
    pub const fn paragraphs(name: &'static str, chars_max: usize) -> Self {
        Self::new(name, Shape::Paragraphs { chars_max })
    }

    /// One word of a list.
    pub const fn choice(name: &'static str, words: &'static [&'static str]) -> Self {
        Self::new(name, Shape::Choice(words))
    }

    /// Yes or no, no unless it is said.
    pub const fn flag(name: &'static str) -> Self {
        Self::new(name, Shape::Flag).otherwise(Constant::Flag(false))
    }

    /// A capacity that has to be one of these.
    pub const fn capacity(name: &'static str, acting: Acting) -> Self {
        let field = Self::new(name, Shape::Capacity).required();
        Self { acting, ..field }
    }

    /// Makes it required.
    pub const fn required(mut self) -> Self {
        self.presence = Presence::Required;
        self
    }

    /// Says what stands where it is left out.
    pub const fn otherwise(mut self, constant: Constant) -> Self {
        self.presence = Presence::Otherwise(constant);
        self
    }

    /// Says to which list's newest fact it refers where its author does not say.
    pub const fn newest_of(mut self, list: &'static str) -> Self {
        self.newest_of = Some(list);
        self
    }

    /// Says who may set it after the creation.
    pub const fn set_by(mut self, setters: Who) -> Self {
        self.setters = setters;
        self
    }

    /// Says what a draft says when its author does not.
    pub const fn filled(mut self, fill: fn(&Puts<'_>) -> Option<Scalar>) -> Self {
        self.fill = Some(fill);
        self
    }

    /// Says which list's facts replace what is shown.
    pub const fn corrected_by(mut self, list: &'static str) -> Self {
        self.corrected_by = Some(list);
        self
    }

    /// Tells whether a scalar may stand in the field.
    ///
    /// # Errors
    ///
    /// [`Misfit`]; empty text in a required field is [`Misfit::Limit`].
    pub fn check(&self, scalar: &Scalar) -> Result<(), Misfit> {
        self.shape.check(scalar)?;
        match scalar {
            Scalar::Text(text) if text.is_empty() && self.presence == Presence::Required => {
                Err(Misfit::Limit)
            }
            _ => Ok(()),
        }
    }
}

/// A list of facts. Each belongs to the member that wrote it.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Its name, a plural.
    pub name: &'static str,
    /// The name of one fact, under which it is stored.
    pub item: &'static str,
    /// Who may add to it.
    pub appenders: Who,
    /// What a fact says. After it is written, [`Who::Creator`] means the member it belongs to.
    pub fields: &'static [Field],
}

impl List {
    /// Finds a field of the list's facts.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// Reads a document's name from a scalar.
pub fn document_of(scalar: &Scalar) -> Option<DocumentId> {
    bytes_of(scalar).map(DocumentId)
}

/// Reads a member's name from a scalar.
pub fn member_of(scalar: &Scalar) -> Option<MemberId> {
    bytes_of(scalar).map(MemberId)
}

/// Reads an appointment from a scalar.
pub fn capacity_of(scalar: &Scalar) -> Option<EntryId> {
    bytes_of(scalar).map(EntryId)
}

/// Reads the record of a household without a device from a scalar.
pub fn recorded_of(scalar: &Scalar) -> Option<EntryId> {
    bytes_of(scalar).map(EntryId)
}

/// Bytes of a device with a place in its log.
const PLACE_BYTES: usize = DeviceId::BYTES + 8;

/// Reads devices with places in their logs: 32 bytes and a big-endian u64 each, ascending by device.
pub fn places_of(scalar: &Scalar) -> Option<BTreeMap<DeviceId, u64>> {
    let Scalar::Bytes(bytes) = scalar else {
        return None;
    };
    let (places, rest) = bytes.as_chunks::<PLACE_BYTES>();
    let mut read = BTreeMap::new();
    for place in places {
        let (device, seq) = place.split_first_chunk()?;
        let (device, seq) = (DeviceId(*device), u64::from_be_bytes(seq.try_into().ok()?));
        if read
            .last_key_value()
            .is_some_and(|(last, _)| *last >= device)
        {
            return None;
        }
        read.insert(device, seq);
    }
    rest.is_empty().then_some(read)
}

/// Writes devices with places in their logs.
pub fn places_bytes(places: &BTreeMap<DeviceId, u64>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(places.len() * PLACE_BYTES);
    for (device, seq) in places {
        bytes.extend(device.0);
        bytes.extend(seq.to_be_bytes());
    }
    bytes
}

fn bytes_of(scalar: &Scalar) -> Option<[u8; 32]> {
    match scalar {
        Scalar::Bytes(bytes) => bytes.as_slice().try_into().ok(),
        _ => None,
    }
}
