//! Replicas without machines: each with its memory, and sessions whose frames are handed over until
//! nothing is left to say.

use protocol::api::Delivery;
use protocol::id::{DeviceId, EntryId, MemberId, SpaceId};
use protocol::key::SecretKey;
use protocol::kind::Kinds;
use protocol::replica::{Body, Identity, Received, Replica};
use protocol::session::frame::Frame;
use protocol::session::{Output, Purpose, Session, SessionError, Side};
use protocol::statement::{
    Act, Admission, Authority, Certificate, Founding, MemberKind, Statement, Tip, Tips,
};
use protocol::switches::Switches;
use tests::sim::memory::Memory;
use tests::sim::mischief::one_put;

pub const NOW_MS: i64 = 1_780_000_000_000;

/// One replica with what is durable of it.
pub struct Node {
    pub key: SecretKey,
    pub household: Option<SecretKey>,
    pub replica: Replica,
    pub memory: Memory,
}

/// Replicas of one space. The first is the founder's.
pub struct Village {
    pub space: SpaceId,
    pub nodes: Vec<Node>,
    now_ms: i64,
    secret: [u8; 32],
    seeds: u8,
}

/// What was said in a meeting: frames of each end.
#[derive(Default)]
pub struct Said {
    pub frames: [Vec<Frame>; 2],
    pub bytes: usize,
}

impl Said {
    /// Returns how many receipts were given, by both.
    pub fn receipts(&self) -> usize {
        let frames = self.frames.iter().flatten();
        frames
            .map(|frame| match frame {
                Frame::Receipts { receipts, .. } => receipts.len(),
                _ => 0,
            })
            .sum()
    }
}

impl Node {
    fn open(space: SpaceId, key: SecretKey, household: Option<SecretKey>, memory: Memory) -> Self {
        let identity = Identity {
            key: key.clone(),
            member: household.as_ref().map(|key| MemberId(key.public())),
        };
        let kinds = Kinds::standard();
        let replica = Replica::open(space, identity, kinds, Switches::NONE, &memory);
        Self {
            replica: replica.expect("memory can be read"),
            key,
            household,
            memory,
        }
    }

    pub fn device(&self) -> DeviceId {
        self.replica.device()
    }

    pub fn member(&self) -> MemberId {
        self.replica.member().expect("a home's")
    }

    pub fn commit(&mut self, mut received: Received) {
        self.memory.apply(&received.batch);
        self.memory.sync();
        let looked = self.replica.committed(&self.memory, &mut received);
        looked.expect("memory can be read");
    }

    fn append(&mut self, body: &Body) -> EntryId {
        let appended = self.replica.append(&self.memory, NOW_MS, body);
        let appended = appended.expect("a right to write");
        self.commit(appended.received);
        appended.id
    }

    pub fn state(&mut self, authority: Authority, act: Act) -> EntryId {
        self.append(&Body::Statement(Statement::new(authority, act)))
    }

    pub fn post(&mut self) -> EntryId {
        self.append(&Body::Creation {
            kind: 1,
            intents: one_put("title", "谁有梯子？"),
        })
    }

    /// Returns how far the own log's newest entry has come.
    pub fn delivery(&self) -> Delivery {
        let device = self.replica.device();
        let mut logs = self.replica.logs().of_device(&device);
        let log = logs.next().expect("an own log");
        let deliveries = self.replica.deliveries(&self.memory);
        let deliveries = deliveries.expect("memory can be read");
        deliveries.of(self.replica.logs(), (log.number, log.head_seq))
    }

    /// Stops and starts again.
    pub fn restart(&mut self) {
        let identity = Identity {
            key: self.key.clone(),
            member: self.household.as_ref().map(|key| MemberId(key.public())),
        };
        let space = self.replica.space();
        let kinds = Kinds::standard();
        let replica = Replica::open(space, identity, kinds, Switches::NONE, &self.memory);
        self.replica = replica.expect("memory can be read");
    }
}

impl Village {
    /// Founds a neighbourhood and lets so many further households in; all are up to date.
    pub fn new(households: usize) -> Self {
        let (household, key) = (seed(1), seed(2));
        let founding = Founding {
            neighbourhood: "梧桐里".to_owned(),
            nonce: [7; 32],
            certificate: Certificate::issue(&household, DeviceId(key.public())),
            name: "林家".to_owned(),
            building: None,
        };
        let (space, secret) = (founding.space(), founding.secret());
        let mut founder = Node::open(space, key, Some(household), Memory::default());
        founder.state(Authority::Founder, Act::Found(founding));
        let mut village = Self {
            space,
            nodes: vec![founder],
            now_ms: NOW_MS,
            secret,
            seeds: 2,
        };
        for number in 0..households {
            village.admit(number);
        }
        village.spread();
        village
    }

    fn fresh(&mut self) -> SecretKey {
        self.seeds += 1;
        seed(self.seeds)
    }

    fn admit(&mut self, number: usize) {
        let (household, key) = (self.fresh(), self.fresh());
        let act = Act::Admit(Admission {
            kind: MemberKind::Household,
            certificate: Certificate::issue(&household, DeviceId(key.public())),
            name: format!("household {number}"),
            building: None,
            invitation: None,
            successor_of: None,
        });
        self.nodes[0].state(Authority::Founder, act);
        self.move_in(key, Some(household));
    }

    /// Certifies a relay and returns its number.
    pub fn relay(&mut self) -> usize {
        let key = self.fresh();
        let act = Act::CertifyRelay {
            device: DeviceId(key.public()),
            name: "3号楼中继".to_owned(),
            building: None,
        };
        self.nodes[0].state(Authority::Founder, act);
        let relay = self.move_in(key, None);
        self.spread();
        relay
    }

    /// Gives a household another device and returns its number.
    pub fn second_device(&mut self, of: usize) -> usize {
        let household = self.nodes[of].household.clone().expect("a household");
        let key = self.fresh();
        let certificate = Certificate::issue(&household, DeviceId(key.public()));
        self.nodes[of].state(Authority::Founder, Act::Enrol { certificate });
        let device = self.move_in(key, Some(household));
        self.meet(of, 0, false);
        self.spread();
        device
    }

    fn move_in(&mut self, key: SecretKey, household: Option<SecretKey>) -> usize {
        let node = Node::open(self.space, key, household, Memory::default());
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Lets everybody meet the founder, without receipts.
    pub fn spread(&mut self) {
        for other in 1..self.nodes.len() {
            self.meet(other, 0, false);
        }
    }

    /// Returns the act that removes a household, with all that it wrote counting.
    pub fn removal(&self, number: usize) -> Act {
        let node = &self.nodes[number];
        let device = node.replica.device();
        let logs = node.replica.logs().of_device(&device);
        let tips: Vec<Tip> = logs
            .map(|log| Tip {
                device: log.device,
                seq: log.head_seq,
                entry: log.head,
            })
            .collect();
        Act::Remove {
            member: node.member(),
            tips: Tips {
                named: tips,
                ..Tips::default()
            },
            reason: "moved away".to_owned(),
        }
    }

    /// Lets two meet until nothing is left to say, and then until it is quiet at both.
    pub fn meet(&mut self, one: usize, other: usize, quiet: bool) -> Said {
        self.now_ms += 60_000;
        let mut meeting = Meeting::new(self, one, other);
        meeting.talk(self).expect("honest ends");
        if quiet {
            // Twice: what was taken may have to be given on.
            for _ in 0..2 {
                meeting.settle(self);
                meeting.talk(self).expect("honest ends");
            }
        }
        meeting.said
    }
}

/// A session at both ends.
pub struct Meeting {
    pub ends: [usize; 2],
    pub said: Said,
    sessions: [Session; 2],
    on_the_way: [Vec<Vec<u8>>; 2],
}

impl Meeting {
    pub fn new(village: &mut Village, one: usize, other: usize) -> Self {
        let names = [b"one".to_vec(), b"other".to_vec()];
        let session = |side, local: &[u8], remote: &[u8]| {
            Session::new(side, Purpose::Meet, &village.secret, local, remote)
        };
        let mut meeting = Self {
            ends: [one, other],
            said: Said::default(),
            sessions: [
                session(Side::Opener, &names[0], &names[1]),
                session(Side::Answerer, &names[1], &names[0]),
            ],
            on_the_way: Default::default(),
        };
        let outputs = meeting.sessions[0].open();
        meeting.carry_out(village, 0, outputs);
        meeting
    }

    /// Hands over frames until there is none.
    pub fn talk(&mut self, village: &mut Village) -> Result<(), SessionError> {
        loop {
            let mut is_still = true;
            for end in 0..2 {
                for bytes in std::mem::take(&mut self.on_the_way[end]) {
                    is_still = false;
                    self.hear(village, end, &bytes)?;
                }
                let node = &mut village.nodes[self.ends[end]];
                while let Some(frame) = self.sessions[end].poll(&mut node.replica, &node.memory)? {
                    is_still = false;
                    self.say(end, frame);
                }
            }
            if is_still {
                return Ok(());
            }
        }
    }

    /// Hands over frames until there is none but for those that are lost.
    pub fn talk_losing(&mut self, village: &mut Village, is_lost: impl Fn(&Frame) -> bool) {
        loop {
            let mut is_still = true;
            for end in 0..2 {
                let node = &mut village.nodes[self.ends[end]];
                let polled = self.sessions[end].poll(&mut node.replica, &node.memory);
                let Some(frame) = polled.expect("an honest end") else {
                    continue;
                };
                is_still = false;
                if !is_lost(&frame) {
                    self.say(end, frame);
                }
            }
            for end in 0..2 {
                for bytes in std::mem::take(&mut self.on_the_way[end]) {
                    self.hear(village, end, &bytes).expect("an honest end");
                }
            }
            if is_still {
                return;
            }
        }
    }

    /// It is quiet at both ends.
    pub fn settle(&mut self, village: &mut Village) {
        for end in 0..2 {
            let peer = self.sessions[end].peer().expect("they have met");
            let node = &mut village.nodes[self.ends[end]];
            let issued = node.replica.issue_receipts(village.now_ms, &[peer]);
            node.commit(issued);
            self.sessions[end].settle();
        }
    }

    /// An end hears a frame that the other end's session did not say.
    pub fn hear(
        &mut self,
        village: &mut Village,
        end: usize,
        bytes: &[u8],
    ) -> Result<(), SessionError> {
        let node = &mut village.nodes[self.ends[end]];
        let outputs = self.sessions[end].handle(bytes, &mut node.replica, &node.memory)?;
        self.carry_out(village, end, outputs);
        Ok(())
    }

    fn carry_out(&mut self, village: &mut Village, end: usize, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Send(frame) => self.say(end, frame),
                Output::Commit(received) => village.nodes[self.ends[end]].commit(*received),
                Output::Refused(reason) => panic!("refused: {reason:?}"),
                _ => {}
            }
        }
    }

    fn say(&mut self, end: usize, frame: Frame) {
        let bytes = frame.to_bytes();
        self.said.bytes += bytes.len();
        self.said.frames[end].push(frame);
        self.on_the_way[1 - end].push(bytes);
    }
}

fn seed(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}
