//! Resolving: looking up what an entry's intents refer to, and checking every immutable fact about
//! them (rules R4 and R12).
//!
//! Every verdict here is the same on every replica that holds the entry and its past: it reads
//! neither predecessors, nor standing, nor what else has arrived.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};
use crate::limits;

use super::atom::{Atom, AtomId, ObjectNumber, Spot, Step, Target};
use super::graph::Place;
use super::invalid::{Invalid, check_counter, check_header, check_key, check_size};
use super::table::{Effect, Object};
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
    pub(super) atoms: Vec<Atom>,
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
        written: BTreeSet::new(),
        parts: Parts {
            steps: Vec::with_capacity(intents.intents.len()),
            atoms: Vec::with_capacity(entry.atoms as usize),
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

/// A cell that one entry may put to or delete once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Written<'a> {
    Key(ObjectNumber, &'a str),
    Element(Spot),
}

struct Resolver<'a> {
    document: &'a Document,
    entry: &'a DocumentEntry,
    me: u32,
    references: Vec<u32>,
    written: BTreeSet<Written<'a>>,
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
                self.step(at, object, Target::Key, 1);
            }
            Intent::Delete { object, key } => {
                let object = self.object(at, *object, &[ObjectType::Map])?;
                self.write_key(at, object, key)?;
                self.touch_key(object, key, Action::Delete);
                self.step(at, object, Target::Key, 1);
            }
            Intent::Increment { object, key, by } => {
                let object = self.object(at, *object, &[ObjectType::Map])?;
                check_key(at, key)?;
                check_counter(at, *by)?;
                self.touch_key(object, key, Action::Increment(*by));
                self.step(at, object, Target::Key, 1);
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
                self.step(at, object, Target::After(after), 1);
            }
            Intent::PutElement {
                object,
                element,
                content,
            } => {
                let object = self.object(at, Some(*object), &[ObjectType::List])?;
                let element = self.element(at, object, *element, 0)?;
                self.write(at, Written::Element(element))?;
                self.content(at, object, None, Some(element.entry), content)?;
                self.touch_element(object, element.entry, Action::PutElement(content));
                self.step(at, object, Target::Element(element), 1);
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
                self.step(at, object, Target::Element(element), 1);
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
                self.step(at, object, Target::After(after), characters.len());
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
        for offset in 0..count {
            let element = self.element(at, object, first, offset)?;
            self.write(at, Written::Element(element))?;
        }
        self.touch_element(object, start.entry, Action::DeleteRun(count));
        self.step(at, object, Target::Element(start), count as usize);
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
            self.parts.atoms.len()
        } else {
            let contents = &self.document.table.contents[entry as usize];
            if contents.effect == Effect::Unread {
                return Err(Unresolved::Unreadable);
            }
            contents.atoms.len()
        };
        if atom as usize >= held {
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
                let atom = if spot.entry == self.me {
                    &self.parts.atoms[spot.atom as usize]
                } else {
                    self.document.table.atom(spot)
                };
                atom.made.ok_or(wrong)?
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
        let step = if spot.entry == self.me {
            let intent = self.parts.atoms[spot.atom as usize].intent;
            &self.parts.steps[intent as usize]
        } else {
            self.document.table.contents[spot.entry as usize]
                .step_of(spot.atom)
                .1
        };
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
        self.write(at, Written::Key(object, key))
    }

    fn write(&mut self, at: usize, cell: Written<'a>) -> Result<(), Invalid> {
        if self.written.insert(cell) {
            Ok(())
        } else {
            Err(Invalid::Twice { intent: at })
        }
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
        u32::try_from(self.parts.atoms.len()).expect("the atoms of an entry are bounded")
    }

    /// Adds a step and its atoms. The object that the step makes, if any, was registered last.
    fn step(&mut self, at: usize, object: ObjectNumber, target: Target, atoms: usize) {
        let first_atom = self.next_atom();
        let made = self.parts.objects.last().and_then(|last| {
            let own = self.parts.objects.len() - 1;
            let number = u32::try_from(self.document.table.objects.len() + own);
            let number = number.expect("a document's atoms are bounded");
            let made = last.made.expect("only the root is made by no atom");
            (made.atom == first_atom).then_some(ObjectNumber(number))
        });
        let intent = u32::try_from(at).expect("the intents of an entry are bounded");
        self.parts.atoms.extend((0..atoms).map(|_| Atom {
            intent,
            made,
            element: 0,
            covered_by: Vec::new(),
        }));
        self.parts.steps.push(Step {
            object,
            target,
            first_atom,
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
        let intent = self.parts.atoms[atom as usize].intent;
        self.touches[intent as usize].root_key
    }
}
