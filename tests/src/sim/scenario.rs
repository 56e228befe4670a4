//! The scenario: who lives here, when they come in, what they do when, which faults strike, and
//! how everything heals in the end.

use std::collections::BTreeSet;

use protocol::id::{EntryId, MemberId};
use protocol::key::SecretKey;
use protocol::replica::PeerStanding;
use protocol::session::Purpose;
use protocol::statement::{Act, Authority, Certificate, Founding, MemberKind};

use super::check::{Check, Failure};
use super::fault::Fault;
use super::host::{Conduct, Entrance, Held, Host, HostId, Issued};
use super::random::Random;
use super::world::{Event, MINUTE_MS, Options, World};

/// Rounds in which healing has to end: each host calls another one at distance 1, 2, 4 … so that
/// news reaches all in the logarithm of their number; the rest is for what only then becomes known.
const HEALING_ROUNDS_MAX: u32 = 24;
/// Milliseconds in a year.
const YEAR_MS: u64 = 365 * 24 * 60 * MINUTE_MS;

impl World {
    /// Makes a world with its hosts and first plans.
    pub fn populated(options: Options) -> Self {
        let mut world = Self::new(options);
        let founder = SecretKey::from_seed(&world.random.bytes());
        let device = SecretKey::from_seed(&world.random.bytes());
        let conduct = world.conduct_of_founder();
        world.settle(Host::new(conduct, Entrance::Founder, founder, device));
        while world.hosts.len() < options.replicas {
            let number = world.hosts.len();
            let host = world.newcomer(number);
            world.settle(host);
        }
        // One of two has come by the secret.
        for _ in 0..2 {
            let stranger = world.fresh(Conduct::Hostile, Entrance::Stranger);
            world.settle(stranger);
        }
        world.plan_weather();
        world
    }

    fn conduct_of_founder(&mut self) -> Conduct {
        // A founder that cheats can undo everything until three offices stand, so few do.
        self.conduct(8)
    }

    fn conduct(&mut self, divisor: u64) -> Conduct {
        if self.random.chance(self.options.hostile_per_mille / divisor) {
            Conduct::Hostile
        } else {
            Conduct::Honest
        }
    }

    fn fresh(&mut self, conduct: Conduct, entrance: Entrance) -> Host {
        let household = SecretKey::from_seed(&self.random.bytes());
        let device = SecretKey::from_seed(&self.random.bytes());
        Host::new(conduct, entrance, household, device)
    }

    fn newcomer(&mut self, number: usize) -> Host {
        let conduct = self.conduct(1);
        let entrance = match number {
            1..=3 => Entrance::Office,
            _ if number % 13 == 5 => Entrance::Relay,
            _ => match self.random.below(10) {
                0..5 => Entrance::Invited,
                5..8 => Entrance::Vouched,
                _ => self.entrance_beside(conduct),
            },
        };
        let mut host = self.fresh(conduct, entrance);
        match entrance {
            Entrance::Sibling(of) => {
                host.household = self.hosts[of].household.clone();
                host.conduct = self.hosts[of].conduct;
            }
            Entrance::Twin(of) => {
                host.household = self.hosts[of].household.clone();
                host.device = self.hosts[of].device.clone();
                host.conduct = Conduct::Hostile;
            }
            _ => {}
        }
        host
    }

    /// A second machine of a household, or a copy of a hostile one.
    fn entrance_beside(&mut self, conduct: Conduct) -> Entrance {
        let possible: Vec<HostId> = (0..self.hosts.len())
            .filter(|host| {
                let one = &self.hosts[*host];
                matches!(
                    one.entrance,
                    Entrance::Founder | Entrance::Invited | Entrance::Vouched
                ) && one.conduct == conduct
            })
            .collect();
        match self.random.pick(&possible) {
            Some(of) if conduct == Conduct::Hostile && self.random.clone().chance(500) => {
                Entrance::Twin(*of)
            }
            Some(of) => Entrance::Sibling(*of),
            None => Entrance::Vouched,
        }
    }

    fn settle(&mut self, mut host: Host) {
        let number = self.hosts.len();
        if self.weather.chance(250) {
            let years = self.weather.between(1, 30) * YEAR_MS;
            let skew = i64::try_from(years).expect("30 years fit");
            host.skew_ms = if self.weather.chance(500) {
                skew
            } else {
                -skew
            };
            self.faults.count(Fault::ClockSkew);
        } else {
            host.skew_ms = i64::try_from(self.weather.below(120_000)).expect("small") - 60_000;
        }
        self.hosts.push(host);
        let at_ms = number as u64 * MINUTE_MS / 2;
        self.plan(at_ms, Event::Act { host: number });
    }

    fn plan_weather(&mut self) {
        self.plan(20 * MINUTE_MS, Event::Partition);
        for host in 0..self.hosts.len() {
            if self.weather.chance(400) {
                let at_ms = self.weather.between(15, 150) * MINUTE_MS;
                self.plan(at_ms, Event::Crash { host });
            }
        }
    }

    /// Runs until enough was written, then heals.
    pub fn run(&mut self) {
        let mut events: u64 = 0;
        let mut glances = 0;
        while self.ledger.known() < self.options.entries || self.now_ms < 100 * MINUTE_MS {
            if self.ledger.known() * 3 > self.options.entries * (glances + 1) {
                glances += 1;
                self.glance();
            }
            let Some(event) = self.next_event() else {
                break;
            };
            self.happen(event);
            events += 1;
            // A world in which nobody can write any more ends too.
            if events > 4_000_000 || self.now_ms > 3_000 * MINUTE_MS {
                break;
            }
        }
        self.heal();
    }

    /// Looks at some honest host in passing.
    fn glance(&mut self) {
        let honest: Vec<HostId> = (0..self.hosts.len())
            .filter(|host| self.hosts[*host].is_honest() && self.hosts[*host].is_up())
            .collect();
        if let Some(&host) = self.weather.pick(&honest) {
            self.check_in_passing(host);
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Frame { link, end, bytes } => self.arrive(link, end, &bytes),
            Event::Durable { host, boot } => self.durable(host, boot),
            Event::Settle { host, boot } => self.settle_receipts(host, boot),
            Event::Act { host } => self.act(host),
            Event::Meet { host } => self.meet(host),
            Event::Hint { host, from } => self.heed(host, from),
            Event::Hangup { link } => self.hang_up(link),
            Event::Crash { host } => self.strike(host),
            Event::Start { host } => self.come_back(host),
            Event::Partition => self.part(),
            Event::Heal => {
                self.partition.heal();
                self.tell(|| "the network is whole".to_owned());
                let after_ms = self.weather.between(10, 60) * MINUTE_MS;
                self.plan(after_ms, Event::Partition);
            }
        }
    }

    // ---- coming in ----

    fn act(&mut self, host: HostId) {
        let after_ms = if self.hosts[host].begun {
            self.random.between(1, 12) * MINUTE_MS + self.random.below(MINUTE_MS)
        } else {
            self.enter(host);
            if self.hosts[host].begun {
                self.plan(10_000, Event::Meet { host });
            }
            MINUTE_MS
        };
        self.plan(after_ms, Event::Act { host });
        if !self.hosts[host].is_up() {
            return;
        }
        if !self.is_admitted(host) {
            self.ask_to_join(host);
        } else if self.hosts[host].is_honest() {
            self.act_honestly(host);
        } else {
            self.act_with_malice(host);
        }
    }

    fn act_honestly(&mut self, host: HostId) {
        if self.hosts[host].key_is_spent {
            self.replace_device(host);
            return;
        }
        match self.random.below(100) {
            0..82 => self.act_on_documents(host),
            82..98 => self.act_on_roster(host),
            _ => self.hosts[host].memory.back_up(),
        }
    }

    /// Has a host begin, when somebody is there to let it in.
    fn enter(&mut self, host: HostId) {
        match self.hosts[host].entrance {
            Entrance::Founder => self.found(host),
            Entrance::Stranger => self.begin(host),
            Entrance::Invited => {
                if let Some(inviter) = self.somebody(|world, one| world.any_authority(one)) {
                    self.invite(inviter.0, host);
                    self.begin(host);
                }
            }
            Entrance::Vouched => {
                if let Some((senior, authority)) = self.somebody(Self::seniority) {
                    self.vouch(senior, authority, host);
                }
            }
            Entrance::Office => {
                if let Some((senior, authority)) = self.somebody(Self::seniority) {
                    self.add_office(senior, authority, host);
                }
            }
            Entrance::Relay => {
                if let Some((senior, authority)) = self.somebody(Self::seniority) {
                    let act = Act::CertifyRelay {
                        device: self.hosts[host].device_id(),
                        name: format!("relay {host}"),
                        building: Some(self.building()),
                    };
                    self.state(senior, authority, act);
                    self.begin(host);
                }
            }
            Entrance::Sibling(of) => {
                let authority = self.any_authority(of);
                if let (true, Some(authority)) = (self.hosts[of].is_up(), authority) {
                    let certificate = self.certificate(host);
                    self.state(of, authority, Act::Enrol { certificate });
                    self.begin(host);
                }
            }
            Entrance::Twin(of) => {
                if self.hosts[of].begun {
                    self.faults.count(Fault::Equivocate);
                    self.begin(host);
                }
            }
        }
    }

    fn begin(&mut self, host: HostId) {
        self.hosts[host].begun = true;
        self.start(host);
        self.tell(|| format!("host {host} begins"));
    }

    fn certificate(&self, host: HostId) -> Certificate {
        let one = &self.hosts[host];
        Certificate::issue(&one.household, one.device_id())
    }

    fn found(&mut self, host: HostId) {
        let founding = Founding {
            neighbourhood: "梧桐里".to_owned(),
            nonce: self.random.bytes(),
            certificate: self.certificate(host),
            name: "林家".to_owned(),
            building: Some("3".to_owned()),
        };
        self.space = founding.space();
        self.secret = founding.secret();
        let member = founding.certificate.member;
        self.begin(host);
        if let Some(id) = self.state(host, Authority::Founder, Act::Found(founding)) {
            self.records.founder = Some(member);
            self.records.admitted(member, id, MemberKind::Household);
        }
    }

    /// Finds a running, admitted host of which something holds.
    fn somebody<T>(&mut self, holds: impl Fn(&Self, HostId) -> Option<T>) -> Option<(HostId, T)> {
        let count = self.hosts.len();
        let first = self.random.index(count);
        for offset in 0..count {
            let host = (first + offset) % count;
            if !self.hosts[host].is_up() || self.hosts[host].key_is_spent {
                continue;
            }
            if let Some(found) = holds(self, host)
                && self.is_admitted(host)
            {
                return Some((host, found));
            }
        }
        None
    }

    fn invite(&mut self, inviter: HostId, joiner: HostId) {
        let one_time = SecretKey::from_seed(&self.random.bytes());
        let days = i64::try_from(self.random.between(0, 7)).expect("small");
        let expires_ms = self.clock(inviter) + days * 86_400_000 + 600_000;
        let id = protocol::id::InvitationId(one_time.public());
        let uses = u32::try_from(self.random.between(1, 3)).expect("small");
        let issued = Issued {
            uses,
            used: 0,
            expires_ms,
        };
        self.hosts[inviter].issued.insert(id, issued);
        self.hosts[joiner].invitation = Some(Held { one_time, inviter });
    }

    fn vouch(&mut self, senior: HostId, authority: Authority, joiner: HostId) {
        let kind = if self.random.chance(200) {
            MemberKind::Guest
        } else {
            MemberKind::Household
        };
        let admission = self.admission_of(joiner, kind);
        let member = admission.certificate.member;
        if let Some(id) = self.state(senior, authority, Act::Admit(admission)) {
            self.records.admitted(member, id, kind);
            self.begin(joiner);
        }
    }

    fn add_office(&mut self, senior: HostId, authority: Authority, host: HostId) {
        let office = MemberId(self.hosts[host].household.public());
        let act = Act::AddOffice {
            office,
            name: format!("office {host}"),
        };
        let Some(id) = self.state(senior, authority, act) else {
            return;
        };
        self.records.offices.push((office, id));
        self.records.admitted(office, id, MemberKind::Office);
        let certificate = self.certificate(host);
        self.state(senior, authority, Act::Enrol { certificate });
        self.begin(host);
    }

    /// A host that is not admitted yet asks its inviter, or just tries.
    fn ask_to_join(&mut self, host: HostId) {
        if self.hosts[host].entrance == Entrance::Stranger {
            self.faults.count(Fault::Stranger);
        }
        let Some(held) = self.hosts[host].invitation.clone() else {
            self.meet_somebody(host);
            return;
        };
        let one = &self.hosts[host];
        let request = protocol::joining::JoinRequest::new(
            self.space,
            &held.one_time,
            protocol::joining::Joiner::Member(Certificate::issue(&one.household, one.device_id())),
            format!("household {host}"),
            Some("2".to_owned()),
        );
        if !self.is_linked(host, held.inviter) {
            self.call(host, held.inviter, Purpose::Join(Box::new(request)));
        }
    }

    // ---- meeting ----

    fn meet(&mut self, host: HostId) {
        let after_ms = self.weather.between(MINUTE_MS, 25 * MINUTE_MS);
        self.plan(after_ms, Event::Meet { host });
        let may_meet = self.hosts[host].invitation.is_none() || self.is_admitted(host);
        if self.hosts[host].is_up() && may_meet {
            self.meet_somebody(host);
        }
    }

    fn meet_somebody(&mut self, host: HostId) {
        let to = self.weather.index(self.hosts.len());
        if !self.is_linked(host, to) && self.links_of(host).len() < 6 {
            self.call(host, to, Purpose::Meet);
        }
    }

    fn heed(&mut self, host: HostId, from: HostId) {
        let link = self
            .links_of(host)
            .into_iter()
            .find(|link| self.links[*link].hosts.contains(&from));
        match link {
            Some(link) => self.ask(link, host),
            None if self.hosts[host].is_up()
                && self.is_admitted(host)
                && self.links_of(host).len() < 6 =>
            {
                self.call(host, from, Purpose::Meet);
            }
            None => {}
        }
    }

    // ---- weather ----

    fn strike(&mut self, host: HostId) {
        let after_ms = self.weather.between(30, 200) * MINUTE_MS;
        self.plan(after_ms, Event::Crash { host });
        if !self.hosts[host].is_up() {
            return;
        }
        self.faults.count(Fault::Crash);
        self.crash(host);
        let held = self.acknowledged_and_held_by(host);
        let restores = self.weather.chance(300) && self.hosts[host].memory.restore();
        if restores {
            self.forget_what_burnt(&held);
            self.faults.count(Fault::RestoredBackup);
            self.hosts[host].was_restored = true;
            let device = self.hosts[host].device_id();
            self.ledger.exempt(device);
        }
        self.tell(|| {
            format!(
                "host {host} crashes{}",
                if restores { ", restored" } else { "" }
            )
        });
        let after_ms = self.weather.between(1_000, 20 * MINUTE_MS);
        self.plan(after_ms, Event::Start { host });
    }

    /// Returns what anybody was told is saved and a host's disk holds.
    fn acknowledged_and_held_by(&self, host: HostId) -> BTreeSet<EntryId> {
        let memory = &self.hosts[host].memory;
        let acknowledged = self.hosts.iter().flat_map(|one| &one.acknowledged);
        acknowledged
            .filter(|id| memory.holds_durably(id))
            .copied()
            .collect()
    }

    /// What only the lost disk held is lost with it, whatever its author was told: so is what others
    /// had just received and would lose with their next crash, and what this disk held alone since
    /// its author's own was lost.
    fn forget_what_burnt(&mut self, held: &BTreeSet<EntryId>) {
        let is_safe = |id: &EntryId| {
            let mut honest = self.hosts.iter().filter(|one| one.is_honest());
            honest.any(|one| one.memory.holds_durably(id))
        };
        let burnt: BTreeSet<EntryId> = held.iter().filter(|id| !is_safe(id)).copied().collect();
        for one in &mut self.hosts {
            one.acknowledged.retain(|id| !burnt.contains(id));
        }
    }

    fn come_back(&mut self, host: HostId) {
        self.start(host);
        self.tell(|| format!("host {host} is back"));
        if self.hosts[host].was_restored && self.weather.chance(700) {
            // Its owner writes before the peers have told that they know more.
            self.act_on_documents(host);
        } else {
            self.meet_somebody(host);
        }
    }

    fn part(&mut self) {
        self.faults.count(Fault::Partition);
        let mut apart = BTreeSet::new();
        let per_mille = self.weather.between(100, 600);
        for host in 0..self.hosts.len() {
            if self.weather.chance(per_mille) {
                apart.insert(host);
            }
        }
        self.tell(|| format!("{} hosts are cut off", apart.len()));
        self.partition.separate(apart);
        self.cut_crossing_links();
        let after_ms = self.weather.between(5, 60) * MINUTE_MS;
        self.plan(after_ms, Event::Heal);
    }

    // ---- healing ----

    /// Ends all faults and lets honest hosts meet until nothing is new.
    fn heal(&mut self) {
        self.tell(|| "healing begins".to_owned());
        self.is_calm = true;
        self.forget_plans();
        self.partition.heal();
        for host in 0..self.hosts.len() {
            self.hosts[host].is_silent = false;
            if !self.hosts[host].begun || self.hosts[host].entrance == Entrance::Stranger {
                continue;
            }
            self.start(host);
            self.show_pocket(host);
        }
        self.drain();
        // Hostile hosts show what they kept back; then they fall silent for good.
        let everybody: Vec<HostId> = (0..self.hosts.len())
            .filter(|host| {
                self.hosts[*host].is_up() && self.hosts[*host].entrance != Entrance::Stranger
            })
            .collect();
        self.round(&everybody, 0);
        self.round(&everybody, 1);
        for host in 0..self.hosts.len() {
            if self.hosts[host].is_honest() && self.hosts[host].key_is_spent {
                self.replace_device(host);
            }
        }
        self.drain();
        for round in 0..HEALING_ROUNDS_MAX {
            let honest = self.healing_hosts();
            if round > 0 && self.is_level(&honest) && !self.payloads_are_under_way(&honest) {
                self.tell(|| format!("level after {round} rounds"));
                return;
            }
            self.round(&honest, round);
        }
        let honest = self.healing_hosts();
        if !self.is_level(&honest) {
            let detail = self.unlevel(&honest);
            self.failures.push(Failure::new(
                Check::Converges,
                format!("frontiers differ after {HEALING_ROUNDS_MAX} rounds: {detail}"),
            ));
        }
    }

    /// Says which logs honest hosts hold differently.
    fn unlevel(&mut self, hosts: &[HostId]) -> String {
        use protocol::frontier::BucketSet;
        use std::collections::BTreeMap;
        let mut holders: BTreeMap<String, Vec<HostId>> = BTreeMap::new();
        for &host in hosts {
            let Some(replica) = self.hosts[host].replica.as_mut() else {
                continue;
            };
            for row in replica.frontier().rows(&BucketSet::ALL) {
                let heads: Vec<String> = row
                    .heads
                    .iter()
                    .map(|head| format!("{}:{}", head.seq, head.entry.short()))
                    .collect();
                let fork = replica.forked_at(&row.device);
                let key = format!("{} {} fork {fork:?}", row.device.short(), heads.join(" "));
                holders.entry(key).or_default().push(host);
            }
        }
        let differing: Vec<String> = holders
            .into_iter()
            .filter(|(_, holders)| holders.len() < hosts.len())
            .map(|(key, holders)| format!("{key} at {holders:?}"))
            .take(8)
            .collect();
        differing.join("; ")
    }

    /// Returns the honest hosts that others serve: running, admitted, and not removed as the
    /// best-informed of those sees it whom half of them serve. Whoever was removed does not hear of
    /// it, for nobody serves it any more, and may hold the most.
    pub fn healing_hosts(&mut self) -> Vec<HostId> {
        let honest: Vec<HostId> = (0..self.hosts.len())
            .filter(|host| self.hosts[*host].is_honest() && self.is_admitted(*host))
            .collect();
        let mut served = Vec::new();
        for &host in &honest {
            let by = honest.iter().filter(|by| self.serves(**by, host)).count();
            if by * 2 >= honest.len() {
                served.push(host);
            }
        }
        let held = |host: &HostId| self.hosts[*host].memory.entries().len();
        let Some(best) = served.into_iter().max_by_key(held) else {
            return honest;
        };
        honest
            .into_iter()
            .filter(|host| self.serves(best, *host))
            .collect()
    }

    /// Tells whether a host serves another, as far as it knows.
    fn serves(&mut self, one: HostId, other: HostId) -> bool {
        let (device, member) = (self.hosts[other].device_id(), self.hosts[other].member());
        let replica = self.hosts[one].replica.as_mut();
        replica
            .is_some_and(|replica| replica.peer_standing(device, member) == PeerStanding::Admitted)
    }

    fn is_level(&mut self, hosts: &[HostId]) -> bool {
        let mut digests = hosts.iter().filter_map(|host| {
            let replica = self.hosts[*host].replica.as_mut()?;
            Some(replica.frontier_digest())
        });
        let is_same = match digests.next() {
            Some(first) => digests.all(|digest| digest == first),
            None => true,
        };
        if is_same {
            return true;
        }
        let first = hosts.iter().find_map(|host| self.level_of(*host));
        let mut levels = hosts.iter().filter_map(|host| self.level_of(*host));
        levels.all(|level| Some(&level) == first.as_ref())
    }

    fn round(&mut self, hosts: &[HostId], round: u32) {
        let distance = (1usize << (round % 5)) % hosts.len().max(1);
        for (position, &host) in hosts.iter().enumerate() {
            let to = hosts[(position + distance) % hosts.len()];
            self.call(host, to, Purpose::Meet);
        }
        self.drain_and_part();
    }

    /// Lets everything come to rest, and closes all streams.
    pub fn drain_and_part(&mut self) {
        self.drain();
        let open: Vec<usize> = (0..self.links.len())
            .filter(|link| self.links[*link].is_open())
            .collect();
        for link in open {
            self.hang_up(link);
        }
    }

    /// Lets frames and disks come to rest.
    fn drain(&mut self) {
        let mut events: u64 = 0;
        while let Some(event) = self.next_event() {
            self.happen_calmly(event);
            events += 1;
            if events > 2_000_000 {
                self.failures.push(Failure::new(
                    Check::Converges,
                    "sessions never come to rest".to_owned(),
                ));
                self.forget_frames();
            }
        }
    }

    fn happen_calmly(&mut self, event: Event) {
        match event {
            Event::Frame { .. } | Event::Durable { .. } | Event::Settle { .. } => {
                self.happen(event);
            }
            _ => {}
        }
    }

    /// Returns how many hours all hosts together have lived through.
    pub fn node_hours(&self) -> f64 {
        let hours = self.now_ms as f64 / (60.0 * MINUTE_MS as f64);
        hours * self.hosts.len() as f64
    }
}

/// Makes the stream for what hostile hosts do.
pub fn malice(seed: u64) -> Random {
    Random::new(seed ^ 0x6d61_6c69_6365)
}
