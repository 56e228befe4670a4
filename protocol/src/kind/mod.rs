//! Kinds of documents: one table that says what each is made of and who may do what (rule R5).
//!
//! A new kind is one file beside this one and one line in [`Kinds::standard`]. Policy, drafts and
//! projections read the table and know no kind by name. What an entry of an unknown kind means is
//! left open: it is kept and shown as unreadable (rule R19).

mod agreement;
mod comment;
mod course;
mod detail;
mod drafting;
mod facts;
mod field;
mod item;
mod moderation;
mod notice;
mod plan;
mod policy;
mod request;
mod standing_offer;
mod waiting;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::id::{EntryId, MemberId};
use crate::intent::Scalar;
use crate::roster::Standing;
use crate::statement::Role;

pub use agreement::{clauses, in_force};
pub use course::{CLOCK_DIFFERENCE_MS, Course, Mark, Marks, NewFact, Next, Reader, Sight};
pub use detail::{SEALED, SHARES};
pub use drafting::{DraftError, Drafted, Fault, Untimely, Warning, create, edit, object, restore};
pub use facts::{Facts, Item, Slot};
pub use field::{
    Acting, Constant, FACTS_KEY, FOR_HOUSEHOLD, Field, ITEM_KEY, List, Misfit, Presence, Shape,
    Who, capacity_of, document_of, member_of, places_bytes, places_of, recorded_of,
};
pub use item::ItemId;
pub use moderation::{Hiding, no_hiding};
pub use notice::{
    Acknowledgement, acknowledgements, acknowledgements_for, editions, may_be_urgent,
    of_the_text_that_stands,
};
pub use policy::{PolicyBreach, judge};
pub use waiting::{Wait, no_waits};

/// Who writes an entry, by the roster where its author stood, and when by its own account.
#[derive(Clone, Copy, Debug)]
pub struct Editor<'a> {
    /// The member.
    pub member: MemberId,
    /// What the roster made of it; none for a stranger.
    pub standing: Option<&'a Standing>,
    /// Claimed time of the entry, milliseconds since 1970.
    pub time_ms: i64,
    /// Whether the entry creates the document.
    pub creates: bool,
}

impl Editor<'_> {
    /// Returns the role that an appointment gave, if the editor holds it.
    pub fn role(&self, appointment: EntryId) -> Option<&Role> {
        let roles = self.standing.map_or(&[][..], |standing| &standing.roles);
        let held = roles.iter().find(|(_, held)| *held == appointment);
        held.map(|(role, _)| role)
    }

    /// Tells whether the editor acts for a household without a device.
    pub fn acts_for(&self, recorded: EntryId) -> bool {
        let standing = self.standing;
        standing.is_some_and(|standing| standing.acts_for.contains(&recorded))
    }

    /// Returns the founding statement, for the founder while it decides alone.
    pub fn founding(&self) -> Option<EntryId> {
        self.standing?.founding
    }
}

/// What one entry puts into fields of the document: all that a kind's own rule may look at.
pub struct Puts<'a> {
    /// Who writes.
    pub editor: &'a Editor<'a>,
    values: Vec<(&'static Field, &'a Scalar)>,
}

impl<'a> Puts<'a> {
    /// Returns what is put into a field.
    pub fn scalar(&self, field: &str) -> Option<&'a Scalar> {
        let found = self.values.iter().find(|(put, _)| put.name == field);
        found.map(|(_, scalar)| *scalar)
    }

    /// Returns the text or word that is put into a field.
    pub fn text(&self, field: &str) -> Option<&'a str> {
        match self.scalar(field)? {
            Scalar::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number or time that is put into a field.
    pub fn number(&self, field: &str) -> Option<i64> {
        match self.scalar(field)? {
            Scalar::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// Tells whether yes is put into a field.
    pub fn flag(&self, field: &str) -> bool {
        self.scalar(field) == Some(&Scalar::Bool(true))
    }
}

/// Why an entry breaks a kind's own rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleBreach {
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong.
    pub what: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

/// A state, and until when the clock leaves it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Its name, the same for every reader (rule R11).
    pub name: &'static str,
    /// When it turns into the state that [`Kind::turns`] names.
    pub until_ms: Option<i64>,
}

impl State {
    /// A state that the clock leaves alone.
    pub const fn lasting(name: &'static str) -> Self {
        Self {
            name,
            until_ms: None,
        }
    }
}

/// A kind of document.
#[derive(Debug)]
pub struct Kind {
    /// Its code in headers.
    pub code: u16,
    /// The name of one, as commands and views use it.
    pub name: &'static str,
    /// The name of several.
    pub plural: &'static str,
    /// Whether its documents belong to what they are about, and stand in no list by themselves.
    pub aside: bool,
    /// Whether moderation may take its documents out of view, and so may a household's own list of
    /// those it blocks. What governs the neighbourhood stays in view.
    pub hideable: bool,
    /// Who may create one.
    pub creators: Who,
    /// Its fields, in the order in which they are shown.
    pub fields: &'static [Field],
    /// Its lists of facts. A kind without any stores no list.
    pub lists: &'static [List],
    /// What the table cannot say about an entry.
    pub rule: fn(&Puts<'_>) -> Result<(), RuleBreach>,
    /// What the facts amount to, without a clock; for display only (rule R11).
    pub state: fn(&Facts<'_>) -> Option<State>,
    /// What the facts ask of a member; for display only.
    pub waits: fn(&Facts<'_>, MemberId) -> Vec<Wait>,
    /// Who is to read what a member tells about a document in confidence, beside that member
    /// (rule R17).
    pub readers: fn(&Facts<'_>, MemberId) -> BTreeSet<MemberId>,
    /// What a document takes out of view by its facts.
    pub hides: fn(&Facts<'_>) -> Option<Hiding>,
    /// The names of its states, in the order in which a document runs through them.
    pub states: &'static [&'static str],
    /// Into which state a state turns when its time is up.
    pub turns: &'static [(&'static str, &'static str)],
    /// Who acts next and how single facts stand, for kinds that run a course.
    pub course: Option<&'static Course>,
}

impl Kind {
    /// Finds a field.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Finds a list by its name.
    pub fn list(&self, name: &str) -> Option<&'static List> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// Finds a list by the name of one of its facts.
    pub fn list_of_item(&self, item: &str) -> Option<&'static List> {
        self.lists.iter().find(|list| list.item == item)
    }

    /// Returns what a state is called at a time.
    pub fn state_at<'s>(&self, name: &'s str, until_ms: Option<i64>, now_ms: i64) -> &'s str {
        if until_ms.is_none_or(|until| now_ms < until) {
            return name;
        }
        let turned = self.turns.iter().find(|(from, _)| *from == name);
        turned.map_or(name, |(_, to)| to)
    }
}

/// For kinds of which the table says everything.
pub fn no_rule(_: &Puts<'_>) -> Result<(), RuleBreach> {
    Ok(())
}

/// For kinds about which nothing is told in confidence.
pub fn no_readers(_: &Facts<'_>, _: MemberId) -> BTreeSet<MemberId> {
    BTreeSet::new()
}

/// For kinds without states.
pub fn no_state(_: &Facts<'_>) -> Option<State> {
    None
}

/// The table of kinds.
#[derive(Clone, Debug)]
pub struct Kinds {
    table: Cow<'static, [&'static Kind]>,
}

impl Kinds {
    /// Returns the kinds that this version knows.
    pub fn standard() -> Self {
        const STANDARD: &[&Kind] = &[
            &notice::NOTICE,
            &request::REQUEST,
            &plan::PLAN,
            &comment::COMMENT,
            &detail::DETAIL,
            &agreement::AGREEMENT,
            &moderation::MODERATION,
            &standing_offer::STANDING_OFFER,
        ];
        Self {
            table: Cow::Borrowed(STANDARD),
        }
    }

    /// Adds a kind.
    #[must_use]
    pub fn with(mut self, kind: &'static Kind) -> Self {
        self.table.to_mut().push(kind);
        self
    }

    /// Returns all kinds.
    pub fn iter(&self) -> impl Iterator<Item = &'static Kind> + '_ {
        self.table.iter().copied()
    }

    /// Returns the kinds of which people write documents: all but those that stand aside.
    pub fn posted(&self) -> impl Iterator<Item = &'static Kind> + '_ {
        self.iter().filter(|kind| !kind.aside)
    }

    /// Finds a kind by its code in headers.
    pub fn by_code(&self, code: u16) -> Option<&'static Kind> {
        self.iter().find(|kind| kind.code == code)
    }

    /// Finds a kind by its name, singular or plural.
    pub fn by_name(&self, name: &str) -> Option<&'static Kind> {
        self.iter()
            .find(|kind| kind.name == name || kind.plural == name)
    }

    /// Returns the name under which documents of a code are shown.
    pub fn name(&self, code: u16) -> Cow<'static, str> {
        match self.by_code(code) {
            Some(kind) => Cow::Borrowed(kind.name),
            None => Cow::Owned(format!("unknown-{code}")),
        }
    }
}

impl Default for Kinds {
    fn default() -> Self {
        Self::standard()
    }
}

#[cfg(test)]
pub(crate) mod desk;
#[cfg(test)]
mod tests;
