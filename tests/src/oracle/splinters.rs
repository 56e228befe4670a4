//! Devices that forked into more branches than are taken as they come, and which of their statements
//! nobody has built on (rules R8, R12).

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{DeviceId, EntryId};
use protocol::limits;
use protocol::statement::{Act, Tip};

use super::history::History;
use super::set::Set;

/// Finds the entries of splintered devices that are not heard. An entry is heard unless such a device
/// wrote it at or beyond the power of two below its lowest fork; and if a cut that is heard may have
/// it count, or it is a statement or join which a heard entry names.
pub fn unheard(history: &History, from: &BTreeMap<DeviceId, u64>) -> Set {
    let is_aside = |number: usize| {
        let header = &history.facts[number].header;
        let from = from.get(&header.device);
        from.is_some_and(|from| *from <= header.seq)
    };
    let mut unheard = Set::default();
    if from.is_empty() {
        return unheard;
    }
    let mut heard = vec![false; history.facts.len()];
    let mut queue: Vec<usize> = (0..history.facts.len())
        .filter(|number| !is_aside(*number))
        .collect();
    while let Some(number) = queue.pop() {
        if std::mem::replace(&mut heard[number], true) {
            continue;
        }
        let fact = &history.facts[number];
        let named = fact.standpoint.iter().filter_map(|id| history.find(id));
        queue.extend(named.filter(|named| history.facts[*named].is_roster()));
        let tips = fact.act().map(tips_of).unwrap_or_default();
        for last in tips.iter().filter_map(|tip| history.tip(tip)) {
            queue.extend(history.facts[last].log.iter());
        }
    }
    for number in (0..heard.len()).filter(|number| !heard[*number]) {
        unheard.insert(number);
    }
    unheard
}

/// From which seq on which devices are heard no more of themselves.
pub fn splintered(history: &History) -> BTreeMap<DeviceId, u64> {
    let continued: BTreeSet<EntryId> = history
        .facts
        .iter()
        .filter_map(|fact| fact.header.backlink)
        .collect();
    let mut ends: BTreeMap<DeviceId, usize> = BTreeMap::new();
    for fact in &history.facts {
        if !continued.contains(&fact.id) {
            *ends.entry(fact.header.device).or_default() += 1;
        }
    }
    let splintered = ends
        .into_iter()
        .filter(|(_, ends)| *ends > limits::BRANCHES_UNNAMED_MAX);
    splintered
        .filter_map(|(device, _)| {
            let fork = history.forked_at(&device)?;
            let mut from = 1;
            while from * 2 <= fork {
                from *= 2;
            }
            Some((device, from))
        })
        .collect()
}

fn tips_of(act: &Act) -> Vec<Tip> {
    match act {
        Act::CutRole { tips, .. } | Act::Remove { tips, .. } => tips.named.clone(),
        Act::Enact {
            founder_tips: Some(tips),
            ..
        } => tips.named.clone(),
        Act::CutDevice(cut) => cut.tip.into_iter().collect(),
        Act::Tips { tips } => tips.clone(),
        Act::Move { act, .. } => tips_of(act),
        _ => Vec::new(),
    }
}
