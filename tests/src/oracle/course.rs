//! What the facts of requests and notices come to, told once more from the product's words: how far
//! help has come, how each offer stands, what is shown to some only, and who has acknowledged.

use std::collections::{BTreeMap, BTreeSet};

use protocol::document::AtomId;
use protocol::entry::Subject;
use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::intent::Scalar;
use protocol::kind::{self, ItemId, Kinds};
use protocol::replica::ReadDocument;

use crate::sim::world::World;

use super::checks::history_of;
use super::compare::Model;
use super::document::{Name, Status, Value};
use super::past::Past;

const NOTICE: u16 = 1;
const REQUEST: u16 = 2;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// For how long what is done or over can be opened again.
const REOPENING_MS: i64 = 14 * DAY_MS;
/// Facts that name an offer, or another fact, and mean nothing without it.
const NAMES_ANOTHER: [(&str, &str); 9] = [
    ("acceptance", "offer"),
    ("withdrawal", "offer"),
    ("check_in", "offer"),
    ("completion", "offer"),
    ("handover", "offer"),
    ("no_show", "offer"),
    ("thank", "offer"),
    ("assent", "to"),
    ("reply", "no_show"),
];

/// What facts come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The state, without a clock.
    pub state: String,
    /// A word for each offer.
    pub offers: BTreeMap<Name, String>,
    /// Facts that not everybody is shown.
    pub withheld: BTreeSet<Name>,
    /// The households that have acknowledged a notice, and in which way.
    pub acknowledged: BTreeMap<MemberId, String>,
}

impl Course {
    /// Reads what a replica makes of a request or notice.
    pub fn read(kinds: &Kinds, read: &ReadDocument) -> Option<Self> {
        let kind = kinds.by_code(read.kind);
        let kind = kind.filter(|kind| matches!(kind.code, NOTICE | REQUEST))?;
        if read.erased || !read.counts {
            return None;
        }
        let value = read.document.value();
        let facts = read.facts(kind, &value);
        let mut course = Self {
            state: (kind.state)(&facts).map_or_else(String::new, |state| state.name.to_owned()),
            ..Self::default()
        };
        if kind.code == NOTICE {
            let given = kind::acknowledgements(&facts).into_iter();
            course.acknowledged = given
                .map(|(household, word)| (household, word.way.to_owned()))
                .collect();
        }
        let marks = kind.course.map(|course| (course.marks)(&facts));
        for (id, mark) in marks.into_iter().flatten() {
            let ItemId(AtomId { entry, atom }) = id;
            if let Some(state) = mark.state {
                course.offers.insert((entry, atom), state.to_owned());
            }
            if mark.sight.is_some() {
                course.withheld.insert((entry, atom));
            }
        }
        Some(course)
    }

    /// Works out what a request or notice of the model comes to.
    pub fn of(model: &Model<'_>, id: DocumentId) -> Option<Self> {
        let header = &model.history.facts[model.history.find(&id.into())?].header;
        let Subject::Creation { kind } = header.subject else {
            return None;
        };
        let shown = model.documents.get(&id)?;
        if shown.statuses.get(&id.into()) != Some(&Status::Counts) {
            return None;
        }
        let Value::Map(root) = &shown.value else {
            return None;
        };
        let past = Past::of(model, id);
        let said = said(model, root, &past);
        match kind {
            NOTICE => Some(of_notice(&said, header.member?)),
            REQUEST => Some(of_request(root, &said, header.member?, &past)),
            _ => None,
        }
    }
}

/// What a run said about help, as its honest hosts hold it: the names of facts, and the states that
/// requests, notices and standing offers have reached.
pub fn said_in(world: &World) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut names, mut states) = (BTreeSet::new(), BTreeSet::new());
    for host in world.hosts.iter().filter(|host| host.is_honest()) {
        let history = history_of(&host.memory);
        let model = Model::new(&history, world.space);
        for (id, shown) in &model.documents {
            if let Value::Map(root) = &shown.value {
                let past = Past::of(&model, *id);
                names.extend(
                    said(&model, root, &past)
                        .iter()
                        .map(|one| one.is.to_owned()),
                );
            }
            states.extend(Course::of(&model, *id).map(|course| course.state));
        }
    }
    (names, states)
}

/// The cells of a map.
type Cells = BTreeMap<String, Vec<(Name, Value)>>;

/// One fact.
struct Said<'a> {
    name: Name,
    is: &'a str,
    by: MemberId,
    time_ms: i64,
    cells: &'a Cells,
}

impl Said<'_> {
    fn named(&self, key: &str) -> Option<Name> {
        match scalar(self.cells, key)? {
            Scalar::Bytes(bytes) => {
                let (entry, atom) = bytes.split_first_chunk()?;
                let atom = u32::from_be_bytes(atom.try_into().ok()?);
                Some((EntryId(*entry), atom))
            }
            _ => None,
        }
    }

    fn text(&self, key: &str) -> Option<&str> {
        match scalar(self.cells, key)? {
            Scalar::Text(text) => Some(text),
            _ => None,
        }
    }

    fn flag(&self, key: &str) -> bool {
        scalar(self.cells, key) == Some(&Scalar::Bool(true))
    }

    fn bytes(&self, key: &str) -> Option<[u8; 32]> {
        match scalar(self.cells, key)? {
            Scalar::Bytes(bytes) => bytes.as_slice().try_into().ok(),
            _ => None,
        }
    }
}

fn scalar<'a>(cells: &'a Cells, key: &str) -> Option<&'a Scalar> {
    match cells.get(key)?.first()? {
        (_, Value::Scalar(scalar)) => Some(scalar),
        _ => None,
    }
}

/// The facts in their order, each with who said it and when.
fn said<'a>(model: &Model<'_>, root: &'a Cells, past: &Past) -> Vec<Said<'a>> {
    let Some((_, Value::List(facts))) = root.get("facts").and_then(|cell| cell.first()) else {
        return Vec::new();
    };
    let said = facts.iter().filter_map(|(name, cell)| {
        let (_, Value::Map(cells)) = cell.first()? else {
            return None;
        };
        let Some(Scalar::Text(is)) = scalar(cells, "is") else {
            return None;
        };
        let header = &model.history.facts[model.history.find(&name.0)?].header;
        Some(Said {
            name: *name,
            is,
            by: header.member?,
            time_ms: header.time_ms,
            cells,
        })
    });
    let mut said: Vec<Said<'_>> = said.collect();
    said.sort_by_key(|one| past.place(one.name));
    said
}

fn of_notice(said: &[Said<'_>], issuer: MemberId) -> Course {
    let mut given: BTreeMap<MemberId, (MemberId, String)> = BTreeMap::new();
    // What has to have been seen: the last material correction, or any after it.
    let mut valid: Option<BTreeSet<Name>> = None;
    for one in said.iter().filter(|one| one.is == "correction") {
        if one.flag("material") {
            valid = Some(BTreeSet::new());
        }
        if let Some(valid) = &mut valid {
            valid.insert(one.name);
        }
    }
    // What a proxy says for a household without a device is no member's word.
    let by_members = said
        .iter()
        .filter(|one| one.is == "acknowledgement" && scalar(one.cells, "for_household").is_none());
    for one in by_members {
        let seen = one.named("correction");
        let stands = valid
            .as_ref()
            .is_none_or(|valid| seen.is_some_and(|seen| valid.contains(&seen)));
        if !stands {
            continue;
        }
        let household = one.bytes("household").map_or(one.by, MemberId);
        // A household's own word stands before the issuer's, and that before anybody else's.
        let rank = |by: MemberId| match by {
            by if by == household => 2,
            by if by == issuer => 1,
            _ => 0,
        };
        let stands = given
            .get(&household)
            .is_some_and(|(by, _)| rank(*by) >= rank(one.by));
        if !stands {
            let way = match one.text("way") {
                Some("paper") => "paper",
                _ if household == one.by => "self",
                _ => "proxy",
            };
            given.insert(household, (one.by, way.to_owned()));
        }
    }
    let is_said = |is: &str| said.iter().any(|one| one.is == is);
    let state = match (is_said("withdrawal"), is_said("correction")) {
        (true, _) => "withdrawn",
        (_, true) => "corrected",
        _ => "published",
    };
    Course {
        state: state.to_owned(),
        acknowledged: given
            .into_iter()
            .map(|(who, (_, way))| (who, way))
            .collect(),
        ..Course::default()
    }
}

/// One offer.
struct Offer {
    helper: MemberId,
    stands: &'static str,
    accepted_ms: i64,
    done_ms: i64,
    /// What took its place away.
    lost_by: Option<Name>,
}

impl Offer {
    /// Its helper has one of the places.
    fn has_place(&self) -> bool {
        matches!(self.stands, "accepted" | "under-way" | "done")
    }
}

/// A request while its facts are read.
struct Help<'a> {
    past: &'a Past,
    requester: MemberId,
    is_about_goods: bool,
    places: usize,
    offers: BTreeMap<Name, Offer>,
    /// Why it is over, and since when.
    over: Option<(&'static str, i64)>,
    over_by: Option<Name>,
    gone: Option<Name>,
    withheld: BTreeSet<Name>,
    /// Thanks that become everybody's once this helper agrees.
    thanks: BTreeMap<Name, MemberId>,
}

fn of_request(root: &Cells, said: &[Said<'_>], requester: MemberId, past: &Past) -> Course {
    let places = match scalar(root, "places") {
        Some(Scalar::Int(places)) => usize::try_from(*places).unwrap_or(1),
        _ => 1,
    };
    let mut help = Help {
        past,
        requester,
        is_about_goods: scalar(root, "category") == Some(&Scalar::Text("goods".to_owned())),
        places,
        offers: BTreeMap::new(),
        over: None,
        over_by: None,
        gone: None,
        withheld: BTreeSet::new(),
        thanks: BTreeMap::new(),
    };
    for one in said {
        help.hear(one);
    }
    let word = |(name, offer): (&Name, &Offer)| {
        let word = match offer.stands {
            "offered" if help.gone == Some(*name) => "gone",
            "offered" if help.over.is_some() || help.taken() >= help.places => "standby",
            stands => stands,
        };
        (*name, word.to_owned())
    };
    Course {
        state: help.state().to_owned(),
        offers: help.offers.iter().map(word).collect(),
        withheld: help.withheld,
        acknowledged: BTreeMap::new(),
    }
}

impl Help<'_> {
    fn taken(&self) -> usize {
        let offers = self.offers.values();
        offers.filter(|offer| offer.has_place()).count()
    }

    /// When the last helper was done; none while somebody is not.
    fn done_ms(&self) -> Option<i64> {
        let placed = || self.offers.values().filter(|offer| offer.has_place());
        let all_done = placed().all(|offer| offer.stands == "done");
        placed()
            .map(|offer| offer.done_ms)
            .max()
            .filter(|_| all_done)
    }

    fn state(&self) -> &'static str {
        let mut offers = self.offers.values();
        let is_any = |stands: &[&str]| {
            let mut offers = self.offers.values();
            offers.any(|offer| stands.contains(&offer.stands))
        };
        match self.over {
            Some((why, _)) => why,
            None if self.done_ms().is_some() => "done",
            None if self.taken() > self.places => "double-booked",
            None if is_any(&["under-way", "done"]) => "in-progress",
            None if self.taken() == self.places => "matched",
            None if offers.any(|offer| offer.has_place() || offer.stands == "offered") => "offered",
            None => "open",
        }
    }

    fn end(&mut self, why: &'static str, one: &Said<'_>) {
        if self.over.is_none() {
            (self.over, self.over_by) = (Some((why, one.time_ms)), Some(one.name));
        }
    }

    fn hear(&mut self, one: &Said<'_>) {
        let key = NAMES_ANOTHER.iter().find(|(is, _)| *is == one.is);
        let named = key.and_then(|(_, key)| one.named(key));
        if key.is_some() && named.is_none() {
            return;
        }
        match one.is {
            "offer" if one.by != self.requester => {
                let offer = Offer {
                    helper: one.by,
                    stands: "offered",
                    accepted_ms: 0,
                    done_ms: 0,
                    lost_by: None,
                };
                self.offers.insert(one.name, offer);
            }
            "confirmation" => {
                // What was called off apart from the confirmation was not called off.
                let apart = |by: Name| !self.past.had_seen(one.name, by);
                let stands = match self.over {
                    None => self.done_ms().is_some(),
                    Some(("cancelled" | "merged", _)) => {
                        self.done_ms().is_some() && self.over_by.is_some_and(apart)
                    }
                    Some((why, _)) => why == "gone",
                };
                if stands {
                    self.over = Some(("confirmed", one.time_ms));
                    self.over_by = Some(one.name);
                }
            }
            "cancellation" => self.end("cancelled", one),
            "merge" if one.bytes("into").is_some() => self.end("merged", one),
            "reopening" => self.reopen(one.time_ms),
            // What is said about somebody is between those two.
            "reply" => drop(self.withheld.insert(one.name)),
            "assent" => {
                let to = named.filter(|to| self.thanks.get(to) == Some(&one.by));
                if let Some(to) = to {
                    self.withheld.remove(&to);
                }
            }
            _ => self.hear_of_offer(one, named),
        }
    }

    fn hear_of_offer(&mut self, one: &Said<'_>, named: Option<Name>) {
        if matches!(one.is, "no_show" | "thank") {
            self.withheld.insert(one.name);
        }
        let is_thing_given = self.gone.is_some() && self.gone == named;
        let Some(offer) = named.and_then(|name| self.offers.get_mut(&name)) else {
            return;
        };
        let (by_requester, by_helper) = (one.by == self.requester, one.by == offer.helper);
        let is_one = |stands: &[&str]| stands.contains(&offer.stands);
        let had_place = offer.has_place();
        // Who left or did not come, by words apart from what was done, did it all the same.
        let apart = |by: Name| !self.past.had_seen(one.name, by);
        let lost_apart = offer.lost_by.is_some_and(apart);
        let becomes = match one.is {
            "acceptance" if is_one(&["offered"]) => {
                (offer.accepted_ms, offer.lost_by) = (one.time_ms, None);
                "accepted"
            }
            "check_in" if by_helper && is_one(&["accepted"]) => "under-way",
            "withdrawal" if by_helper && !is_one(&["done", "missed"]) => "withdrawn",
            "withdrawal" if by_requester && is_one(&["accepted", "under-way"]) => "offered",
            "completion" if by_requester || by_helper => match offer.stands {
                "done" => "done",
                stands if had_place || lost_apart => {
                    debug_assert_ne!(stands, "done");
                    offer.done_ms = one.time_ms.max(offer.accepted_ms);
                    "done"
                }
                stands => stands,
            },
            "no_show" if by_requester || by_helper => match offer.stands {
                "accepted" | "under-way" => "missed",
                stands => stands,
            },
            stands_as_before => {
                let helped = offer.stands == "done" || is_thing_given;
                let helper = offer.helper;
                let stays = !is_one(&["withdrawn", "missed"]);
                if stands_as_before == "thank" && helped && one.flag("public") {
                    self.thanks.insert(one.name, helper);
                }
                if stands_as_before == "handover" && self.is_about_goods && stays {
                    if self.over.is_none() {
                        self.gone = named;
                    }
                    self.end("gone", one);
                }
                return;
            }
        };
        offer.stands = becomes;
        if had_place && !offer.has_place() {
            offer.lost_by = Some(one.name);
        }
    }

    fn reopen(&mut self, time_ms: i64) {
        let closed_ms = self.over.map(|(_, since_ms)| since_ms).or(self.done_ms());
        let in_time = closed_ms.is_some_and(|since| time_ms <= since.saturating_add(REOPENING_MS));
        if !in_time {
            return;
        }
        (self.over, self.over_by, self.gone) = (None, None, None);
        for offer in self.offers.values_mut() {
            offer.lost_by = None;
            if offer.has_place() {
                offer.stands = "offered";
            }
        }
    }
}
