//! Documents by the reference model: which entries can be anything at all, what each atom does to
//! which cell, and what the counting atoms amount to (rules R4, R10). No Automerge, no op table.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::EntryId;
use protocol::intent::{AtomRef, Content, Intent, Intents, ObjectType, Scalar};
use protocol::limits;

use super::history::{History, Said};
use super::set::Set;

/// One atom: an entry by its place in the document's order, and a position in it.
pub type Spot = (usize, u32);

/// Where an atom acts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// A key of a map.
    Key(String),
    /// An element of a list or text.
    Element(Spot),
}

/// What an atom does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It writes a value over what stands there.
    Write(Content),
    /// It inserts an element behind another, or at the front.
    Insert(Content, Option<Spot>),
    /// It inserts a character.
    Character(char, Option<Spot>),
    /// It removes what stands there.
    Delete,
    /// It adds to counters.
    Increment(i64),
}

/// One atom with its place.
#[derive(Clone, Debug)]
pub struct Atom {
    /// Its name.
    pub spot: Spot,
    /// The object; none for the root.
    pub object: Option<Spot>,
    /// The cell.
    pub cell: Cell,
    /// What it does.
    pub deed: Deed,
}

/// What kinds are told of one intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch<'a> {
    /// The intent.
    pub intent: &'a Intent,
    /// The root's key under which it acts.
    pub root_key: String,
    /// Objects between the root and the place.
    pub depth: u8,
    /// The type of the object that holds the place.
    pub object: ObjectType,
    /// The intent's first atom.
    pub atom: u32,
    /// The atom that made the object: its entry, none for the judged one, and its position. None
    /// for the root.
    pub made: Option<(Option<EntryId>, u32)>,
    /// The entry that inserted the outermost list element on the way.
    pub element: Option<EntryId>,
}

/// How an entry stands in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It counts.
    Counts,
    /// It does not, but others may refer to it.
    Excluded,
    /// It can be nothing, for ever.
    Invalid,
    /// It counts and cannot be read here.
    Unreadable,
    /// It does not count and cannot be read here.
    UnreadableExcluded,
}

#[derive(Clone, Debug)]
struct Object {
    kind: ObjectType,
    depth: u8,
    root_key: String,
    element: Option<usize>,
}

/// One entry in the document's order.
#[derive(Clone, Debug)]
struct Node {
    number: usize,
    past: Set,
    start: u64,
    atoms: u32,
    status: Status,
    written: Vec<Atom>,
}

/// A document of the model.
pub struct Document<'a> {
    history: &'a History,
    /// Whether it was retired: nothing that it said is read.
    retired: bool,
    nodes: Vec<Node>,
    places: BTreeMap<EntryId, usize>,
    objects: BTreeMap<Spot, Object>,
    covered: BTreeSet<Spot>,
    sums: BTreeMap<Spot, i64>,
}

/// Why an entry has no atoms.
enum Unresolved {
    Invalid,
    Unreadable,
}

impl<'a> Document<'a> {
    /// Builds a document from entries that are judged by author (`counts`); those that cannot be
    /// judged yet are left out with all that follow them. `retired` says that nothing of it may be
    /// read, `allows` is the kind's word.
    pub fn new(
        history: &'a History,
        retired: bool,
        entries: &[(usize, bool)],
        mut allows: impl FnMut(usize, &[Touch<'_>]) -> bool,
    ) -> Self {
        let mut document = Self {
            history,
            retired,
            nodes: Vec::new(),
            places: BTreeMap::new(),
            objects: BTreeMap::new(),
            covered: BTreeSet::new(),
            sums: BTreeMap::new(),
        };
        let known: BTreeMap<EntryId, (usize, bool)> = entries
            .iter()
            .map(|(number, counts)| (history.facts[*number].id, (*number, *counts)))
            .collect();
        loop {
            let next = known.iter().find(|(id, (number, _))| {
                let deps = &history.facts[*number].header.deps;
                !document.places.contains_key(*id)
                    && deps.iter().all(|dep| document.places.contains_key(dep))
            });
            let Some((id, (number, counts))) = next else {
                break;
            };
            document.add(*id, *number, *counts, &mut allows);
        }
        document.link();
        document
    }

    /// Returns how each entry that could be placed stands.
    pub fn statuses(&self) -> BTreeMap<EntryId, Status> {
        self.nodes
            .iter()
            .map(|node| (self.history.facts[node.number].id, node.status))
            .collect()
    }

    fn add(
        &mut self,
        id: EntryId,
        number: usize,
        counts: bool,
        allows: &mut impl FnMut(usize, &[Touch<'_>]) -> bool,
    ) {
        let history = self.history;
        let header = &history.facts[number].header;
        let place = self.nodes.len();
        let mut past = Set::default();
        let mut start = 1;
        for dep in &header.deps {
            let dep = self.places[dep];
            past.unite(&self.nodes[dep].past);
            past.insert(dep);
            start = start.max(self.nodes[dep].start + u64::from(self.nodes[dep].atoms));
        }
        let mut node = Node {
            number,
            past,
            start,
            atoms: header.atoms,
            status: Status::Invalid,
            written: Vec::new(),
        };
        let resolved = self.resolve(place, &node);
        let (status, written, objects) = match resolved {
            Err(Unresolved::Invalid) => (Status::Invalid, Vec::new(), Vec::new()),
            Err(Unresolved::Unreadable) => {
                // What cannot be read is never rejected for what it may say (rule R18).
                let status = if counts {
                    Status::Unreadable
                } else {
                    Status::UnreadableExcluded
                };
                (status, Vec::new(), Vec::new())
            }
            Ok(resolved) => {
                let status = if counts && allows(number, &resolved.touches) {
                    Status::Counts
                } else {
                    Status::Excluded
                };
                (status, resolved.atoms, resolved.objects)
            }
        };
        node.status = status;
        node.written = written;
        self.objects.extend(objects);
        self.nodes.push(node);
        self.places.insert(id, place);
    }

    // ---- validity: immutable facts alone ----

    fn resolve(&self, place: usize, node: &Node) -> Result<Resolved<'a>, Unresolved> {
        let fact = &self.history.facts[node.number];
        let header = &fact.header;
        let deps: BTreeSet<&EntryId> = header.deps.iter().collect();
        let Some((own_atoms, own_bytes)) = self.own_before(node) else {
            return Err(Unresolved::Invalid);
        };
        let header_holds = deps.len() == header.deps.len()
            && header.deps.len() <= limits::DEPS_MAX
            && header.atoms > 0
            && header.atoms <= limits::ATOMS_MAX
            && own_atoms + u64::from(header.atoms) <= limits::SHARE_ATOMS_MAX
            && own_bytes + header.entry_bytes() as u64 <= limits::SHARE_BYTES_MAX;
        if !header_holds {
            return Err(Unresolved::Invalid);
        }
        let intents = match &fact.said {
            Said::Intents(intents) if !self.retired => intents,
            _ => return Err(Unresolved::Unreadable),
        };
        let size_holds = intents.intents.len() <= limits::INTENTS_MAX
            && intents.references.len() <= limits::REFERENCES_MAX
            && intents.atoms() == u64::from(header.atoms);
        if !size_holds {
            return Err(Unresolved::Invalid);
        }
        let entries = self.entries_named(place, node, intents)?;
        let mut resolver = Resolver {
            document: self,
            place,
            entries,
            written: BTreeSet::new(),
            resolved: Resolved::default(),
        };
        for intent in &intents.intents {
            resolver.intent(intent)?;
        }
        Ok(resolver.resolved)
    }

    /// What the author wrote into the document before: atoms and bytes. `None` where one of its
    /// entries, this one included, has not the one before in its past.
    fn own_before(&self, node: &Node) -> Option<(u64, u64)> {
        let (mut atoms, mut bytes) = (0, 0);
        let mut at = node;
        while let Some(before) = self.previous_of(at.number) {
            let place = *self.places.get(&self.history.facts[before].id)?;
            if !at.past.holds(place) {
                return None;
            }
            at = &self.nodes[place];
            atoms += u64::from(at.atoms);
            bytes += self.history.facts[before].header.entry_bytes() as u64;
        }
        Some((atoms, bytes))
    }

    fn previous_of(&self, number: usize) -> Option<usize> {
        let document = self.history.facts[number].document();
        let mut at = self.history.facts[number].parent;
        while let Some(number) = at {
            let before = &self.history.facts[number];
            if before.document() == document {
                return Some(number);
            }
            at = before.parent;
        }
        None
    }

    fn entries_named(
        &self,
        place: usize,
        node: &Node,
        intents: &Intents,
    ) -> Result<Vec<usize>, Unresolved> {
        let deps = &self.history.facts[node.number].header.deps;
        let mut named = vec![place, 0];
        named.extend(deps.iter().map(|dep| self.places[dep]));
        for reference in &intents.references {
            match self.places.get(reference) {
                Some(at) if node.past.holds(*at) => named.push(*at),
                _ => return Err(Unresolved::Invalid),
            }
        }
        Ok(named)
    }

    // ---- what the counting atoms amount to ----

    fn counts(&self, spot: Spot) -> bool {
        self.nodes[spot.0].status == Status::Counts
    }

    fn is_before(&self, one: Spot, other: Spot) -> bool {
        if one.0 == other.0 {
            one.1 < other.1
        } else {
            self.nodes[other.0].past.holds(one.0)
        }
    }

    /// Finds what covers what: each writing atom covers the values at its cell in its past that
    /// nothing in its past covers.
    fn link(&mut self) {
        let mut cells: BTreeMap<(Option<Spot>, Cell), Vec<Atom>> = BTreeMap::new();
        for node in &self.nodes {
            if node.status == Status::Counts {
                for atom in &node.written {
                    let at = (atom.object, atom.cell.clone());
                    cells.entry(at).or_default().push(atom.clone());
                }
            }
        }
        for atoms in cells.into_values() {
            self.link_cell(&atoms);
        }
    }

    fn link_cell(&mut self, atoms: &[Atom]) {
        let mut covers: Vec<(Spot, Spot)> = Vec::new();
        for atom in atoms {
            let standing: Vec<&Atom> = atoms
                .iter()
                .filter(|value| is_value(&value.deed) && self.is_before(value.spot, atom.spot))
                .filter(|value| {
                    !covers.iter().any(|(coverer, covered)| {
                        *covered == value.spot && self.is_before(*coverer, atom.spot)
                    })
                })
                .collect();
            match &atom.deed {
                Deed::Insert(..) | Deed::Character(..) => {}
                Deed::Write(_) | Deed::Delete => {
                    covers.extend(standing.iter().map(|value| (atom.spot, value.spot)));
                }
                Deed::Increment(by) => {
                    let counters = standing
                        .iter()
                        .filter(|value| is_counter(&value.deed))
                        .count();
                    for value in standing {
                        if is_counter(&value.deed) {
                            *self.sums.entry(value.spot).or_default() += by;
                        } else if counters > 0 {
                            covers.push((atom.spot, value.spot));
                        }
                    }
                }
            }
        }
        self.covered
            .extend(covers.into_iter().map(|(_, covered)| covered));
    }

    /// Returns the document's value.
    pub fn value(&self) -> Value {
        self.object_value(None, ObjectType::Map)
    }

    fn atoms_of(&self, object: Option<Spot>) -> impl Iterator<Item = &Atom> {
        self.nodes
            .iter()
            .flat_map(|node| &node.written)
            .filter(move |atom| atom.object == object)
    }

    fn object_value(&self, object: Option<Spot>, kind: ObjectType) -> Value {
        match kind {
            ObjectType::Map => {
                let mut keys: BTreeSet<&String> = BTreeSet::new();
                for atom in self.atoms_of(object) {
                    if let Cell::Key(key) = &atom.cell {
                        keys.insert(key);
                    }
                }
                let cells = keys.into_iter().filter_map(|key| {
                    let values = self.standing(object, &Cell::Key(key.clone()));
                    (!values.is_empty()).then(|| (key.clone(), values))
                });
                Value::Map(cells.collect())
            }
            ObjectType::List => {
                let elements = self.order(object).into_iter().filter_map(|spot| {
                    let values = self.standing(object, &Cell::Element(spot));
                    (!values.is_empty()).then(|| (self.name(spot), values))
                });
                Value::List(elements.collect())
            }
            ObjectType::Text => {
                let characters = self.order(object).into_iter().filter_map(|spot| {
                    let atom = self.atom(spot)?;
                    let Deed::Character(character, _) = atom.deed else {
                        return None;
                    };
                    (self.counts(spot) && !self.covered.contains(&spot))
                        .then(|| (self.name(spot), character))
                });
                Value::Text(characters.collect())
            }
        }
    }

    /// Returns the values at a cell, the one that is shown first.
    fn standing(&self, object: Option<Spot>, cell: &Cell) -> Vec<(Name, Value)> {
        let mut spots: Vec<Spot> = self
            .atoms_of(object)
            .filter(|atom| atom.cell == *cell && is_value(&atom.deed))
            .map(|atom| atom.spot)
            .filter(|spot| self.counts(*spot) && !self.covered.contains(spot))
            .collect();
        spots.sort_by_key(|spot| self.rank(*spot));
        spots.reverse();
        spots
            .into_iter()
            .map(|spot| (self.name(spot), self.content(spot)))
            .collect()
    }

    fn content(&self, spot: Spot) -> Value {
        if let Some(object) = self.objects.get(&spot) {
            return self.object_value(Some(spot), object.kind);
        }
        let atom = self.atom(spot).expect("a value is an atom");
        match &atom.deed {
            Deed::Write(Content::Scalar(scalar)) | Deed::Insert(Content::Scalar(scalar), _) => {
                let sum = self.sums.get(&spot).copied().unwrap_or(0);
                Value::Scalar(match scalar {
                    Scalar::Counter(first) => Scalar::Counter(first + sum),
                    scalar => scalar.clone(),
                })
            }
            _ => Value::Scalar(Scalar::Null),
        }
    }

    /// Returns the elements ever inserted, in order: each directly behind its anchor, and of
    /// several at one anchor the one with the greater rank first. Elements of excluded entries
    /// keep their places; nothing shows there.
    fn order(&self, object: Option<Spot>) -> Vec<Spot> {
        let mut behind: BTreeMap<Option<Spot>, Vec<Spot>> = BTreeMap::new();
        for atom in self.atoms_of(object) {
            if let Deed::Insert(_, anchor) | Deed::Character(_, anchor) = &atom.deed {
                behind.entry(*anchor).or_default().push(atom.spot);
            }
        }
        for spots in behind.values_mut() {
            spots.sort_by_key(|spot| self.rank(*spot));
        }
        let mut open = behind.remove(&None).unwrap_or_default();
        let mut order = Vec::new();
        while let Some(spot) = open.pop() {
            order.push(spot);
            open.extend(behind.remove(&Some(spot)).unwrap_or_default());
        }
        order
    }

    fn rank(&self, spot: Spot) -> (u64, EntryId) {
        let node = &self.nodes[spot.0];
        (
            node.start + u64::from(spot.1),
            self.history.facts[node.number].id,
        )
    }

    fn name(&self, spot: Spot) -> Name {
        (self.history.facts[self.nodes[spot.0].number].id, spot.1)
    }

    fn atom(&self, spot: Spot) -> Option<&Atom> {
        self.nodes.get(spot.0)?.written.get(spot.1 as usize)
    }
}

/// An atom's name.
pub type Name = (EntryId, u32);

/// A value with all that stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A scalar.
    Scalar(Scalar),
    /// A map.
    Map(BTreeMap<String, Vec<(Name, Value)>>),
    /// A list.
    List(Vec<(Name, Vec<(Name, Value)>)>),
    /// A text.
    Text(Vec<(Name, char)>),
}

fn is_value(deed: &Deed) -> bool {
    matches!(
        deed,
        Deed::Write(_) | Deed::Insert(..) | Deed::Character(..)
    )
}

fn is_counter(deed: &Deed) -> bool {
    matches!(
        deed,
        Deed::Write(Content::Scalar(Scalar::Counter(_)))
            | Deed::Insert(Content::Scalar(Scalar::Counter(_)), _)
    )
}

#[derive(Default)]
struct Resolved<'a> {
    atoms: Vec<Atom>,
    objects: Vec<(Spot, Object)>,
    touches: Vec<Touch<'a>>,
}

struct Resolver<'d, 'a> {
    document: &'d Document<'a>,
    place: usize,
    entries: Vec<usize>,
    written: BTreeSet<(Option<Spot>, Cell)>,
    resolved: Resolved<'a>,
}

impl<'a> Resolver<'_, 'a> {
    fn intent(&mut self, intent: &'a Intent) -> Result<(), Unresolved> {
        use ObjectType::{List, Map, Text};
        match intent {
            Intent::Put {
                object,
                key,
                content,
            } => {
                let object = self.object(*object, &[Map])?;
                let cell = self.key(key)?;
                self.once(object, &cell)?;
                self.touch(intent, object, Some(key), None);
                self.make(object, Some(key), None, content)?;
                self.atom(object, cell, Deed::Write(content.clone()));
            }
            Intent::Delete { object, key } => {
                let object = self.object(*object, &[Map])?;
                let cell = self.key(key)?;
                self.once(object, &cell)?;
                self.touch(intent, object, Some(key), None);
                self.atom(object, cell, Deed::Delete);
            }
            Intent::Increment { object, key, by } => {
                let object = self.object(*object, &[Map])?;
                let cell = self.key(key)?;
                bounded(*by)?;
                self.touch(intent, object, Some(key), None);
                self.atom(object, cell, Deed::Increment(*by));
            }
            Intent::Insert {
                object,
                after,
                content,
            } => {
                let object = self.object(Some(*object), &[List])?;
                let after = self.anchor(object, *after)?;
                self.touch(intent, object, None, Some(self.place));
                self.make(object, None, Some(self.place), content)?;
                let cell = Cell::Element(self.next());
                self.atom(object, cell, Deed::Insert(content.clone(), after));
            }
            Intent::PutElement {
                object,
                element,
                content,
            } => {
                let object = self.object(Some(*object), &[List])?;
                let element = self.element(object, *element, 0)?;
                self.once(object, &Cell::Element(element))?;
                self.touch(intent, object, None, Some(element.0));
                self.make(object, None, Some(element.0), content)?;
                self.atom(object, Cell::Element(element), Deed::Write(content.clone()));
            }
            Intent::IncrementElement {
                object,
                element,
                by,
            } => {
                let object = self.object(Some(*object), &[List])?;
                let element = self.element(object, *element, 0)?;
                bounded(*by)?;
                self.touch(intent, object, None, Some(element.0));
                self.atom(object, Cell::Element(element), Deed::Increment(*by));
            }
            Intent::DeleteRun {
                object,
                first,
                count,
            } => {
                let object = self.object(Some(*object), &[List, Text])?;
                if *count == 0 {
                    return Err(Unresolved::Invalid);
                }
                let owner = self.element(object, *first, 0)?.0;
                for offset in 0..*count {
                    let element = self.element(object, *first, offset)?;
                    self.once(object, &Cell::Element(element))?;
                }
                self.touch(intent, object, None, Some(owner));
                for offset in 0..*count {
                    let element = self.element(object, *first, offset)?;
                    self.atom(object, Cell::Element(element), Deed::Delete);
                }
            }
            Intent::Splice {
                object,
                after,
                text,
            } => {
                let object = self.object(Some(*object), &[Text])?;
                let mut after = self.anchor(object, *after)?;
                if text.is_empty() {
                    return Err(Unresolved::Invalid);
                }
                self.touch(intent, object, None, Some(self.place));
                for character in text.chars() {
                    let spot = self.next();
                    self.atom(
                        object,
                        Cell::Element(spot),
                        Deed::Character(character, after),
                    );
                    after = Some(spot);
                }
            }
        }
        Ok(())
    }

    fn next(&self) -> Spot {
        let position = u32::try_from(self.resolved.atoms.len()).expect("atoms are bounded");
        (self.place, position)
    }

    fn atom(&mut self, object: Option<Spot>, cell: Cell, deed: Deed) {
        let spot = self.next();
        self.resolved.atoms.push(Atom {
            spot,
            object,
            cell,
            deed,
        });
    }

    /// Looks up an atom of the past or of this entry.
    fn spot(&self, reference: AtomRef, offset: u32) -> Result<Spot, Unresolved> {
        let entry = self.entries.get(reference.entry.0 as usize).copied();
        let entry = entry.ok_or(Unresolved::Invalid)?;
        let atom = reference
            .atom
            .checked_add(offset)
            .ok_or(Unresolved::Invalid)?;
        let held = if entry == self.place {
            self.resolved.atoms.len()
        } else {
            let node = &self.document.nodes[entry];
            if matches!(node.status, Status::Unreadable | Status::UnreadableExcluded) {
                return Err(Unresolved::Unreadable);
            }
            node.written.len()
        };
        if (atom as usize) < held {
            Ok((entry, atom))
        } else {
            Err(Unresolved::Invalid)
        }
    }

    fn known(&self, object: Option<Spot>) -> Option<Object> {
        let Some(spot) = object else {
            return Some(Object {
                kind: ObjectType::Map,
                depth: 0,
                root_key: String::new(),
                element: None,
            });
        };
        let own = self.resolved.objects.iter().find(|(made, _)| *made == spot);
        own.map(|(_, object)| object.clone())
            .or_else(|| self.document.objects.get(&spot).cloned())
    }

    fn object(
        &self,
        reference: Option<AtomRef>,
        fitting: &[ObjectType],
    ) -> Result<Option<Spot>, Unresolved> {
        let spot = reference
            .map(|reference| self.spot(reference, 0))
            .transpose()?;
        match self.known(spot) {
            Some(object) if fitting.contains(&object.kind) => Ok(spot),
            _ => Err(Unresolved::Invalid),
        }
    }

    fn element(
        &self,
        object: Option<Spot>,
        reference: AtomRef,
        offset: u32,
    ) -> Result<Spot, Unresolved> {
        let spot = self.spot(reference, offset)?;
        let atom = if spot.0 == self.place {
            &self.resolved.atoms[spot.1 as usize]
        } else {
            &self.document.nodes[spot.0].written[spot.1 as usize]
        };
        let inserts = matches!(atom.deed, Deed::Insert(..) | Deed::Character(..));
        if inserts && atom.object == object {
            Ok(spot)
        } else {
            Err(Unresolved::Invalid)
        }
    }

    fn anchor(
        &self,
        object: Option<Spot>,
        after: Option<AtomRef>,
    ) -> Result<Option<Spot>, Unresolved> {
        after
            .map(|after| self.element(object, after, 0))
            .transpose()
    }

    fn key(&self, key: &str) -> Result<Cell, Unresolved> {
        if key.is_empty() || key.starts_with('\0') || key.len() > limits::KEY_BYTES_MAX {
            return Err(Unresolved::Invalid);
        }
        Ok(Cell::Key(key.to_owned()))
    }

    /// One put or delete for each cell in an entry.
    fn once(&mut self, object: Option<Spot>, cell: &Cell) -> Result<(), Unresolved> {
        if self.written.insert((object, cell.clone())) {
            Ok(())
        } else {
            Err(Unresolved::Invalid)
        }
    }

    /// Checks content, and notes the object that it makes.
    fn make(
        &mut self,
        parent: Option<Spot>,
        key: Option<&str>,
        element: Option<usize>,
        content: &Content,
    ) -> Result<(), Unresolved> {
        let kind = match content {
            Content::Scalar(Scalar::Counter(first)) => return bounded(*first),
            Content::Scalar(_) => return Ok(()),
            Content::Object(kind) => *kind,
        };
        let around = self.known(parent).ok_or(Unresolved::Invalid)?;
        if around.depth >= limits::DEPTH_MAX {
            return Err(Unresolved::Invalid);
        }
        let root_key = match (parent, key) {
            (None, Some(key)) => key.to_owned(),
            _ => around.root_key,
        };
        let object = Object {
            kind,
            depth: around.depth + 1,
            root_key,
            element: around.element.or(element),
        };
        self.resolved.objects.push((self.next(), object));
        Ok(())
    }

    fn touch(
        &mut self,
        intent: &'a Intent,
        object: Option<Spot>,
        key: Option<&str>,
        element: Option<usize>,
    ) {
        let Some(around) = self.known(object) else {
            return;
        };
        let owner = around.element.or(element);
        let entry_of = |place: usize| match place == self.place {
            true => None,
            false => Some(self.document.nodes[place].number),
        };
        let history = self.document.history;
        let name_of = |place: usize| entry_of(place).map(|number| history.facts[number].id);
        let atom = self.next().1;
        let made = object.map(|(place, atom)| (name_of(place), atom));
        self.resolved.touches.push(Touch {
            intent,
            root_key: match (object, key) {
                (None, Some(key)) => key.to_owned(),
                _ => around.root_key,
            },
            depth: around.depth,
            object: around.kind,
            atom,
            made,
            // None stands for the entry itself, which the kind knows.
            element: owner.and_then(name_of),
        });
    }
}

fn bounded(value: i64) -> Result<(), Unresolved> {
    if (-limits::COUNTER_ABS_MAX..=limits::COUNTER_ABS_MAX).contains(&value) {
        Ok(())
    } else {
        Err(Unresolved::Invalid)
    }
}
