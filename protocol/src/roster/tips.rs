//! Lists of tips: how a long one is split over several statements (rule R7).

use crate::id::EntryId;
use crate::limits;
use crate::statement::{Tip, Tips};

/// A whole list of tips, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TipsList {
    all: Vec<Tip>,
}

impl TipsList {
    /// Makes a list; of two tips of one log the later one stays. It is never longer than statements
    /// can name, for there are fewer devices ([`limits::TIPS_LIST_MAX`]).
    pub fn new(tips: impl IntoIterator<Item = Tip>) -> Self {
        let mut all: Vec<Tip> = tips.into_iter().filter(|tip| tip.seq > 0).collect();
        all.sort_unstable();
        all.reverse();
        all.dedup_by_key(|tip| tip.device);
        all.reverse();
        Self { all }
    }

    /// Returns what has to be written first: each part is a [`Act::Tips`](crate::statement::Act)
    /// statement in the same log.
    pub fn parts(&self) -> impl Iterator<Item = Vec<Tip>> {
        let named = self.all.len().min(limits::TIPS_MAX);
        self.all[named..]
            .chunks(limits::TIPS_MAX)
            .map(<[Tip]>::to_vec)
    }

    /// Returns the list for asking [`Roster::authority_for`](super::Roster::authority_for) whether
    /// a statement with it may be made, before its parts are written. No statement holds it so.
    pub fn whole(&self) -> Tips {
        Tips {
            named: self.all.clone(),
            ..Tips::default()
        }
    }

    /// Returns the list as the cut or closing itself holds it, given the names of the statements
    /// that hold the parts.
    pub fn finish(&self, parts: Vec<EntryId>) -> Tips {
        let named = self.all.len().min(limits::TIPS_MAX);
        Tips {
            named: self.all[..named].to_vec(),
            digest: (!parts.is_empty()).then(|| Tips::digest(&self.all)),
            parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DeviceId;

    #[test]
    fn a_long_list_is_named_once_and_in_parts() {
        let tip = |number: usize, seq| {
            let mut device = DeviceId([0; 32]);
            device.0[..8].copy_from_slice(&(number as u64).to_be_bytes());
            Tip {
                device,
                seq,
                entry: EntryId([1; 32]),
            }
        };
        let count = limits::TIPS_MAX * 2 + 5;
        let list = TipsList::new((0..count).flat_map(|number| [tip(number, 1), tip(number, 3)]));
        let parts: Vec<Vec<Tip>> = list.parts().collect();
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [128, 5]);
        let tips = list.finish(vec![EntryId([2; 32]), EntryId([3; 32])]);
        assert_eq!(tips.named.len(), limits::TIPS_MAX);
        assert!(tips.named.iter().all(|tip| tip.seq == 3));
        let mut all = tips.named.clone();
        all.extend(parts.concat());
        assert_eq!(tips.digest, Some(Tips::digest(&all)));
    }
}
