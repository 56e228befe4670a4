//! Households without a device: who recorded them, and who acts for them.
//!
//! A record gives no right of a member's: it only lets its proxies say of what they write that it is
//! for that household. What somebody wrote counts as the author's own, whatever becomes of the record.

use std::collections::{BTreeMap, BTreeSet};

use super::Roster;
use super::cut::Cut;
use super::graph::{Graph, Ix};
use super::past::Past;
use super::powers::{Ground, Powers};
use crate::id::{EntryId, MemberId};
use crate::statement::Act;

/// Counting statements about households without a device.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    /// Records.
    pub(super) made: BTreeSet<Ix>,
    /// Statements that name who acts, by the record: itself, and those that add to it.
    of: BTreeMap<Ix, Vec<Ix>>,
    /// Statements that let a member act for a household, by the member: a record itself, or one
    /// that adds to it.
    pub(super) grants: BTreeMap<MemberId, Vec<Ix>>,
    /// Ends, by the record.
    pub(super) ends: BTreeMap<Ix, Vec<End>>,
}

/// An end of a record, or of what one member does by it.
#[derive(Clone, Debug)]
pub(super) struct End {
    /// The member; none ends the record.
    pub(super) proxy: Option<MemberId>,
    pub(super) cut: Cut,
}

/// A household without a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its name: that of the statement which recorded it.
    pub id: EntryId,
    /// What it is called.
    pub name: String,
    /// Its building.
    pub building: Option<String>,
    /// Who recorded it.
    pub recorded_by: Option<MemberId>,
    /// How it consented to being recorded.
    pub consent: String,
    /// Those who act for it, or did, by member and then in the order in which they were named.
    pub proxies: Vec<Proxy>,
    /// The statement that ended the record.
    pub ended: Option<EntryId>,
}

impl Recorded {
    /// Returns the members that act for it now.
    pub fn acting(&self) -> impl Iterator<Item = &Proxy> {
        self.proxies.iter().filter(|proxy| proxy.ended.is_none())
    }
}

/// Somebody who acts for a household without a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// The member.
    pub member: MemberId,
    /// The statement that named it: the record, or one that added to it.
    pub grant: EntryId,
    /// Who made that statement.
    pub named_by: Option<MemberId>,
    /// How the household consented.
    pub consent: String,
    /// The statement that ended it.
    pub ended: Option<EntryId>,
}

impl Records {
    /// Puts a statement that counts in force.
    pub(super) fn apply(&mut self, ground: Ground<'_>, ix: Ix, act: &Act, cut: Option<Cut>) {
        match act {
            Act::RecordHousehold { proxies, .. } => {
                self.made.insert(ix);
                self.name(proxies, ix, ix);
            }
            Act::AddProxies {
                record, proxies, ..
            } => {
                if let Some(record) = ground.graph.find(record) {
                    self.name(proxies, record, ix);
                }
            }
            Act::EndRecord { record, proxy, .. } => {
                if let Some((record, cut)) = ground.graph.find(record).zip(cut) {
                    let end = End { proxy: *proxy, cut };
                    self.ends.entry(record).or_default().push(end);
                }
            }
            _ => {}
        }
    }

    fn name(&mut self, proxies: &[MemberId], record: Ix, grant: Ix) {
        self.of.entry(record).or_default().push(grant);
        for proxy in proxies {
            self.grants.entry(*proxy).or_default().push(grant);
        }
    }

    /// Returns the members that statements about a record name.
    pub(super) fn named_by<'a>(
        &'a self,
        graph: &'a Graph,
        record: Ix,
    ) -> impl Iterator<Item = MemberId> + 'a {
        let grants = self.of.get(&record).into_iter().flatten();
        grants.flat_map(|&grant| naming(graph.node(grant).act()).0.iter().copied())
    }

    /// Returns the record that a statement makes or adds to, if that counts.
    fn record_of(&self, ground: Ground<'_>, grant: Ix) -> Option<Ix> {
        let record = match ground.graph.node(grant).act()? {
            Act::AddProxies { record, .. } => ground.graph.find(record)?,
            _ => grant,
        };
        self.made.contains(&record).then_some(record)
    }

    /// Returns what ends the right that a grant gives to a member: ends of the record, and those of
    /// that member which the grant's author had not seen.
    fn ends_of<'a>(
        &'a self,
        ground: Ground<'a>,
        (record, grant): (Ix, Ix),
        member: &'a MemberId,
    ) -> impl Iterator<Item = &'a Cut> {
        let ends = self.ends.get(&record).map_or(&[][..], Vec::as_slice);
        let ends = ends.iter().filter(move |end| match &end.proxy {
            None => true,
            Some(proxy) => {
                let had_seen = ground.seen(end.cut.node, &ground.graph.node(grant).closure);
                proxy == member && !had_seen
            }
        });
        ends.map(|end| &end.cut)
    }
}

impl Powers {
    /// Returns the households for which a member acts at a past, by name, where the ends of what
    /// lets it act spare it, heard of or not (rule R7).
    pub(super) fn acts_for(
        &self,
        ground: Ground<'_>,
        member: &MemberId,
        past: &Past,
        do_spare: impl Fn(&mut dyn Iterator<Item = &Cut>) -> bool,
    ) -> Vec<EntryId> {
        let records = &self.records;
        let grants = records.grants.get(member).into_iter().flatten();
        let acting = grants.filter_map(|&grant| {
            let record = records.record_of(ground, grant)?;
            let ends = || records.ends_of(ground, (record, grant), member);
            let stands = self.stands(ground, member, grant, past)
                && !ends().any(|end| ground.seen(end.node, past));
            (stands && do_spare(&mut ends())).then(|| ground.graph.node(record).id)
        });
        let acting: BTreeSet<EntryId> = acting.collect();
        acting.into_iter().collect()
    }
}

impl Roster {
    /// Returns the households without a device, ended records included.
    pub fn recorded(&self) -> Vec<Recorded> {
        let mut recorded: Vec<Recorded> = self
            .fold
            .powers
            .records
            .made
            .iter()
            .filter_map(|&ix| self.recorded_by(ix))
            .collect();
        recorded.sort_by_key(|recorded| recorded.id);
        recorded
    }

    /// Returns a household without a device by the name of its record.
    pub fn recorded_as(&self, id: &EntryId) -> Option<Recorded> {
        let ix = self.graph.find(id)?;
        let made = &self.fold.powers.records.made;
        made.contains(&ix).then(|| self.recorded_by(ix)).flatten()
    }

    fn recorded_by(&self, ix: Ix) -> Option<Recorded> {
        let node = self.graph.node(ix);
        let Act::RecordHousehold {
            name,
            building,
            consent,
            ..
        } = node.act()?
        else {
            return None;
        };
        let ends = self.fold.powers.records.ends.get(&ix);
        let whole = ends.into_iter().flatten();
        let whole = whole.filter(|end| end.proxy.is_none());
        Some(Recorded {
            id: node.id,
            name: name.clone(),
            building: building.clone(),
            recorded_by: node.member,
            consent: consent.clone(),
            proxies: self.proxies_of(ix),
            ended: self.first_of(whole.map(|end| end.cut.node)),
        })
    }

    fn proxies_of(&self, record: Ix) -> Vec<Proxy> {
        let (ground, powers) = (self.ground(), &self.fold.powers);
        let mut named: Vec<(MemberId, Ix)> = Vec::new();
        for &grant in powers.records.of.get(&record).into_iter().flatten() {
            let (proxies, _) = naming(self.graph.node(grant).act());
            named.extend(proxies.iter().map(|proxy| (*proxy, grant)));
        }
        named.sort_by_key(|&(member, grant)| (member, self.order(grant)));
        let proxies = named.into_iter().map(|(member, grant)| {
            let node = self.graph.node(grant);
            let ends = powers.records.ends_of(ground, (record, grant), &member);
            let removals = powers.removals_of(ground, &member, Some(grant));
            Proxy {
                member,
                grant: node.id,
                named_by: node.member,
                consent: naming(node.act()).1.to_owned(),
                ended: self.first_of(ends.chain(removals).map(|end| end.node)),
            }
        });
        proxies.collect()
    }

    fn first_of(&self, ends: impl Iterator<Item = Ix>) -> Option<EntryId> {
        let first = ends.min_by_key(|&ix| self.order(ix))?;
        Some(self.graph.node(first).id)
    }

    /// Returns the members whose standing an end of a record may have changed.
    pub(super) fn touched_by_end(&self, record: &EntryId) -> Vec<MemberId> {
        let records = &self.fold.powers.records;
        let record = self.graph.find(record).into_iter();
        let named = record.flat_map(|record| records.named_by(&self.graph, record));
        named.collect()
    }
}

/// Whom a statement lets act for a household, and on what consent.
fn naming(act: Option<&Act>) -> (&[MemberId], &str) {
    match act {
        Some(
            Act::RecordHousehold {
                proxies, consent, ..
            }
            | Act::AddProxies {
                proxies, consent, ..
            },
        ) => (proxies, consent),
        _ => (&[], ""),
    }
}
