//! Policy: whether an entry may do to its document what it does (rule R5).
//!
//! It reads the entry, the roster where its author stood, and who made the objects that it touches:
//! all immutable. It deliberately never looks at what stands in the document, at the clock or at
//! Unicode's tables, so every replica comes to the same verdict whenever it asks.

use thiserror::Error;

use crate::document::{Action, AtomId, Touch};
use crate::id::{EntryId, MemberId};
use crate::intent::{Content, ObjectType, Scalar};

use super::field::{
    FACTS_KEY, Field, ITEM_KEY, List, Misfit, Presence, Shape, Who, capacity_of, recorded_of,
};
use super::{Editor, Kind, Kinds, Puts};

/// Objects between the root map and an element of the list of facts, or a character of a text.
const ELEMENT_DEPTH: u8 = 1;
/// Objects between the root map and a key of a fact.
const ITEM_KEY_DEPTH: u8 = 2;

/// Why an entry as a whole does not count.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyBreach {
    /// The author may not create documents of this kind.
    #[error("its author may not create a {kind}")]
    Creation {
        /// The kind.
        kind: &'static str,
    },
    /// The kind has no such field.
    #[error("there is no field {key}")]
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A value of another type than the field's, or another change than the field allows.
    #[error("{field} cannot be changed so")]
    Shape {
        /// The field or list.
        field: &'static str,
    },
    /// A value beyond the field's limits.
    #[error("the value of {field} is beyond its limits")]
    Limit {
        /// The field.
        field: &'static str,
    },
    /// The author may not set the field or add to the list.
    #[error("its author may not change {field}")]
    NotAllowed {
        /// The field or list.
        field: &'static str,
    },
    /// The author does not hold the role it claims.
    #[error("its author does not hold the role in {field}")]
    Capacity {
        /// The field.
        field: &'static str,
    },
    /// The author does not act for the household that it names.
    #[error("its author does not act for the household in {field}")]
    Proxy {
        /// The field.
        field: &'static str,
    },
    /// A required field, text or list is missing.
    #[error("{field} is missing")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A new object where the kind has none, or a change of one that no element of it is.
    #[error("objects of a document are made when it is created")]
    Object,
    /// The kind's own rule.
    #[error("{field}: {what}")]
    Rule {
        /// The field.
        field: &'static str,
        /// What is wrong.
        what: &'static str,
    },
}

/// Judges an entry of a document of a kind. An entry that cannot be read, because its payload was
/// dropped or is of a later version, touches nothing and passes; entries of unknown kinds pass too,
/// and nothing of them is shown (rules R18 and R19).
///
/// `owner_of` tells which member wrote an earlier entry of the document.
///
/// # Errors
///
/// The first [`PolicyBreach`]; the entry as a whole does not count.
pub fn judge(
    kinds: &Kinds,
    kind: u16,
    creator: MemberId,
    editor: &Editor<'_>,
    touches: &[Touch<'_>],
    owner_of: impl Fn(EntryId) -> Option<MemberId>,
) -> Result<(), PolicyBreach> {
    let Some(kind) = kinds.by_code(kind).filter(|_| !touches.is_empty()) else {
        return Ok(());
    };
    if editor.creates && !kind.creators.includes(editor, creator) {
        return Err(PolicyBreach::Creation { kind: kind.name });
    }
    let mut review = Review {
        kind,
        creator,
        editor,
        puts: Puts {
            editor,
            values: Vec::new(),
        },
        made: Vec::new(),
        items: Vec::new(),
    };
    for touch in touches {
        review.touch(touch, &owner_of)?;
    }
    review.conclude()
}

/// A fact that the entry adds.
struct NewItem<'a> {
    atom: AtomId,
    values: Vec<(&'a str, &'a Scalar)>,
}

struct Review<'a> {
    kind: &'static Kind,
    creator: MemberId,
    editor: &'a Editor<'a>,
    puts: Puts<'a>,
    /// Root keys under which the entry makes objects.
    made: Vec<&'static str>,
    items: Vec<NewItem<'a>>,
}

impl<'a> Review<'a> {
    fn touch(
        &mut self,
        touch: &Touch<'a>,
        owner_of: &impl Fn(EntryId) -> Option<MemberId>,
    ) -> Result<(), PolicyBreach> {
        match (touch.object, touch.key, touch.depth) {
            (ObjectType::Map, Some(key), 0) => self.root(key, touch.action),
            (ObjectType::Map, Some(key), ITEM_KEY_DEPTH) if self.is_facts(touch.root_key) => {
                self.item(key, touch, owner_of)
            }
            (ObjectType::List, _, ELEMENT_DEPTH) if self.is_facts(touch.root_key) => {
                match (touch.action, touch.object_made) {
                    (Action::Insert(Content::Object(ObjectType::Map)), _) => {
                        self.items.push(NewItem {
                            atom: touch.atom,
                            values: Vec::new(),
                        });
                        Ok(())
                    }
                    _ => Err(PolicyBreach::Shape { field: FACTS_KEY }),
                }
            }
            (ObjectType::Text, _, ELEMENT_DEPTH) => self.text(touch),
            _ => Err(PolicyBreach::Object),
        }
    }

    fn is_facts(&self, root_key: &str) -> bool {
        root_key == FACTS_KEY && !self.kind.lists.is_empty()
    }

    fn root(&mut self, key: &'a str, action: Action<'a>) -> Result<(), PolicyBreach> {
        if self.is_facts(key) {
            return match action {
                Action::Put(Content::Object(ObjectType::List)) => self.make(FACTS_KEY),
                _ => Err(PolicyBreach::Shape { field: FACTS_KEY }),
            };
        }
        let Some(field) = self.kind.field(key) else {
            return Err(unknown(key));
        };
        let name = field.name;
        if field.shape == Shape::Markdown {
            return match action {
                Action::Put(Content::Object(ObjectType::Text)) => self.make(name),
                _ => Err(PolicyBreach::Shape { field: name }),
            };
        }
        if !self.editor.creates && !field.setters.includes(self.editor, self.creator) {
            return Err(PolicyBreach::NotAllowed { field: name });
        }
        match action {
            Action::Put(Content::Scalar(scalar)) => {
                check(field, scalar, self.editor)?;
                self.puts.values.push((field, scalar));
                Ok(())
            }
            Action::Delete if field.presence == Presence::Required => {
                Err(PolicyBreach::Missing { field: name })
            }
            Action::Delete => Ok(()),
            _ => Err(PolicyBreach::Shape { field: name }),
        }
    }

    /// Objects stand only where the creating entry made them: what others would write into an
    /// object of an excluded entry could not be reached.
    fn make(&mut self, key: &'static str) -> Result<(), PolicyBreach> {
        if !self.editor.creates {
            return Err(PolicyBreach::Object);
        }
        self.made.push(key);
        Ok(())
    }

    fn item(
        &mut self,
        key: &'a str,
        touch: &Touch<'a>,
        owner_of: &impl Fn(EntryId) -> Option<MemberId>,
    ) -> Result<(), PolicyBreach> {
        let Some(object) = touch.object_made else {
            return Err(PolicyBreach::Object);
        };
        if let Some(new) = self.items.iter_mut().find(|item| item.atom == object) {
            return match touch.action {
                Action::Put(Content::Scalar(scalar)) => {
                    new.values.push((key, scalar));
                    Ok(())
                }
                _ => Err(PolicyBreach::Shape { field: FACTS_KEY }),
            };
        }
        // An earlier fact belongs to the member that wrote it. Which list it is of was judged then
        // and stands in another payload, so what is put here must fit a list of the kind, and a
        // reader leaves out what does not fit the fact's own.
        if owner_of(object.entry) != Some(self.editor.member) || self.editor.standing.is_none() {
            return Err(PolicyBreach::NotAllowed { field: FACTS_KEY });
        }
        let mut fields = self.kind.lists.iter().filter_map(|list| list.field(key));
        let Some(first) = fields.clone().next() else {
            return Err(unknown(key));
        };
        let allowed = fields.any(|field| {
            field.setters != Who::Nobody
                && match touch.action {
                    Action::Put(Content::Scalar(scalar)) => {
                        check(field, scalar, self.editor).is_ok()
                    }
                    Action::Delete => field.presence != Presence::Required,
                    _ => false,
                }
        });
        allowed
            .then_some(())
            .ok_or(PolicyBreach::NotAllowed { field: first.name })
    }

    fn text(&self, touch: &Touch<'a>) -> Result<(), PolicyBreach> {
        let field = self.kind.field(touch.root_key);
        let Some(field) = field.filter(|field| field.shape == Shape::Markdown) else {
            return Err(PolicyBreach::Object);
        };
        if !self.editor.creates && !field.setters.includes(self.editor, self.creator) {
            return Err(PolicyBreach::NotAllowed { field: field.name });
        }
        match touch.action {
            Action::Splice(_) | Action::DeleteRun(_) => Ok(()),
            _ => Err(PolicyBreach::Shape { field: field.name }),
        }
    }

    fn conclude(&self) -> Result<(), PolicyBreach> {
        for item in &self.items {
            self.conclude_item(item)?;
        }
        if self.editor.creates {
            for field in self.kind.fields {
                let there = match field.shape {
                    Shape::Markdown => self.made.contains(&field.name),
                    _ => {
                        field.presence != Presence::Required
                            || self.puts.scalar(field.name).is_some()
                    }
                };
                if !there {
                    return Err(PolicyBreach::Missing { field: field.name });
                }
            }
            if !self.kind.lists.is_empty() && !self.made.contains(&FACTS_KEY) {
                return Err(PolicyBreach::Missing { field: FACTS_KEY });
            }
        }
        (self.kind.rule)(&self.puts).map_err(|breach| PolicyBreach::Rule {
            field: breach.field,
            what: breach.what,
        })
    }

    fn conclude_item(&self, item: &NewItem<'_>) -> Result<(), PolicyBreach> {
        let list = item.values.iter().find_map(|(key, scalar)| match scalar {
            Scalar::Text(name) if *key == ITEM_KEY => Some(self.kind.list_of_item(name)),
            _ => None,
        });
        let Some(Some(list)) = list else {
            return Err(PolicyBreach::Missing { field: ITEM_KEY });
        };
        if !list.appenders.includes(self.editor, self.creator) {
            return Err(PolicyBreach::NotAllowed { field: list.name });
        }
        self.fits_list(list, &item.values)
    }

    fn fits_list(&self, list: &List, values: &[(&str, &Scalar)]) -> Result<(), PolicyBreach> {
        for (key, scalar) in values.iter().filter(|(key, _)| *key != ITEM_KEY) {
            let field = list.field(key).ok_or_else(|| unknown(key))?;
            check(field, scalar, self.editor)?;
        }
        for field in list.fields {
            let there = values.iter().any(|(key, _)| *key == field.name);
            if field.presence == Presence::Required && !there {
                return Err(PolicyBreach::Missing { field: field.name });
            }
        }
        Ok(())
    }
}

fn check(field: &Field, scalar: &Scalar, editor: &Editor<'_>) -> Result<(), PolicyBreach> {
    let field_name = field.name;
    field.check(scalar).map_err(|misfit| match misfit {
        Misfit::Type => PolicyBreach::Shape { field: field_name },
        Misfit::Limit => PolicyBreach::Limit { field: field_name },
    })?;
    match field.shape {
        Shape::Capacity => capacity_of(scalar)
            .is_some_and(|capacity| field.acting.includes(editor, capacity))
            .then_some(())
            .ok_or(PolicyBreach::Capacity { field: field_name }),
        Shape::Recorded => recorded_of(scalar)
            .is_some_and(|recorded| editor.acts_for(recorded))
            .then_some(())
            .ok_or(PolicyBreach::Proxy { field: field_name }),
        _ => Ok(()),
    }
}

fn unknown(key: &str) -> PolicyBreach {
    PolicyBreach::UnknownKey {
        key: key.to_owned(),
    }
}
