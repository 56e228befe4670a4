//! Resolving: looking up what an entry's intents refer to, and checking every immutable fact about
//! them (rules R4 and R12).
//!
//! Every verdict here is the same on every replica that holds the entry and its past: it reads
//! neither predecessors, nor standing, nor what else has arrived.

use thiserror::Error;

use crate::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};
use crate::limits;

use super::atom::{AtomId, ObjectNumber, Spot};
use super::contents::{self, Effect, Step, Target, Written};
use super::graph::Place;
use super::invalid::{Invalid, check_counter, check_header, check_key, check_size};
use super::table::Object;
use super::touch::{Action, Touch};
use super::{Body, Document, DocumentEntry};

/// Why an entry could not be resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum Unresolved {
    /// It is invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Its payload, or that of an entry that it refers to, cannot be read here, so that nobody can
    /// tell here what it does and whether it is valid.
    #[error("the payload or one that it refers to cannot be read here")]
    Unreadable,
}

/// An entry with its references looked up.
pub(super) struct Resolved<'a> {
    pub(super) parts: Parts,
    pub(super) touches: Vec<Touch<'a>>,
}

/// What a resolved entry adds to the op table.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) steps: Vec<Step>,
    pub(super) written: Vec<Written>,
    pub(super) objects: Vec<Object>,
}

/// Resolves an entry that goes to a place.
pub(super) fn resolve<'a>(
    document: &'a Document,
    entry: &'a DocumentEntry,
    place: &Place,
) -> Result<Resolved<'a>, Unresolved> {
    check_header(document, entry, place)?;
    let intents = match &entry.body {
        Body::Intents(intents) => intents,
        Body::Unreadable => return Err(Unresolved::Unreadable),
    };
    check_size(entry, intents)?;
    let mut resolver = Resolver {
        document,
        entry,
        me: document.graph.len(),
        references: references(document, intents, place)?,
        keys: Vec::new(),
        runs: Vec::new(),
        parts: Parts {
            steps: Vec::with_capacity(intents.intents.len()),
            written: Vec::new(),
            objects: Vec::new(),
        },
        touches: Vec::with_capacity(intents.intents.len()),
    };
    for (position, intent) in intents.intents.iter().enumerate() {
        resolver.intent(position, intent)?;
    }
    Ok(Resolved {
        parts: resolver.parts,
        touches: resolver.touches,
    })
}

/// Looks up the entries that references may name, in the order of [`EntryRef`].
fn references(document: &Document, intents: &Intents, place: &Place) -> Result<Vec<u32>, Invalid> {
    let mut numbers = Vec::with_capacity(2 + place.deps.len() + intents.references.len());
    // The creating entry is always the first to be added.
    numbers.extend([document.graph.len(), 0]);
    numbers.extend_from_slice(&place.deps);
    for reference in &intents.references {
        let number = document.graph.number(reference);
        match number.filter(|number| place.past.contains(*number)) {
            Some(number) => numbers.push(number),
            None => return Err(Invalid::Limit { what: "references" }),
        }
    }
    Ok(numbers)
}

struct Resolver<'a> {
    document: &'a Document,
    entry: &'a DocumentEntry,
    me: u32,
    references: Vec<u32>,
    /// Keys put to or deleted: an entry writes a cell once.
    keys: Vec<(ObjectNumber, &'a str)>,
    /// Runs of elements overwritten or deleted, likewise: the first and how many.
    runs: Vec<(Spot, u32)>,
    parts: Parts,
    touches: Vec<Touch<'a>>,
}

impl<'a> Resolver<'a> {
    fn intent(&mut self, at: usize, intent: &'a Intent) -> Result<(), Unresolved> {
        match intent {
            Intent::Put {
                object,
                key,
                content,
            } => {
                let object = self.object(at, *object, &[ObjectType::Map])?;
                self.write_key(at, object, key)?;
                self.content(at, object, Some(key), None, content)?;
                self.touch_key(object, key, Action::Put(content));
                self.step(object, Target::Key, 1, true);
            }
            Intent::Delete { object, key } => {
                let object = self.object(at, *object, &[ObjectType::Map])?;
                self.write_key(at, object, key)?;
                self.touch_key(object, key, Action::Delete);
                self.step(object, Target::Key, 1, false);
            }
            Intent::Increment { object, key, by } => {
                let object = self.object(at, *object, &[ObjectType::Map])?;
                check_key(at, key)?;
                check_counter(at, *by)?;
                self.touch_key(object, key, Action::Increment(*by));
                self.step(object, Target::Key, 1, false);
            }
            Intent::Insert {
                object,
                after,
                content,
            } => {
                let object = self.object(at, Some(*object), &[ObjectType::List])?;
                let after = self.anchor(at, object, *after)?;
                self.content(at, object, None, Some(self.me), content)?;
                self.touch_element(object, self.me, Action::Insert(content));
                self.step(object, Target::After(after), 1, true);
            }
            Intent::PutElement {
                object,
                element,
                content,
            } => {
                let object = self.object(at, Some(*object), &[ObjectType::List])?;
                let element = self.element(at, object, *element, 0)?;
                self.write_run(at, element, 1)?;
                self.content(at, object, None, Some(element.entry), content)?;
                self.touch_element(object, element.entry, Action::PutElement(content));
                self.step(object, Target::Element(element), 1, true);
            }
            Intent::IncrementElement {
                object,
                element,
                by,
            } => {
                let object = self.object(at, Some(*object), &[ObjectType::List])?;
                let element = self.element(at, object, *element, 0)?;
                check_counter(at, *by)?;
                self.touch_element(object, element.entry, Action::IncrementElement(*by));
                self.step(object, Target::Element(element), 1, false);
            }
            Intent::DeleteRun {
                object,
                first,
                count,
            } => {
                self.delete_run(at, *object, *first, *count)?;
            }
            Intent::Splice {
                object,
                after,
                text,
            } => {
                let object = self.object(at, Some(*object), &[ObjectType::Text])?;
                let after = self.anchor(at, object, *after)?;
                if text.is_empty() {
                    return Err(Invalid::Empty { intent: at }.into());
                }
                let characters: Box<[char]> = text.chars().collect();
                self.touch_element(object, self.me, Action::Splice(text));
                let count = u32::try_from(characters.len());
                let count = count.expect("the atoms of an entry are bounded");
                self.step(object, Target::After(after), count, true);
                let step = self.parts.steps.last_mut();
                step.expect("the step was just added").characters = characters;
            }
        }
        Ok(())
    }

    fn delete_run(
        &mut self,
        at: usize,
        object: AtomRef,
        first: AtomRef,
        count: u32,
    ) -> Result<(), Unresolved> {
        let object = self.object(at, Some(object), &[ObjectType::List, ObjectType::Text])?;
        if count == 0 {
            return Err(Invalid::Empty { intent: at }.into());
        }
        let start = self.element(at, object, first, 0)?;
        for offset in 1..count {
            self.element(at, object, first, offset)?;
        }
        self.write_run(at, start, count)?;
        self.touch_element(object, start.entry, Action::DeleteRun(count));
        self.step(object, Target::Element(start), count, false);
        Ok(())
    }

    /// Finds an atom of the past or of this entry.
    fn find(&self, at: usize, reference: AtomRef, offset: u32) -> Result<Spot, Unresolved> {
        let nothing = Invalid::Reference { intent: at };
        let EntryRef(index) = reference.entry;
        let number = self.references.get(index as usize);
        let entry = *number.ok_or(nothing)?;
        let atom = reference.atom.checked_add(offset).ok_or(nothing)?;
        let held = if entry == self.me {
            self.next_atom()
        } else {
            let contents = &self.document.table.contents[entry as usize];
            if contents.effect == Effect::Unread {
                return Err(Unresolved::Unreadable);
            }
            contents.said.steps.last().map_or(0, Step::end)
        };
        if atom >= held {
            return Err(nothing.into());
        }
        Ok(Spot { entry, atom })
    }

    fn object(
        &self,
        at: usize,
        reference: Option<AtomRef>,
        fitting: &[ObjectType],
    ) -> Result<ObjectNumber, Unresolved> {
        let wrong = Invalid::Object { intent: at };
        let number = match reference {
            None => ObjectNumber::ROOT,
            Some(reference) => {
                let spot = self.find(at, reference, 0)?;
                let written = if spot.entry == self.me {
                    let value = contents::value_of(&self.parts.steps, spot.atom);
                    value.map(|value| &self.parts.written[value])
                } else {
                    self.document.table.contents[spot.entry as usize].written(spot.atom)
                };
                written.and_then(|written| written.made).ok_or(wrong)?
            }
        };
        if fitting.contains(&self.known(number).kind) {
            Ok(number)
        } else {
            Err(wrong.into())
        }
    }

    fn known(&self, object: ObjectNumber) -> &Object {
        let before = self.document.table.objects.len();
        match (object.0 as usize).checked_sub(before) {
            None => self.document.table.object(object),
            Some(own) => &self.parts.objects[own],
        }
    }

    /// Finds an element of a list or text.
    fn element(
        &self,
        at: usize,
        object: ObjectNumber,
        reference: AtomRef,
        offset: u32,
    ) -> Result<Spot, Unresolved> {
        let spot = self.find(at, reference, offset)?;
        let steps = if spot.entry == self.me {
            &self.parts.steps
        } else {
            &self.document.table.contents[spot.entry as usize].said.steps
        };
        let step = contents::step_of(steps, spot.atom).map(|index| &steps[index]);
        let step = step.expect("the atom was found");
        match step.target {
            Target::After(_) if step.object == object => Ok(spot),
            _ => Err(Invalid::Element { intent: at }.into()),
        }
    }

    fn anchor(
        &self,
        at: usize,
        object: ObjectNumber,
        after: Option<AtomRef>,
    ) -> Result<Option<Spot>, Unresolved> {
        let after = after.map(|after| self.element(at, object, after, 0));
        after.transpose()
    }

    fn write_key(&mut self, at: usize, object: ObjectNumber, key: &'a str) -> Result<(), Invalid> {
        check_key(at, key)?;
        if self.keys.contains(&(object, key)) {
            return Err(Invalid::Twice { intent: at });
        }
        self.keys.push((object, key));
        Ok(())
    }

    fn write_run(&mut self, at: usize, first: Spot, count: u32) -> Result<(), Invalid> {
        let overlaps = |(other, length): &(Spot, u32)| {
            other.entry == first.entry
                && other.atom < first.atom + count
                && first.atom < other.atom + length
        };
        if self.runs.iter().any(overlaps) {
            return Err(Invalid::Twice { intent: at });
        }
        self.runs.push((first, count));
        Ok(())
    }

    /// Checks what is put or inserted, and registers an object that it makes.
    fn content(
        &mut self,
        at: usize,
        parent: ObjectNumber,
        key: Option<&str>,
        element: Option<u32>,
        content: &Content,
    ) -> Result<(), Invalid> {
        let kind = match content {
            Content::Scalar(Scalar::Counter(value)) => return check_counter(at, *value),
            Content::Scalar(_) => return Ok(()),
            Content::Object(kind) => *kind,
        };
        let around = self.known(parent);
        if around.depth >= limits::DEPTH_MAX {
            return Err(Invalid::Depth { intent: at });
        }
        let root_key = match key {
            Some(key) if parent == ObjectNumber::ROOT => key.to_owned(),
            _ => around.root_key.clone(),
        };
        let object = Object {
            kind,
            made: Some(Spot {
                entry: self.me,
                atom: self.next_atom(),
            }),
            depth: around.depth + 1,
            root_key,
            element: around.element.or(element),
            keys: Default::default(),
            elements: Vec::new(),
        };
        self.parts.objects.push(object);
        Ok(())
    }

    fn next_atom(&self) -> u32 {
        self.parts.steps.last().map_or(0, Step::end)
    }

    /// Adds a step with its values. The object that it makes, if any, was registered last.
    fn step(&mut self, object: ObjectNumber, target: Target, atoms: u32, writes: bool) {
        let first_atom = self.next_atom();
        let first_value = u32::try_from(self.parts.written.len());
        let first_value = first_value.expect("the atoms of an entry are bounded");
        if writes {
            let made = self.parts.objects.last().and_then(|last| {
                let number = self.document.table.objects.len() + self.parts.objects.len() - 1;
                let number = u32::try_from(number).expect("a document's atoms are bounded");
                let made = last.made.expect("only the root is made by no atom");
                (made.atom == first_atom).then_some(ObjectNumber(number))
            });
            let written = (0..atoms).map(|_| Written {
                made,
                ..Written::default()
            });
            self.parts.written.extend(written);
        }
        self.parts.steps.push(Step {
            object,
            target,
            first_atom,
            atoms,
            first_value: writes.then_some(first_value),
            characters: Box::default(),
        });
    }

    fn touch_key(&mut self, object: ObjectNumber, key: &'a str, action: Action<'a>) {
        self.touch(object, Some(key), None, action);
    }

    fn touch_element(&mut self, object: ObjectNumber, element: u32, action: Action<'a>) {
        self.touch(object, None, Some(element), action);
    }

    fn touch(
        &mut self,
        number: ObjectNumber,
        key: Option<&'a str>,
        element: Option<u32>,
        action: Action<'a>,
    ) {
        let object = self.known(number);
        let id = |entry: u32| match entry == self.me {
            true => self.entry.id,
            false => self.document.graph.node(entry).id,
        };
        let touch = Touch {
            action,
            atom: AtomId {
                entry: self.entry.id,
                atom: self.next_atom(),
            },
            root_key: self.root_key(number, key),
            depth: object.depth,
            object: object.kind,
            object_made: object.made.map(|made| AtomId {
                entry: id(made.entry),
                atom: made.atom,
            }),
            key,
            element: object.element.or(element).map(id),
        };
        self.touches.push(touch);
    }

    /// Returns the root key of a place, borrowed for as long as touches live.
    fn root_key(&self, object: ObjectNumber, key: Option<&'a str>) -> &'a str {
        if object == ObjectNumber::ROOT {
            return key.expect("places in the root map have keys");
        }
        let before = self.document.table.objects.len();
        let Some(own) = (object.0 as usize).checked_sub(before) else {
            return &self.document.table.object(object).root_key;
        };
        // An own object's root key stands in the touch of the intent that made it.
        let made = self.parts.objects[own].made;
        let atom = made.expect("only the root is made by no atom").atom;
        let intent = contents::step_of(&self.parts.steps, atom);
        self.touches[intent.expect("the object's step was added")].root_key
    }
}
