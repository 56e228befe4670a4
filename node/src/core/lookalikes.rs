//! Names of members that can be mistaken for each other. A neighbour who calls itself what another is
//! called shall not pass for it: such names are told with the beginning of their members' digits.

use std::collections::BTreeMap;

use protocol::id::MemberId;
use protocol::roster::Member;
use protocol::text::skeleton;

/// Which members' names can be mistaken for which.
#[derive(Debug, Default)]
pub struct Lookalikes {
    others: BTreeMap<MemberId, Vec<MemberId>>,
}

impl Lookalikes {
    /// Compares the names of all members. Two can be mistaken for each other where they look alike
    /// and either are not the same, or say nothing by their buildings: that several families of one
    /// name live in a neighbourhood is no imitation.
    pub fn among(members: &[Member]) -> Self {
        let mut alike: BTreeMap<String, Vec<&Member>> = BTreeMap::new();
        for member in members {
            alike
                .entry(skeleton(&member.name))
                .or_default()
                .push(member);
        }
        let mut others: BTreeMap<MemberId, Vec<MemberId>> = BTreeMap::new();
        for group in alike.values() {
            for one in group {
                let mistaken = group.iter().filter(|other| can_be_mistaken(one, other));
                let mistaken: Vec<MemberId> = mistaken.map(|other| other.id).collect();
                if !mistaken.is_empty() {
                    others.insert(one.id, mistaken);
                }
            }
        }
        Self { others }
    }

    /// Returns the members for which one can be mistaken by its name.
    pub fn of(&self, member: &MemberId) -> &[MemberId] {
        self.others.get(member).map_or(&[], Vec::as_slice)
    }
}

fn can_be_mistaken(one: &Member, other: &Member) -> bool {
    let building = |member: &Member| skeleton(member.building.as_deref().unwrap_or_default());
    one.id != other.id && (one.name != other.name || building(one) == building(other))
}

#[cfg(test)]
mod tests {
    use protocol::id::EntryId;
    use protocol::statement::MemberKind;

    use super::*;

    fn member(byte: u8, name: &str, building: Option<&str>) -> Member {
        Member {
            id: MemberId([byte; 32]),
            kind: MemberKind::Household,
            name: name.to_owned(),
            building: building.map(str::to_owned),
            admission: EntryId([byte; 32]),
            admitted_by: None,
            successor_of: None,
            removed: None,
        }
    }

    #[test]
    fn an_imitation_is_told_and_a_family_of_the_same_name_elsewhere_is_not() {
        let members = [
            member(1, "Chen", Some("3")),
            // Cyrillic letters, a full-width letter, another case.
            member(2, "\u{421}h\u{435}n", Some("5")),
            member(3, "Ｃhen", Some("7")),
            member(4, "王家", Some("1")),
            member(5, "王家", Some("2")),
            member(6, "林家", Some("3")),
            member(7, "林家", Some("3")),
            member(8, "Okafor", None),
        ];
        let lookalikes = Lookalikes::among(&members);
        let of = |byte| {
            let others = lookalikes.of(&MemberId([byte; 32])).iter();
            others.map(|other| other.0[0]).collect::<Vec<u8>>()
        };
        assert_eq!(of(1), [2, 3]);
        assert_eq!(of(2), [1, 3]);
        assert_eq!((of(4), of(5), of(8)), (vec![], vec![], vec![]));
        assert_eq!((of(6), of(7)), (vec![7], vec![6]));
    }
}
