//! The world: hosts, links and disks under one seed, in virtual time and one thread.
//!
//! It carries out what sessions and replicas ask for, as a node does: commit, then send. It does
//! not decide what people do (see `scenario`) nor what hostile hosts do (see `mischief`).

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{DeviceId, EntryId, SpaceId};
use protocol::joining::JoinRequest;
use protocol::kind::Kinds;
use protocol::replica::{AppendError, Body, Identity, PeerStanding, Received, Replica};
use protocol::session::frame::{Frame, RefusedReason};
use protocol::session::{Output, Purpose, Session};
use protocol::statement::{Act, MemberKind, Statement};
use protocol::switches::{Rule, Switches};

use super::check::{Check, Failure};
use super::fault::{Fault, Faults};
use super::host::{Entrance, Host, HostId};
use super::ledger::Ledger;
use super::network::{Link, LinkId, Partition, side_of};
use super::random::Random;
use super::records::Records;

/// 2026-01-01, the day on which every run begins.
pub const EPOCH_MS: i64 = 1_767_225_600_000;
/// One minute of virtual time.
pub const MINUTE_MS: u64 = 60_000;
/// Frames that may be on the way to one end.
const IN_FLIGHT_MAX: u32 = 4;

/// What a run is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The seed: it alone decides everything below it.
    pub seed: u64,
    /// How many replicas.
    pub replicas: usize,
    /// How many entries are written at least.
    pub entries: usize,
    /// How many of 1,000 replicas are hostile.
    pub hostile_per_mille: u64,
    /// A rule that is switched off.
    pub without: Option<Rule>,
    /// Whether people publish agreements, moderate and appeal besides.
    pub moderates: bool,
    /// Whether households without a device are recorded and acted for besides.
    pub acts_for_others: bool,
    /// Whether people say all that can be said about help and notices, and hostile hosts say it as
    /// somebody else.
    pub helps: bool,
    /// Whether hostile hosts sign more branches of their logs than are taken as they come.
    pub splinters: bool,
    /// Whether to tell what happens.
    pub verbose: bool,
}

impl Options {
    /// Tells whether a rule holds in this run.
    pub fn holds(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    /// Returns the switches for replicas.
    pub fn switches(&self) -> Switches {
        self.without.map_or(Switches::NONE, Switches::without)
    }
}

/// Something that will happen.
#[derive(Clone, Debug)]
pub enum Event {
    /// A frame arrives.
    Frame {
        /// The link.
        link: LinkId,
        /// The end.
        end: usize,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// A host's disk has made durable what was written before.
    Durable {
        /// The host.
        host: HostId,
        /// The start in which it was written.
        boot: u64,
    },
    /// It has been quiet at a host for a while: receipts go out.
    Settle {
        /// The host.
        host: HostId,
        /// The start in which it became so.
        boot: u64,
    },
    /// A person or a hostile program at a host does something.
    Act {
        /// The host.
        host: HostId,
    },
    /// A host calls another.
    Meet {
        /// The host.
        host: HostId,
    },
    /// A hint says that another host has something new.
    Hint {
        /// Who hears it.
        host: HostId,
        /// Who has it.
        from: HostId,
    },
    /// A stream comes to its end.
    Hangup {
        /// The link.
        link: LinkId,
    },
    /// A host loses power.
    Crash {
        /// The host.
        host: HostId,
    },
    /// A host starts again.
    Start {
        /// The host.
        host: HostId,
    },
    /// The network falls apart.
    Partition,
    /// The network is whole again.
    Heal,
}

/// Hosts and what lies between them.
pub struct World {
    /// What the run is made from.
    pub options: Options,
    /// Virtual time since the run began.
    pub now_ms: u64,
    /// The machines.
    pub hosts: Vec<Host>,
    /// The streams, closed ones included.
    pub links: Vec<Link>,
    /// Who can reach whom.
    pub partition: Partition,
    /// What people do.
    pub random: Random,
    /// What the network and power do.
    pub weather: Random,
    /// What was injected.
    pub faults: Faults,
    /// What went wrong.
    pub failures: Vec<Failure>,
    /// What an all-seeing bystander noted.
    pub ledger: Ledger,
    /// What people know of each other outside the program.
    pub records: Records,
    /// The neighbourhood.
    pub space: SpaceId,
    /// Its secret.
    pub secret: [u8; 32],
    /// Whether nothing goes wrong any more.
    pub is_calm: bool,
    queue: BTreeMap<(u64, u64), Event>,
    order: u64,
    open: BTreeMap<HostId, BTreeSet<LinkId>>,
}

impl World {
    /// Makes an empty world.
    pub fn new(options: Options) -> Self {
        let mut random = Random::new(options.seed);
        let weather = random.split();
        Self {
            options,
            now_ms: 0,
            hosts: Vec::new(),
            links: Vec::new(),
            partition: Partition::default(),
            random,
            weather,
            faults: Faults::default(),
            failures: Vec::new(),
            ledger: Ledger::default(),
            records: Records::default(),
            space: SpaceId::default(),
            secret: [0; 32],
            is_calm: false,
            queue: BTreeMap::new(),
            order: 0,
            open: BTreeMap::new(),
        }
    }

    /// Tells what happens, when somebody listens.
    pub fn tell(&self, what: impl FnOnce() -> String) {
        if self.options.verbose {
            println!(
                "{:>9}.{:03} s  {}",
                self.now_ms / 1_000,
                self.now_ms % 1_000,
                what()
            );
        }
    }

    /// Plans an event.
    pub fn plan(&mut self, after_ms: u64, event: Event) {
        self.order += 1;
        self.queue
            .insert((self.now_ms + after_ms, self.order), event);
    }

    /// Takes the next event off the queue and moves time to it.
    pub fn next_event(&mut self) -> Option<Event> {
        let ((at_ms, _), event) = self.queue.pop_first()?;
        self.now_ms = at_ms;
        Some(event)
    }

    /// Forgets what people and weather had planned; frames, disks and receipts go on.
    pub fn forget_plans(&mut self) {
        self.queue.retain(|_, event| {
            matches!(
                event,
                Event::Frame { .. } | Event::Durable { .. } | Event::Settle { .. }
            )
        });
    }

    /// Forgets what is under way.
    pub fn forget_frames(&mut self) {
        self.queue.clear();
    }

    /// Returns what a host's clock shows.
    pub fn clock(&self, host: HostId) -> i64 {
        let now = i64::try_from(self.now_ms).expect("a run is short");
        EPOCH_MS + now + self.hosts[host].skew_ms
    }

    /// Opens the replica of a host over what its disk holds.
    pub fn start(&mut self, host: HostId) {
        let switches = self.options.switches();
        let one = &mut self.hosts[host];
        if one.replica.is_some() || !one.begun {
            return;
        }
        let identity = Identity {
            key: one.device.clone(),
            member: one.member(),
        };
        let opened = Replica::open(
            self.space,
            identity,
            Kinds::standard(),
            switches,
            &one.memory,
        );
        one.replica = Some(opened.expect("memory can be read"));
        if one.is_honest() {
            self.ledger.enrol(one.device_id(), host);
        }
        self.forget(host);
    }

    /// Drops what retired documents said (rule R18).
    fn forget(&mut self, host: HostId) {
        let one = &mut self.hosts[host];
        let Some(replica) = one.replica.as_mut() else {
            return;
        };
        while replica.has_to_forget() {
            let forgotten = replica.forget(&one.memory).expect("memory can be read");
            one.memory.apply(&forgotten.batch);
        }
        if one.memory.is_volatile() {
            self.sync_later(host);
        }
    }

    fn sync_later(&mut self, host: HostId) {
        if self.hosts[host].syncing {
            return;
        }
        let latency_ms = self.disk_latency_ms();
        let boot = self.hosts[host].boot;
        self.hosts[host].syncing = true;
        self.plan(latency_ms, Event::Durable { host, boot });
    }

    /// Takes power from a host.
    pub fn crash(&mut self, host: HostId) {
        let one = &mut self.hosts[host];
        one.replica = None;
        one.memory.crash();
        one.waiting.clear();
        one.unacknowledged.clear();
        one.syncing = false;
        one.settling = false;
        one.boot += 1;
        for link in self.open.remove(&host).unwrap_or_default() {
            self.hang_up(link);
        }
    }

    /// Tells whether the host's own replica takes its device for admitted.
    pub fn is_admitted(&mut self, host: HostId) -> bool {
        let one = &mut self.hosts[host];
        let (device, member) = (one.device_id(), one.member());
        one.replica
            .as_mut()
            .is_some_and(|replica| replica.peer_standing(device, member) == PeerStanding::Admitted)
    }

    // ---- writing ----

    /// Has a host write an entry the way its program does.
    pub fn write(&mut self, host: HostId, body: &Body) -> Option<EntryId> {
        let now_ms = self.clock(host);
        let one = &mut self.hosts[host];
        let replica = one.replica.as_mut()?;
        match replica.append(&one.memory, now_ms, body) {
            Ok(appended) => {
                let id = appended.id;
                if one.is_honest() {
                    one.unacknowledged.push(id);
                }
                self.commit(host, appended.received, true);
                Some(id)
            }
            Err(AppendError::Forked) => {
                one.key_is_spent = true;
                None
            }
            Err(error) => {
                self.tell(|| format!("host {host} could not write: {error:?}"));
                None
            }
        }
    }

    /// Has a host write a statement.
    pub fn state(
        &mut self,
        host: HostId,
        authority: protocol::statement::Authority,
        act: Act,
    ) -> Option<EntryId> {
        self.write(host, &Body::Statement(Statement::new(authority, act)))
    }

    /// Carries a batch to the disk: visible at once, durable later.
    pub fn commit(&mut self, host: HostId, mut received: Received, own: bool) {
        let one = &mut self.hosts[host];
        if received.own_log_ahead && !own {
            one.key_is_spent = true;
        }
        if received.batch.is_empty() {
            return;
        }
        one.memory.apply(&received.batch);
        self.stir(host);
        let one = &mut self.hosts[host];
        if let Some(replica) = one.replica.as_mut() {
            let looked = replica.committed(&one.memory, &mut received);
            looked.expect("memory can be read");
        }
        self.forget(host);
        for stored in &received.batch.entries {
            let by_itself = self.ledger.author(&stored.entry.header.device) == Some(host);
            if !by_itself {
                self.ledger
                    .observed(&stored.entry, host, &mut self.failures);
            }
        }
        self.sync_later(host);
        let links: Vec<LinkId> = self
            .open
            .get(&host)
            .into_iter()
            .flatten()
            .copied()
            .collect();
        for link in links {
            self.pump(link, host);
        }
    }

    fn disk_latency_ms(&mut self) -> u64 {
        if !self.options.holds(Rule::R3) {
            // Who does not wait for the disk does not notice that it is slow.
            return self.weather.between(1_000, 300_000);
        }
        match self.weather.below(50) {
            0 if !self.is_calm => self.weather.between(500, 20_000),
            1..10 => self.weather.between(10, 200),
            _ => self.weather.between(1, 10),
        }
    }

    /// The disk has caught up: what waited for it goes out.
    pub fn durable(&mut self, host: HostId, boot: u64) {
        let one = &mut self.hosts[host];
        if one.boot != boot || !one.is_up() {
            return;
        }
        one.syncing = false;
        let before = one.memory.durable_entries().len();
        one.memory.sync();
        let own: Vec<_> = one.memory.durable_entries()[before..]
            .iter()
            .filter(|stored| self.ledger.author(&stored.entry.header.device) == Some(host))
            .map(|stored| stored.entry.clone())
            .collect();
        for entry in own {
            self.ledger.became_durable(&entry, &mut self.failures);
        }
        let one = &mut self.hosts[host];
        let saved = std::mem::take(&mut one.unacknowledged);
        one.acknowledged.extend(saved.iter().copied());
        for (link, bytes) in std::mem::take(&mut one.waiting) {
            self.transmit(link, host, bytes);
        }
        if !saved.is_empty() {
            self.hint(host);
        }
    }

    fn hint(&mut self, host: HostId) {
        for _ in 0..2 {
            let to = self.weather.index(self.hosts.len());
            if to == host || !self.partition.connects(host, to) {
                continue;
            }
            if self.weather.chance(300) {
                self.faults.count(Fault::Drop);
                continue;
            }
            let after_ms = self.weather.between(5, 2_000);
            self.plan(
                after_ms,
                Event::Hint {
                    host: to,
                    from: host,
                },
            );
        }
    }

    // ---- receipts ----

    /// Something happened of which receipts have to tell, once it is quiet again.
    fn stir(&mut self, host: HostId) {
        let one = &mut self.hosts[host];
        if one.settling || !one.is_up() {
            return;
        }
        one.settling = true;
        let boot = one.boot;
        let after_ms = self.weather.between(1_000, 20_000);
        self.plan(after_ms, Event::Settle { host, boot });
    }

    /// Has a host sign for what it holds and give receipts to those it is linked to.
    pub fn settle_receipts(&mut self, host: HostId, boot: u64) {
        let one = &mut self.hosts[host];
        if one.boot != boot || !one.is_up() {
            return;
        }
        let links = self.links_of(host);
        let peers: Vec<_> = links
            .iter()
            .filter_map(|link| {
                let session =
                    self.links[*link].sessions[self.links[*link].end_of(host)?].as_ref()?;
                session.is_syncing().then(|| session.peer())?
            })
            .collect();
        let now_ms = self.clock(host);
        let Some(replica) = self.hosts[host].replica.as_mut() else {
            return;
        };
        let issued = replica.issue_receipts(now_ms, &peers);
        self.commit(host, issued, true);
        self.hosts[host].settling = false;
        for link in links {
            let Some(end) = self.links[link].end_of(host) else {
                continue;
            };
            if let Some(session) = self.links[link].sessions[end].as_mut() {
                session.settle();
            }
            self.pump(link, host);
        }
    }

    /// Whoever is honest signs for nothing that it may still lose (rule R3).
    fn note_receipts(&mut self, host: HostId, bytes: &[u8]) {
        let one = &self.hosts[host];
        // Other frames are long and many; the code stands in the second byte.
        if !one.is_honest() || bytes.get(1) != Some(&15) {
            return;
        }
        let Ok(Frame::Receipts { receipts, .. }) = Frame::from_bytes(bytes) else {
            return;
        };
        let own = one.device_id();
        let may_be_lost = receipts.iter().find(|receipt| {
            let is_so = one.memory.find(&receipt.entry).is_some_and(|stored| {
                let header = &stored.entry.header;
                (header.device, header.seq) == (receipt.log, receipt.seq)
            });
            receipt.device == own && !(is_so && one.memory.holds_durably(&receipt.entry))
        });
        if let Some(receipt) = may_be_lost {
            self.failures.push(Failure::new(
                Check::ReceiptsHonest,
                format!(
                    "host {host} signed for entry {} of {}, which it may lose",
                    receipt.seq,
                    receipt.log.short()
                ),
            ));
        }
    }

    // ---- links ----

    /// Has a host call another. Returns whether the call came through.
    pub fn call(&mut self, from: HostId, to: HostId, purpose: Purpose) -> bool {
        let reachable = from != to
            && self.hosts[from].is_up()
            && self.hosts[to].is_up()
            && self.partition.connects(from, to);
        if !reachable {
            return false;
        }
        let link = self.links.len();
        let names = [link_name(link, 0), link_name(link, 1)];
        let secrets = [self.secret_of(from), self.secret_of(to)];
        let sessions = [
            Session::new(side_of(0), purpose, &secrets[0], &names[0], &names[1]),
            Session::new(side_of(1), Purpose::Meet, &secrets[1], &names[1], &names[0]),
        ];
        self.links.push(Link::new([from, to], sessions));
        self.open.entry(from).or_default().insert(link);
        self.open.entry(to).or_default().insert(link);
        let outputs = self.links[link].sessions[0]
            .as_mut()
            .map(Session::open)
            .unwrap_or_default();
        self.carry_out(link, 0, outputs);
        if !self.is_calm {
            let after_ms = self.weather.between(20_000, 600_000);
            self.plan(after_ms, Event::Hangup { link });
        }
        true
    }

    /// A stranger may or may not have come by the secret.
    fn secret_of(&self, host: HostId) -> [u8; 32] {
        match self.hosts[host].entrance {
            Entrance::Stranger if host.is_multiple_of(2) => [0; 32],
            _ => self.secret,
        }
    }

    /// Tells whether two hosts have an open stream.
    pub fn is_linked(&self, one: HostId, other: HostId) -> bool {
        self.open
            .get(&one)
            .into_iter()
            .flatten()
            .any(|link| self.links[*link].hosts.contains(&other))
    }

    /// Returns the open streams of a host.
    pub fn links_of(&self, host: HostId) -> Vec<LinkId> {
        self.open
            .get(&host)
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    /// Closes a stream at both ends.
    pub fn hang_up(&mut self, link: LinkId) {
        self.links[link].close();
        for host in self.links[link].hosts {
            if let Some(open) = self.open.get_mut(&host) {
                open.remove(&link);
            }
        }
    }

    /// Closes all streams that cross the partition.
    pub fn cut_crossing_links(&mut self) {
        let crossing: Vec<LinkId> = self
            .open
            .values()
            .flatten()
            .copied()
            .filter(|link| {
                let [one, other] = self.links[*link].hosts;
                !self.partition.connects(one, other)
            })
            .collect();
        for link in crossing {
            self.hang_up(link);
        }
    }

    /// A frame has arrived at an end.
    pub fn arrive(&mut self, link: LinkId, end: usize, bytes: &[u8]) {
        let host = self.links[link].hosts[end];
        self.links[link].in_flight[end] = self.links[link].in_flight[end].saturating_sub(1);
        let Some(mut session) = self.links[link].sessions[end].take() else {
            return;
        };
        let one = &mut self.hosts[host];
        let Some(replica) = one.replica.as_mut() else {
            self.hang_up(link);
            return;
        };
        let handled = session.handle(bytes, replica, &one.memory);
        self.links[link].sessions[end] = Some(session);
        match handled {
            Ok(outputs) => {
                self.overhear(host, bytes);
                self.carry_out(link, end, outputs);
                self.pump(link, host);
                // The peer has room for one more frame.
                let other = self.links[link].hosts[1 - end];
                self.pump(link, other);
            }
            Err(error) => {
                self.tell(|| format!("link {link}: host {host} hangs up: {error}"));
                self.hang_up(link);
            }
        }
    }

    fn overhear(&mut self, host: HostId, bytes: &[u8]) {
        let one = &mut self.hosts[host];
        if !one.is_honest() && bytes.len() > 300 && one.heard.len() < 32 {
            one.heard.push(bytes.to_vec());
        }
    }

    fn carry_out(&mut self, link: LinkId, end: usize, outputs: Vec<Output>) {
        let host = self.links[link].hosts[end];
        for output in outputs {
            match output {
                Output::Send(frame) => self.send(link, host, &frame),
                Output::Commit(received) => self.commit(host, *received, false),
                Output::JoinRequested(request) => self.judge_join(link, end, &request),
                // The simulator's households have one device each, or enrol others by a statement.
                Output::EnrolmentRequested(_) => self.hang_up(link),
                Output::Refused(reason) => {
                    self.tell(|| format!("link {link}: host {host} is refused: {reason:?}"));
                    self.hang_up(link);
                }
                Output::InStep => self.stir(host),
                Output::Met { .. } | Output::Held { .. } => {}
            }
        }
    }

    /// Sends what the session at a host still has for its peer, as far as the stream takes it.
    pub fn pump(&mut self, link: LinkId, host: HostId) {
        let Some(end) = self.links[link].end_of(host) else {
            return;
        };
        while self.links[link].in_flight[1 - end] < IN_FLIGHT_MAX {
            let Some(session) = self.links[link].sessions[end].as_mut() else {
                return;
            };
            let one = &mut self.hosts[host];
            let Some(replica) = one.replica.as_mut() else {
                return;
            };
            let frame = session
                .poll(replica, &one.memory)
                .expect("memory can be read");
            match frame {
                Some(frame) => self.send(link, host, &frame),
                None => return,
            }
        }
    }

    /// Asks the peer of a stream whether it holds the same.
    pub fn ask(&mut self, link: LinkId, host: HostId) {
        let Some(end) = self.links[link].end_of(host) else {
            return;
        };
        let outputs = {
            let session = self.links[link].sessions[end].as_mut();
            let replica = self.hosts[host].replica.as_mut();
            match (session, replica) {
                (Some(session), Some(replica)) => session.check(replica),
                _ => return,
            }
        };
        self.carry_out(link, end, outputs);
    }

    /// Sends a frame, after what it tells of is durable (rule R3).
    fn send(&mut self, link: LinkId, host: HostId, frame: &Frame) {
        let one = &mut self.hosts[host];
        if one.is_silent && matches!(frame, Frame::Entries { .. } | Frame::Proofs { .. }) {
            self.faults.count(Fault::Withhold);
            return;
        }
        self.note_service(link, host, frame);
        let bytes = frame.to_bytes();
        self.send_bytes(link, host, bytes);
    }

    /// Sends bytes that need not be a frame.
    pub fn send_bytes(&mut self, link: LinkId, host: HostId, bytes: Vec<u8>) {
        let Some(end) = self.links[link].end_of(host) else {
            return;
        };
        self.links[link].in_flight[1 - end] += 1;
        let one = &mut self.hosts[host];
        if self.options.holds(Rule::R3) && one.memory.is_volatile() {
            one.waiting.push((link, bytes));
        } else {
            self.transmit(link, host, bytes);
        }
    }

    /// Nobody who was not admitted may be told anything (rule R21).
    fn note_service(&mut self, link: LinkId, host: HostId, frame: &Frame) {
        let Some(end) = self.links[link].end_of(host) else {
            return;
        };
        let to = self.links[link].hosts[1 - end];
        if self.hosts[to].entrance != Entrance::Stranger || !self.hosts[host].is_honest() {
            return;
        }
        let knows_secret = self.secret_of(to) == self.secret;
        let harmless = match frame {
            Frame::Refused { .. } => true,
            Frame::Greet { .. } => true,
            // Whoever came by the secret may ask whom it met, as somebody who joins has to.
            Frame::Answer { .. }
            | Frame::Introduce { .. }
            | Frame::ChainWanted
            | Frame::Chain { .. } => knows_secret,
            _ => false,
        };
        if !harmless {
            self.failures.push(Failure::new(
                Check::NoUnadmittedServed,
                format!("host {host} sent a stranger {}", frame_name(frame)),
            ));
        }
    }

    fn transmit(&mut self, link: LinkId, host: HostId, bytes: Vec<u8>) {
        if !self.links[link].is_open() {
            return;
        }
        let Some(from) = self.links[link].end_of(host) else {
            return;
        };
        let end = 1 - from;
        self.note_receipts(host, &bytes);
        let frames = self.weathered(link, end, bytes);
        for bytes in frames {
            let latency_ms = self.latency_ms();
            let at_ms = (self.now_ms + latency_ms).max(self.links[link].last_arrival_ms[end]);
            self.links[link].last_arrival_ms[end] = at_ms;
            self.plan(at_ms - self.now_ms, Event::Frame { link, end, bytes });
        }
    }

    fn latency_ms(&mut self) -> u64 {
        if !self.is_calm && self.weather.chance(15) {
            self.faults.count(Fault::Delay);
            return self.weather.between(3_000, 120_000);
        }
        self.weather.between(2, 150)
    }

    /// What comes out of the network for one frame that went in.
    fn weathered(&mut self, link: LinkId, end: usize, bytes: Vec<u8>) -> Vec<Vec<u8>> {
        if let Some(held) = self.links[link].swapped[end].take() {
            return vec![bytes, held];
        }
        if self.is_calm {
            return vec![bytes];
        }
        let fault = match self.weather.below(1_000) {
            0..3 => Fault::Drop,
            3..6 => Fault::Duplicate,
            6..9 => Fault::Reorder,
            9..11 => Fault::Garbage,
            11..13 => Fault::HalfFrame,
            _ => return vec![bytes],
        };
        self.faults.count(fault);
        self.tell(|| format!("link {link}: {} of a frame", fault.name()));
        if !self.links[link].is_tampered {
            self.links[link].is_tampered = true;
            let after_ms = self.weather.between(1_000, 30_000);
            self.plan(after_ms, Event::Hangup { link });
        }
        match fault {
            Fault::Duplicate => vec![bytes.clone(), bytes],
            Fault::Reorder => {
                self.links[link].swapped[end] = Some(bytes);
                Vec::new()
            }
            Fault::Garbage => {
                // Numbers of receipts are the giver's own: transports see to it that they arrive as
                // they were said, and nobody else can tell whether one is another.
                let has_numbers = bytes.get(1) == Some(&15);
                let garbled = self.garbled(bytes);
                (!has_numbers).then_some(garbled).into_iter().collect()
            }
            Fault::HalfFrame => {
                let half = self.weather.index(bytes.len());
                vec![bytes[..half].to_vec()]
            }
            _ => Vec::new(),
        }
    }

    fn garbled(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..self.weather.between(1, 3) {
            let at = self.weather.index(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << self.weather.below(8);
            }
        }
        bytes
    }

    // ---- joining ----

    /// The node of an inviter judges a request by its clock and the uses that are left.
    fn judge_join(&mut self, link: LinkId, end: usize, request: &JoinRequest) {
        let host = self.links[link].hosts[end];
        let now_ms = self.clock(host);
        let verdict = self.join_verdict(host, now_ms, request);
        let outputs = match verdict {
            Ok((kind, number, uses)) => {
                let act = request.act(kind, number, uses);
                let member = request.joiner.member();
                let authority = self.admitting_authority(host, kind);
                let stated = authority.and_then(|right| self.state(host, right, act));
                match stated {
                    Some(id) => {
                        if let Some(issued) = self.hosts[host].issued.get_mut(&request.invitation) {
                            issued.used = number;
                        }
                        if let Some(member) = member {
                            self.records.admitted(member, id, kind);
                        }
                        let session = self.links[link].sessions[end].as_mut();
                        let replica = self.hosts[host].replica.as_mut();
                        match (session, replica) {
                            (Some(session), Some(replica)) => session.admit(replica),
                            _ => Vec::new(),
                        }
                    }
                    None => self.refuse_join(link, end, RefusedReason::Unable),
                }
            }
            Err(reason) => self.refuse_join(link, end, reason),
        };
        self.carry_out(link, end, outputs);
    }

    fn refuse_join(&mut self, link: LinkId, end: usize, reason: RefusedReason) -> Vec<Output> {
        self.links[link].sessions[end]
            .as_mut()
            .map(|session| session.refuse(reason))
            .unwrap_or_default()
    }

    fn join_verdict(
        &mut self,
        host: HostId,
        now_ms: i64,
        request: &JoinRequest,
    ) -> Result<(MemberKind, u32, u32), RefusedReason> {
        let one = &self.hosts[host];
        let Some(issued) = one.issued.get(&request.invitation) else {
            return Err(RefusedReason::InvitationUnknown);
        };
        if now_ms > issued.expires_ms {
            return Err(RefusedReason::InvitationExpired);
        }
        let (used, uses) = (issued.used, issued.uses);
        let overuses = !one.is_honest();
        if used >= uses && !overuses {
            return Err(RefusedReason::InvitationUsedUp);
        }
        if used >= uses {
            self.faults.count(Fault::OverusedInvitation);
        }
        let kind = if self.may_admit_households(host) {
            MemberKind::Household
        } else {
            MemberKind::Guest
        };
        Ok((kind, used + 1, uses))
    }

    /// Returns all devices that honest hosts write with.
    pub fn honest_devices(&self) -> BTreeSet<DeviceId> {
        self.hosts
            .iter()
            .filter(|host| host.is_honest())
            .map(Host::device_id)
            .collect()
    }
}

fn link_name(link: LinkId, end: usize) -> Vec<u8> {
    format!("link {link} end {end}").into_bytes()
}

fn frame_name(frame: &Frame) -> &'static str {
    match frame {
        Frame::Greet { .. } => "a greeting",
        Frame::Answer { .. } => "an answer",
        Frame::Introduce { .. } => "an introduction",
        Frame::Join { .. } => "a request to join",
        Frame::Enrol { .. } => "a request to be enrolled",
        Frame::Found(_) => "where the neighbourhood is",
        Frame::ChainWanted => "a question for its chain",
        Frame::Chain { .. } => "an admission chain",
        Frame::Welcome => "a welcome",
        Frame::Refused { .. } => "a refusal",
        Frame::Summary { .. } => "a summary",
        Frame::Buckets { .. } => "bucket hashes",
        Frame::Rows { .. } => "rows of the frontier",
        Frame::Entries { .. } => "entries",
        Frame::Fetch { .. } => "a fetch",
        Frame::Held { .. } => "a count of entries held",
        Frame::Proofs { .. } => "fork proofs",
        Frame::Receipts { .. } => "receipts",
    }
}
