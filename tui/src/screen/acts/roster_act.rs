//! One thing that can be done with the roster: to a member, an office, a relay, a device or a motion.
//! What it is called, what it takes, and what takes it back.

use protocol::api::{
    ActedAs, Answer, Confidential, CutTarget, MemberRef, MotionStands, NewMotion, RecordedRef,
    Request,
};
use protocol::id::{DeviceId, EntryId, MemberId};

use super::super::composer::{Asked, Composer};
use super::act::{Asks, Confirmed, Doing};
use crate::app::Context;

/// One thing that can be done.
#[derive(Clone, Debug)]
pub(crate) struct RosterAct {
    does: Does,
    /// Whether it is moved: others have to sign.
    is_moved: bool,
    /// Whether a title says what is done, so that a name says enough.
    is_listed: bool,
}

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum Does {
    /// Gives a role.
    Appoint { member: MemberRef, role: ActedAs },
    /// Takes a role away.
    CutRole {
        member: MemberRef,
        role: ActedAs,
        appointment: EntryId,
    },
    /// Makes a guest a household.
    Promote(MemberId),
    /// Removes a member.
    Remove(MemberRef),
    /// Takes a removed member back, or lets a member take the place of another.
    Readmit {
        member: MemberRef,
        successor_of: Option<MemberRef>,
    },
    /// Adds an office.
    AddOffice,
    /// Records a household without a device, for which a member acts.
    RecordHousehold(MemberRef),
    /// Has a member act for a household without a device.
    AddProxy {
        household: RecordedRef,
        proxy: MemberRef,
    },
    /// Ends a record, or what one member does by it.
    EndRecord {
        household: RecordedRef,
        proxy: Option<MemberRef>,
    },
    /// Makes a code for a further device of the own household.
    AddDevice,
    /// Revokes a device of the own household.
    RevokeDevice(DeviceId),
    /// Tells the leads of the own building where to knock, in place of what stands.
    TellDoor(Option<Confidential>),
    /// Withdraws what they were told.
    WithdrawDoor,
    /// Ends a relay.
    EndRelay(DeviceId),
    /// Co-signs a motion.
    CoSign(EntryId),
    /// Puts a motion in force.
    Enact(EntryId),
    /// Blocks a member on this node, or no longer does.
    Block(MemberId, bool),
    /// Something that is chosen under a title first.
    Choose(&'static str, Vec<RosterAct>),
}

/// How long the code of a device holds: it is used at once, on the table beside this one.
const CODE_MS: i64 = 10 * 60 * 1_000;

const REVOKING: Asks = Asks {
    title: "revoke-title",
    keep: "revoke-not",
    go_on: "revoke-indeed",
    done: "revoked",
    kept: "nothing-changed",
};

const WITHDRAWING_DOOR: Asks = Asks {
    title: "roster-withdraw-door",
    keep: "door-keep",
    go_on: "door-withdraw",
    done: "door-withdrawn",
    kept: "nothing-changed",
};

const ENDING_RELAY: Asks = Asks {
    title: "end-relay-title",
    keep: "end-relay-not",
    go_on: "end-relay-indeed",
    done: "act-written",
    kept: "nothing-changed",
};

const PROMOTING: Asks = Asks {
    title: "act-promote",
    keep: "promote-not",
    go_on: "promote-indeed",
    done: "act-written",
    kept: "nothing-changed",
};

const SIGNING: Asks = Asks {
    title: "cosign-title",
    keep: "cosign-not",
    go_on: "cosign-indeed",
    done: "act-written",
    kept: "cosigned-not",
};

const ENACTING: Asks = Asks {
    title: "enact-title",
    keep: "enact-not",
    go_on: "enact-indeed",
    done: "act-written",
    kept: "nothing-changed",
};

impl RosterAct {
    /// Something that the household does by its own right.
    pub(super) fn new(does: Does) -> Self {
        Self {
            does,
            is_moved: false,
            is_listed: false,
        }
    }

    /// The same as a motion, if it is one.
    pub(super) fn moved(mut self, is_moved: bool) -> Self {
        self.is_moved = is_moved;
        self
    }

    /// The same under a title that says what is done.
    pub(super) fn listed(mut self) -> Self {
        self.is_listed = true;
        self
    }

    /// Whether it is moved.
    pub(super) fn is_moved(&self) -> bool {
        self.is_moved
    }

    /// The role that it is about.
    pub(super) fn role(&self) -> Option<&ActedAs> {
        match &self.does {
            Does::Appoint { role, .. } | Does::CutRole { role, .. } => Some(role),
            _ => None,
        }
    }

    /// What it is called.
    pub(crate) fn label(&self, context: &Context<'_>) -> String {
        let words = context.words;
        if self.is_listed
            && let Some(name) = self.listed_name(context)
        {
            return name;
        }
        let said = match &self.does {
            Does::Appoint { role, .. } => {
                let role = words.acted_as(role);
                words.with("roster-appoint", &[("role", role.into())])
            }
            Does::CutRole { role, .. } => {
                let role = words.acted_as(role);
                words.with("roster-cut-role", &[("role", role.into())])
            }
            Does::Promote(_) => words.act("promote"),
            Does::Remove(_) => words.text("roster-remove"),
            Does::Readmit {
                successor_of: None, ..
            } => words.act("readmit"),
            Does::Readmit {
                successor_of: Some(of),
                ..
            } => {
                let name = words.member(of);
                words.with("roster-succeed", &[("name", name.into())])
            }
            Does::AddOffice => words.act("add-office"),
            Does::RecordHousehold(_) => words.text("roster-record-household"),
            Does::AddProxy { household, .. } => words.recorded(household),
            Does::EndRecord { proxy: None, .. } => words.text("roster-end-record"),
            Does::EndRecord {
                proxy: Some(proxy), ..
            } => {
                let name = words.member(proxy);
                words.with("roster-end-proxy", &[("name", name.into())])
            }
            Does::AddDevice => words.text("roster-add-device"),
            Does::RevokeDevice(device) => {
                let digits = device.short();
                words.with("roster-revoke", &[("device", digits.into())])
            }
            Does::TellDoor(None) => words.text("roster-tell-door"),
            Does::TellDoor(Some(_)) => words.text("roster-change-door"),
            Does::WithdrawDoor => words.text("roster-withdraw-door"),
            Does::EndRelay(_) => words.act("cut-relay"),
            Does::CoSign(_) => words.text("cosign-title"),
            Does::Enact(_) => words.text("enact-title"),
            Does::Block(_, true) => words.text("roster-block"),
            Does::Block(_, false) => words.text("roster-unblock"),
            Does::Choose(title, _) => words.text(title),
        };
        match self.is_moved {
            true => words.with("roster-moved", &[("act", said.into())]),
            false => said,
        }
    }

    fn listed_name(&self, context: &Context<'_>) -> Option<String> {
        let words = context.words;
        match &self.does {
            Does::Appoint { member, role } | Does::CutRole { member, role, .. } => {
                let between = context.theme.marks.between;
                let (member, role) = (words.member(member), words.acted_as(role));
                Some(format!("{member} {between} {role}"))
            }
            Does::Remove(member) | Does::Readmit { member, .. } => Some(words.member(member)),
            _ => None,
        }
    }

    /// What it takes.
    pub(crate) fn doing(&self) -> Doing {
        let confirmed = |question, asks, request| {
            Doing::Confirmed(Confirmed {
                question,
                asks,
                request,
            })
        };
        let cut = |target| Request::Cut {
            target,
            reason: String::new(),
            from: None,
        };
        match &self.does {
            Does::Appoint { member, role } => Doing::Request(self.appointment(member.id, role)),
            Does::CutRole {
                member,
                role,
                appointment,
            } => self.form(Asked::CutRole {
                member: member.clone(),
                role: Box::new(role.clone()),
                appointment: *appointment,
            }),
            Does::Remove(member) => self.form(Asked::Remove(member.clone())),
            Does::AddOffice => self.form(Asked::AddOffice),
            Does::RecordHousehold(proxy) => self.form(Asked::RecordHousehold(proxy.clone())),
            Does::AddProxy { household, proxy } => self.form(Asked::AddProxy {
                household: household.clone(),
                proxy: proxy.clone(),
            }),
            Does::EndRecord { household, proxy } => self.form(Asked::EndRecord {
                household: household.clone(),
                proxy: proxy.clone(),
            }),
            Does::AddDevice => Doing::Request(Request::AddDevice {
                lifetime_ms: CODE_MS,
                addresses: Vec::new(),
            }),
            Does::Promote(member) => {
                let request = Request::Promote { member: *member };
                confirmed("promote-question", &PROMOTING, request)
            }
            Does::Readmit {
                member,
                successor_of,
            } => Doing::Request(Request::Move(NewMotion::Readmit {
                member: member.id,
                successor_of: successor_of.as_ref().map(|of| of.id),
            })),
            Does::RevokeDevice(device) => confirmed(
                "revoke-question",
                &REVOKING,
                cut(CutTarget::Device(*device)),
            ),
            Does::TellDoor(stands) => {
                let stands = stands.clone().unwrap_or_default();
                Doing::Form(Box::new(Composer::door(stands)))
            }
            Does::WithdrawDoor => confirmed(
                "door-withdraw-question",
                &WITHDRAWING_DOOR,
                Request::EraseDoor,
            ),
            Does::EndRelay(device) => confirmed(
                "end-relay-question",
                &ENDING_RELAY,
                cut(CutTarget::Relay(*device)),
            ),
            Does::CoSign(motion) => {
                let request = Request::CoSign { motion: *motion };
                confirmed("cosign-question", &SIGNING, request)
            }
            Does::Enact(motion) => {
                let request = Request::Enact { motion: *motion };
                confirmed("enact-question", &ENACTING, request)
            }
            Does::Block(member, blocks) => Doing::Request(blocking(*member, *blocks)),
            Does::Choose(title, acts) => Doing::Choice(title, acts.clone()),
        }
    }

    fn form(&self, asked: Asked) -> Doing {
        Doing::Form(Box::new(Composer::roster(asked, self.is_moved)))
    }

    fn appointment(&self, member: MemberId, role: &ActedAs) -> Request {
        let (office, building) = (role.office.as_ref(), role.building.clone());
        let (role, office) = (role.capacity.clone(), office.map(|office| office.id));
        match self.is_moved {
            true => Request::Move(NewMotion::Appoint {
                member,
                role,
                office,
                building,
            }),
            false => Request::Appoint {
                member,
                role,
                office,
                building,
            },
        }
    }

    /// What takes it back, after the node's answer.
    pub(crate) fn undo(&self, answer: &Answer) -> Option<Request> {
        match (&self.does, answer) {
            (Does::Appoint { .. }, Answer::Written { id, .. }) => Some(Request::Cut {
                target: CutTarget::Appointment(*id),
                reason: String::new(),
                from: None,
            }),
            (Does::Block(member, blocks), Answer::Blocks { .. }) => {
                Some(blocking(*member, !blocks))
            }
            _ => None,
        }
    }

    /// What is said once it was done and can be taken back.
    pub(crate) fn done_undoable(&self) -> &'static str {
        match &self.does {
            Does::Block(_, blocks) => blocked_or_not(*blocks),
            _ => "act-written-undo",
        }
    }
}

/// What is said once somebody was blocked, or no longer is.
pub(super) const fn blocked_or_not(blocks: bool) -> &'static str {
    match blocks {
        true => "blocked-here",
        false => "unblocked-here",
    }
}

/// Has a member blocked on this node, or no longer.
pub(crate) fn blocking(member: MemberId, blocks: bool) -> Request {
    match blocks {
        true => Request::Block { member },
        false => Request::Unblock { member },
    }
}

/// Says that something was done: of a dangerous act, where it stands.
pub(crate) fn done(answer: &Answer, otherwise: &str, context: &Context<'_>) -> String {
    match answer {
        Answer::Motion(stands) => stands_text(stands, context),
        _ => context.words.text(otherwise),
    }
}

fn stands_text(stands: &MotionStands, context: &Context<'_>) -> String {
    let words = context.words;
    match stands.state.as_str() {
        "in-force" => words.text("motion-done"),
        _ => words.with(
            "motion-moved",
            &[
                ("signed", stands.signed.into()),
                ("needed", stands.needed.into()),
            ],
        ),
    }
}
