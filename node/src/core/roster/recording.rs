//! Households without a device: recording them, naming who acts for them, and ending either.

use std::collections::BTreeSet;

use protocol::api::{MemberRef, RecordedRef, RosterProxy, RosterRecorded};
use protocol::id::{EntryId, MemberId};
use protocol::limits;
use protocol::roster::{Proxy, Recorded, TipsList};
use protocol::statement::Act;

use super::cutting::{Prepared, within_limit};
use crate::core::answer::Outcome;
use crate::core::worker::Worker;
use crate::refusal::Refusal;

impl Worker {
    /// Records a household without a device.
    pub(in crate::core) fn record_household(
        &mut self,
        name: String,
        building: Option<String>,
        proxies: &[MemberId],
        consent: String,
    ) -> Outcome {
        if name.trim().is_empty() {
            return Ok(Err(Refusal::NoName));
        }
        let proxies = match self.proxies_named(proxies, &consent) {
            Ok(proxies) => proxies,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let act = Act::RecordHousehold {
            name,
            building,
            proxies,
            consent,
        };
        self.written(&act)
    }

    /// Names further members that act for a household without a device.
    pub(in crate::core) fn add_proxies(
        &mut self,
        record: EntryId,
        proxies: &[MemberId],
        consent: String,
    ) -> Outcome {
        let proxies = match self
            .standing_record(record)
            .and_then(|_| self.proxies_named(proxies, &consent))
        {
            Ok(proxies) if proxies.is_empty() => return Ok(Err(Refusal::NoMember)),
            Ok(proxies) => proxies,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let act = Act::AddProxies {
            record,
            proxies,
            consent,
        };
        self.written(&act)
    }

    /// Ends a record, or what one member does by it, where the logs stand here.
    pub(in crate::core) fn end_record(
        &mut self,
        record: EntryId,
        proxy: Option<MemberId>,
        reason: String,
    ) -> Outcome {
        if let Err(refusal) = within_limit(&reason) {
            return Ok(Err(refusal));
        }
        let recorded = match self.standing_record(record) {
            Ok(recorded) => recorded,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let acting = |member| recorded.acting().any(|proxy| proxy.member == member);
        if proxy.is_some_and(|proxy| !acting(proxy)) {
            return Ok(Err(Refusal::NotActing));
        }
        let named = recorded.proxies.iter().map(|proxy| proxy.member);
        let ended: BTreeSet<MemberId> = named.filter(|of| proxy.is_none_or(|p| p == *of)).collect();
        let devices = ended.into_iter().flat_map(|of| self.devices_ended_with(of));
        let devices: BTreeSet<_> = devices.collect();
        let tips = devices.into_iter().filter_map(|device| self.tip_of(device));
        let tips = TipsList::new(tips);
        let act = Act::EndRecord {
            record,
            proxy,
            tips: tips.whole(),
            reason,
        };
        let tips = Some(tips);
        self.written_whole(Prepared { act, tips })
    }

    fn standing_record(&self, record: EntryId) -> Result<Recorded, Refusal> {
        let recorded = self.parts.replica.roster().recorded_as(&record);
        let recorded = recorded.ok_or(Refusal::NoRecord)?;
        match recorded.ended {
            Some(_) => Err(Refusal::RecordEnded),
            None => Ok(recorded),
        }
    }

    /// Checks who is to act for a household, and that somebody says on what consent.
    fn proxies_named(&self, proxies: &[MemberId], consent: &str) -> Result<Vec<MemberId>, Refusal> {
        if consent.trim().is_empty() {
            return Err(Refusal::NoConsent);
        }
        if consent.len() > limits::REASON_BYTES_MAX {
            return Err(Refusal::ConsentTooLong {
                bytes_max: limits::REASON_BYTES_MAX,
            });
        }
        let proxies: BTreeSet<MemberId> = proxies.iter().copied().collect();
        if proxies.len() > limits::PROXIES_MAX {
            return Err(Refusal::Proxies {
                max: limits::PROXIES_MAX,
            });
        }
        for proxy in &proxies {
            match self.parts.replica.roster().member(proxy) {
                None => return Err(Refusal::NoMember),
                Some(member) if member.removed.is_some() => return Err(Refusal::RemovedAlready),
                Some(_) => {}
            }
        }
        Ok(proxies.into_iter().collect())
    }

    /// Returns a household without a device as it is shown beside what others wrote for it.
    pub(in crate::core) fn recorded_ref(&self, id: EntryId) -> RecordedRef {
        let recorded = self.parts.replica.roster().recorded_as(&id);
        let (name, building) = recorded.map_or_else(Default::default, |recorded| {
            (recorded.name, recorded.building)
        });
        RecordedRef { id, name, building }
    }

    /// Returns the households without a device, by building and name.
    pub(super) fn recorded_told(&self) -> Vec<RosterRecorded> {
        let recorded = self.parts.replica.roster().recorded().into_iter();
        let mut told: Vec<RosterRecorded> = recorded
            .map(|recorded| RosterRecorded {
                id: recorded.id,
                recorded: self.dated_ref(recorded.id),
                proxies: recorded
                    .proxies
                    .into_iter()
                    .map(|proxy| self.proxy_told(proxy))
                    .collect(),
                ended: recorded.ended.map(|ended| self.dated_ref(ended)),
                name: recorded.name,
                building: recorded.building,
                consent: recorded.consent,
            })
            .collect();
        told.sort_by_key(|told| (told.building.clone(), told.name.clone(), told.id));
        told
    }

    fn proxy_told(&self, proxy: Proxy) -> RosterProxy {
        let member: MemberRef = self.member_ref(proxy.member);
        RosterProxy {
            member,
            named: self.dated_ref(proxy.grant),
            ended: proxy.ended.map(|ended| self.dated_ref(ended)),
            consent: proxy.consent,
        }
    }
}
