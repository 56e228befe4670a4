//! Rights as people in a run believe they have them: which authority somebody would name for an
//! act. Whether the replica agrees is the roster's verdict.

use protocol::id::{EntryId, MemberId};
use protocol::statement::{Authority, MemberKind, Role, Tip, Tips};
use protocol::storage::Storage;

use super::host::HostId;
use super::world::World;

impl World {
    /// Returns the authority of being a member.
    pub fn membership(&self, host: HostId) -> Option<Authority> {
        let one = &self.hosts[host];
        let member = one.member()?;
        let admissions = self.records.admissions.iter().rev();
        admissions
            .filter(|admitted| admitted.member == member && one.memory.holds(&admitted.id))
            .map(|admitted| Authority::Member {
                admission: admitted.id,
            })
            .next()
    }

    /// Returns the authorities of the roles that a host's member has been given.
    pub fn grants(&self, host: HostId) -> Vec<(EntryId, Role)> {
        let one = &self.hosts[host];
        let member = one.member();
        self.records
            .appointments
            .iter()
            .filter(|given| Some(given.member) == member && one.memory.holds(&given.id))
            .map(|given| (given.id, given.role.clone()))
            .collect()
    }

    /// Tells whether the host's member founded the neighbourhood.
    pub fn is_founder(&self, host: HostId) -> bool {
        self.records.founder.is_some() && self.records.founder == self.hosts[host].member()
    }

    /// Returns the authority of a steward, or the founder's.
    pub fn seniority(&self, host: HostId) -> Option<Authority> {
        if self.is_founder(host) {
            return Some(Authority::Founder);
        }
        let grants = self.grants(host);
        let steward = grants
            .into_iter()
            .find(|(_, role)| matches!(role, Role::Steward { .. }));
        steward.map(|(appointment, _)| Authority::Grant { appointment })
    }

    /// Tells whether a host would admit households rather than guests.
    pub fn may_admit_households(&self, host: HostId) -> bool {
        self.seniority(host).is_some()
    }

    /// Returns the authority by which a host admits.
    pub fn admitting_authority(&self, host: HostId, kind: MemberKind) -> Option<Authority> {
        match self.seniority(host) {
            Some(authority) => Some(authority),
            None if kind == MemberKind::Guest => self.membership(host),
            None => None,
        }
    }

    /// Returns any authority that a host would sign a plain statement with.
    pub fn any_authority(&self, host: HostId) -> Option<Authority> {
        self.membership(host).or_else(|| self.seniority(host))
    }

    /// Returns the newest entries that a host holds of some members' logs.
    pub fn tips_of(&self, host: HostId, members: &[MemberId]) -> Tips {
        let logs = self.hosts[host].memory.logs().expect("memory can be read");
        let mut named: Vec<Tip> = Vec::new();
        for log in logs {
            let theirs = log.member.is_some_and(|member| members.contains(&member));
            if !theirs || log.head_seq == 0 {
                continue;
            }
            let tip = Tip {
                device: log.device,
                seq: log.head_seq,
                entry: log.head,
            };
            match named.iter_mut().find(|named| named.device == tip.device) {
                Some(named) => *named = (*named).max(tip),
                None => named.push(tip),
            }
        }
        named.sort_unstable();
        Tips {
            named,
            parts: Vec::new(),
            digest: None,
        }
    }

    /// Returns the newest entries that a host holds of all logs.
    pub fn all_tips(&self, host: HostId) -> Tips {
        let logs = self.hosts[host].memory.logs().expect("memory can be read");
        let members: Vec<MemberId> = logs.iter().filter_map(|log| log.member).collect();
        let mut tips = self.tips_of(host, &members);
        tips.named.truncate(protocol::limits::TIPS_MAX);
        tips
    }
}
