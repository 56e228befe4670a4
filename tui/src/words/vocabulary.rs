//! What the protocol's names are called: kinds, fields, choices, states, roles, refusals.
//!
//! Names come from documents and nodes that may be newer than this program, so each has words for a
//! name that is not known. Who may do what is not decided here.

use protocol::api::{
    Acknowledgements, ActedAs, Completeness, EmergencyNumbers, MemberRef, RecordedRef,
};

use super::{Value, Words};

/// What the reader has to do with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It created the document.
    Creator,
    /// Its offer was accepted.
    Helper,
    /// Neither.
    Other,
}

impl Words {
    /// Names a kind of document: "help request".
    pub fn kind(&self, kind: &str) -> String {
        self.known(&format!("kind-{kind}"), "kind-unknown")
    }

    /// Names a kind of document, several of it: "help requests".
    pub fn kinds(&self, kind: &str) -> String {
        self.known(&format!("kind-{kind}.several"), "kind-unknown.several")
    }

    /// Counts documents of a kind: "3 help requests".
    pub fn counted(&self, kind: &str, count: usize) -> String {
        let key = format!("kind-{kind}.counted");
        let key = if self.has(&key) {
            &key
        } else {
            "kind-unknown.counted"
        };
        self.with(key, &[("count", count.into())])
    }

    /// Names a field of a kind, or of a fact (`offers.body`), as the protocol and its refusals
    /// write it. A name that is not known is shown as it is.
    pub fn field(&self, kind: &str, field: &str) -> String {
        let (list, own) = match field.split_once('.') {
            Some((list, own)) => (Some(list), own),
            None => (None, field),
        };
        let own = dashed(own);
        let mut keys = Vec::with_capacity(3);
        if let Some(list) = list {
            keys.push(format!("field-{kind}-{}-{own}", dashed(list)));
        } else {
            keys.push(format!("field-{kind}-{own}"));
        }
        keys.push(format!("field-{own}"));
        let found = keys.iter().find(|key| self.has(key));
        found.map_or_else(|| field.to_owned(), |key| self.text(key))
    }

    /// Names a list of facts of a kind: "offers".
    pub fn list(&self, kind: &str, list: &str) -> String {
        let list = dashed(list);
        self.known(&format!("list-{kind}-{list}"), &format!("list-{list}"))
    }

    /// Names one fact of a kind's list, by the fact's name: "offer".
    pub fn fact(&self, kind: &str, item: &str) -> String {
        let item = dashed(item);
        self.known(&format!("fact-{kind}-{item}"), &format!("fact-{item}"))
    }

    /// Names a word that a field may hold: `category`, `errand`. A word that is not known is shown
    /// as it is.
    pub fn choice(&self, field: &str, word: &str) -> String {
        let key = format!("choice-{}-{word}", dashed(field));
        if self.has(&key) {
            self.text(&key)
        } else {
            word.to_owned()
        }
    }

    /// Says of a flag of a fact that it is set, where no name stands before it.
    pub fn flag_of_fact(&self, kind: &str, list: &str, field: &str) -> String {
        match field {
            "public" => self.text("fact-is-public"),
            _ => self.field(kind, &format!("{list}.{field}")),
        }
    }

    /// Says yes or no.
    pub fn flag(&self, flag: bool) -> String {
        self.text(if flag {
            "choice-flag-yes"
        } else {
            "choice-flag-no"
        })
    }

    /// Names a state of a kind: "has offers".
    pub fn state(&self, kind: &str, state: &str) -> String {
        self.known(&format!("state-{kind}-{state}"), "state-unknown")
    }

    /// Says who acts next, from where the reader stands; empty when nobody needs to.
    pub fn next(&self, kind: &str, state: &str, reader: Part) -> String {
        let reader = match reader {
            Part::Creator => "creator",
            Part::Helper => "helper",
            Part::Other => "other",
        };
        let key = format!("next-{kind}-{state}");
        if self.has(&key) {
            self.with(&key, &[("reader", reader.into())])
        } else {
            String::new()
        }
    }

    /// Says whom to call in an emergency, and that nothing here is an emergency service.
    pub fn emergency(&self, numbers: &EmergencyNumbers) -> String {
        let numbers = self.emergency_numbers(numbers);
        self.with("emergency-first", &[("numbers", numbers.into())])
    }

    /// Lists emergency numbers.
    pub fn emergency_numbers(&self, numbers: &EmergencyNumbers) -> String {
        let numbers: Vec<&str> = numbers.iter().collect();
        numbers.join(&self.text("between-names"))
    }

    /// Says how whole a document is; empty when it is complete.
    pub fn completeness(&self, completeness: Completeness) -> String {
        match completeness {
            Completeness::Complete => String::new(),
            Completeness::Incomplete => self.text("completeness-incomplete"),
            Completeness::Erased => self.text("completeness-erased"),
            Completeness::ReadOnly => self.text("completeness-read-only"),
        }
    }

    /// Names a field that several set apart: of a fact it is list, the fact's name and field, with
    /// full stops between.
    pub fn contested(&self, kind: &str, name: &str) -> String {
        match super::value::contested(name) {
            (Some(list), own) => self.field(kind, &format!("{list}.{own}")),
            (None, own) => self.field(kind, own),
        }
    }

    /// Names a member, with its building.
    pub fn member(&self, member: &MemberRef) -> String {
        let name = match member.name.is_empty() {
            true => self.text("somebody-unknown"),
            false => member.name.clone(),
        };
        match &member.building {
            Some(of) => self.with_building(&name, of),
            None => name,
        }
    }

    /// Names a household without a device with its building.
    pub fn recorded(&self, household: &RecordedRef) -> String {
        let name = match household.name.is_empty() {
            true => self.text("recorded-unknown"),
            false => household.name.clone(),
        };
        match &household.building {
            Some(of) => self.with_building(&name, of),
            None => name,
        }
    }

    /// Says for which household without a device something is to be done, where it is for one.
    pub fn done_for(&self, what: &str, household: Option<&RecordedRef>) -> String {
        let Some(household) = household else {
            return what.to_owned();
        };
        let household = self.recorded(household);
        let values = [("household", (&household).into()), ("what", what.into())];
        self.with("done-for", &values)
    }

    /// Says how many households have acknowledged a notice, and in which ways.
    pub fn acknowledged(&self, told: &Acknowledgements) -> String {
        let counts = [
            ("acknowledged", told.acknowledged.into()),
            ("households", told.households.into()),
            ("paper", told.on_paper.into()),
            ("proxy", told.by_proxy.into()),
        ];
        self.with("paper-acknowledged", &counts)
    }

    /// Says of whom it is not told, or that nobody is outstanding; none where the lists say it all.
    pub fn acknowledged_beside(&self, told: &Acknowledgements) -> Option<String> {
        match (told.named, told.unnamed()) {
            (false, _) => Some(self.text("acknowledgements-unnamed")),
            (true, _) if told.is_complete() => Some(self.text("paper-none-outstanding")),
            (true, 0) => None,
            (true, count) => {
                Some(self.with("acknowledgements-elsewhere", &[("count", count.into())]))
            }
        }
    }

    /// Says who acts for a household without a device, by what they are called.
    pub fn acting(&self, names: &[String]) -> String {
        if names.is_empty() {
            return self.text("recorded-nobody");
        }
        let names = names.join(&self.text("between-names"));
        self.with("recorded-acting", &[("names", (&names).into())])
    }

    /// Says that somebody wrote for a household without a device: the author stays who signed.
    pub fn recorded_by(&self, name: &str, household: &RecordedRef) -> String {
        let household = self.recorded(household);
        self.with(
            "recorded-by",
            &[("name", name.into()), ("household", (&household).into())],
        )
    }

    /// Puts a building behind a name.
    pub fn with_building(&self, name: &str, of: &str) -> String {
        let building = self.building(of);
        self.with(
            "name-of-building",
            &[("name", name.into()), ("building", (&building).into())],
        )
    }

    /// Names a building: a bare number or letter gets the word for building.
    pub fn building(&self, of: &str) -> String {
        let is_bare = of.len() <= 4 && of.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match is_bare {
            true => self.with("of-building", &[("building", of.into())]),
            false => of.to_owned(),
        }
    }

    /// Names what a member is: `household`, `guest` or `office`.
    pub fn member_kind(&self, kind: &str) -> String {
        self.known(&format!("member-{kind}"), "member-unknown")
    }

    /// Names a role without saying of what.
    pub fn role(&self, role: &str) -> String {
        self.known(&format!("role-{role}"), "role-unknown")
    }

    /// Names the capacity in which somebody acts: a role with the name of its office or building.
    pub fn capacity(&self, role: &str, of: Option<&str>) -> String {
        let key = format!("capacity-{role}");
        match of.filter(|_| self.has(&key)) {
            Some(of) => self.with(&key, &[("of", of.into())]),
            None => self.role(role),
        }
    }

    /// Names the right by which something was done.
    pub fn acted_as(&self, acted_as: &ActedAs) -> String {
        match acted_as.capacity.as_str() {
            "founder" | "quorum" | "unknown" => {
                self.text(&format!("capacity-{}", acted_as.capacity))
            }
            "household" | "guest" | "office" => self.member_kind(&acted_as.capacity),
            role => {
                let office = acted_as.office.as_ref().map(|office| office.name.as_str());
                let building = acted_as.building.as_ref().map(|of| self.building(of));
                self.capacity(role, office.or(building.as_deref()))
            }
        }
    }

    /// Says what may be done, by its word: `admit-households`.
    pub fn power(&self, power: &str) -> String {
        self.as_it_is("power", power)
    }

    /// Says what a statement does, by its word: `remove-household`.
    pub fn act(&self, act: &str) -> String {
        self.as_it_is("act", act)
    }

    /// Says how a motion stands, by its word: `in-force`.
    pub fn motion_state(&self, state: &str) -> String {
        self.as_it_is("motion-state", state)
    }

    /// Says why a statement or motion does not count, by its word: `beyond-cut`.
    pub fn why(&self, why: &str) -> String {
        self.as_it_is("why", why)
    }

    /// Says how far something written here has come. A number that is not known, or is nought, is
    /// left out.
    pub fn delivery(&self, relays: u32, homes: u32) -> String {
        let key = match (relays, homes) {
            (0, 0) => return self.text("delivery-here"),
            (_, 0) => "delivery-relays",
            (0, _) => "delivery-homes",
            _ => "delivery-relays-homes",
        };
        self.with(key, &[("relays", relays.into()), ("homes", homes.into())])
    }

    /// Heads a refusal by its stable code: what happened, in a few words.
    pub fn refusal(&self, code: &str) -> String {
        self.known(&format!("refusal-{code}"), "refusal-internal")
    }

    /// Names a key of the keyboard that is no character: `enter`, `esc`, `up`, …
    pub fn key(&self, key: &str) -> String {
        let named = format!("key-{key}");
        if self.has(&named) {
            self.text(&named)
        } else {
            key.to_owned()
        }
    }

    /// Says what is unread: "3 unread"; empty when nothing is.
    pub fn unread(&self, count: usize) -> String {
        self.nonzero("unread", count)
    }

    /// Says that items arrived above the first line on screen: "3 new above"; empty when none did.
    pub fn new_above(&self, count: usize) -> String {
        self.nonzero("new-above", count)
    }

    fn nonzero(&self, key: &str, count: usize) -> String {
        match count {
            0 => String::new(),
            _ => self.with(key, &[("count", Value::from(count))]),
        }
    }

    /// A word that is not known is shown as it is.
    fn as_it_is(&self, family: &str, word: &str) -> String {
        let key = format!("{family}-{word}");
        match self.has(&key) {
            true => self.text(&key),
            false => word.to_owned(),
        }
    }

    fn known(&self, key: &str, otherwise: &str) -> String {
        self.text(if self.has(key) { key } else { otherwise })
    }
}

/// Names of the protocol have low lines, keys of messages have hyphens.
fn dashed(name: &str) -> String {
    name.replace('_', "-")
}
