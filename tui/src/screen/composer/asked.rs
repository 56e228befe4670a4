//! Acts on the roster that a form asks something for: why somebody is removed or a role taken back,
//! what an office is called. Where they are moved, the same form moves them.

use std::collections::BTreeMap;

use protocol::api::{ActedAs, Answer, CutTarget, MemberRef, NewMotion, RecordedRef, Request};
use protocol::id::EntryId;
use protocol::kind::Field;
use protocol::limits;
use serde_json::Value;

use super::{Composer, Purpose};
use crate::app::{Context, Step};
use crate::screen::acts::done;

/// Why: so many characters can be written in any script.
static REASON: Field = Field::line("reason", limits::REASON_BYTES_MAX / 4).required();
/// What an office is called.
static NAME: Field = Field::line("name", limits::NAME_BYTES_MAX / 4).required();

/// What a household without a device is called.
static HOUSEHOLD: Field = Field::line("household", limits::NAME_BYTES_MAX / 4).required();
/// Its building.
static BUILDING: Field = Field::line("building", limits::NAME_BYTES_MAX / 4);
/// How it consented, and where that is kept.
static CONSENT: Field = Field::line("consent", limits::REASON_BYTES_MAX / 4).required();

/// What is to be done once the form is filled in.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    /// Removes a member.
    Remove(MemberRef),
    /// Takes a role away.
    CutRole {
        /// Who holds it.
        member: MemberRef,
        /// The role, with its office or building.
        role: Box<ActedAs>,
        /// The statement that gave it.
        appointment: EntryId,
    },
    /// Adds an office.
    AddOffice,
    /// Records a household without a device, for which a member acts.
    RecordHousehold(MemberRef),
    /// Has a member act for a household without a device.
    AddProxy {
        /// The household.
        household: RecordedRef,
        /// The member.
        proxy: MemberRef,
    },
    /// Ends a record, or what one member does by it.
    EndRecord {
        /// The household.
        household: RecordedRef,
        /// The member; none ends the record.
        proxy: Option<MemberRef>,
    },
}

impl Asked {
    fn fields(&self) -> Vec<&'static Field> {
        match self {
            Self::Remove(_) | Self::CutRole { .. } | Self::EndRecord { .. } => vec![&REASON],
            Self::AddOffice => vec![&NAME],
            Self::RecordHousehold(_) => vec![&HOUSEHOLD, &BUILDING, &CONSENT],
            Self::AddProxy { .. } => vec![&CONSENT],
        }
    }

    /// What it is called, and to whom it is done.
    pub(super) fn title(&self, context: &Context<'_>) -> String {
        let words = context.words;
        let with = |act: &str, name: String| {
            let act = words.act(act);
            words.with("act-on", &[("act", act.into()), ("name", name.into())])
        };
        match self {
            Self::Remove(member) => with("remove-household", words.member(member)),
            Self::CutRole { member, role, .. } => {
                let between = context.theme.marks.between;
                let (member, role) = (words.member(member), words.acted_as(role));
                with("cut-role", format!("{member} {between} {role}"))
            }
            Self::AddOffice => words.act("add-office"),
            Self::RecordHousehold(proxy) => with("record-household", words.member(proxy)),
            Self::AddProxy { household, proxy } => {
                words.recorded_by(&words.member(proxy), household)
            }
            Self::EndRecord {
                household,
                proxy: None,
            } => with("end-record", words.recorded(household)),
            Self::EndRecord {
                household,
                proxy: Some(proxy),
            } => {
                let between = context.theme.marks.between;
                let (household, proxy) = (words.recorded(household), words.member(proxy));
                with("end-record", format!("{household} {between} {proxy}"))
            }
        }
    }

    /// The name of the words that are asked before it is done at once and cannot simply be undone.
    pub(super) fn question(&self) -> Option<&'static str> {
        match self {
            Self::Remove(_) => Some("remove-question"),
            Self::CutRole { .. }
            | Self::AddOffice
            | Self::RecordHousehold(_)
            | Self::AddProxy { .. }
            | Self::EndRecord { .. } => None,
        }
    }

    /// The name of the words on the button.
    pub(super) fn button(&self) -> &'static str {
        match self {
            Self::Remove(_) => "button-remove",
            Self::CutRole { .. } => "button-cut-role",
            Self::AddOffice => "button-add-office",
            Self::RecordHousehold(_) => "button-record-household",
            Self::AddProxy { .. } => "button-add-proxy",
            Self::EndRecord { .. } => "button-end-record",
        }
    }

    /// What the node is asked.
    pub(super) fn request(&self, is_moved: bool, values: &BTreeMap<String, Value>) -> Request {
        let said = |field: &Field| {
            let value = values.get(field.name).and_then(Value::as_str);
            value.unwrap_or_default().trim().to_owned()
        };
        match (self, is_moved) {
            // While the founder decides alone the node does it at once.
            (Self::Remove(member), _) => Request::Move(NewMotion::RemoveHousehold {
                member: member.id,
                reason: said(&REASON),
                from: None,
            }),
            (Self::CutRole { appointment, .. }, true) => Request::Move(NewMotion::CutRole {
                appointment: *appointment,
                reason: said(&REASON),
                from: None,
            }),
            (Self::CutRole { appointment, .. }, false) => Request::Cut {
                target: CutTarget::Appointment(*appointment),
                reason: said(&REASON),
                from: None,
            },
            // What is recorded is a steward's own, and nobody moves it.
            (Self::RecordHousehold(proxy), _) => Request::RecordHousehold {
                name: said(&HOUSEHOLD),
                building: Some(said(&BUILDING)).filter(|building| !building.is_empty()),
                proxies: vec![proxy.id],
                consent: said(&CONSENT),
            },
            (Self::AddProxy { household, proxy }, _) => Request::AddProxies {
                record: household.id,
                proxies: vec![proxy.id],
                consent: said(&CONSENT),
            },
            (Self::EndRecord { household, proxy }, _) => Request::EndRecord {
                record: household.id,
                proxy: proxy.as_ref().map(|proxy| proxy.id),
                reason: said(&REASON),
            },
            (Self::AddOffice, true) => Request::Move(NewMotion::AddOffice { name: said(&NAME) }),
            (Self::AddOffice, false) => Request::AddOffice {
                name: said(&NAME),
                spokespeople: Vec::new(),
            },
        }
    }

    /// What takes it back, where one act does.
    fn undo(&self, answer: &Answer) -> Option<Request> {
        match (self, answer) {
            (Self::CutRole { member, role, .. }, Answer::Written { .. }) => {
                Some(Request::Appoint {
                    member: member.id,
                    role: role.capacity.clone(),
                    office: role.office.as_ref().map(|office| office.id),
                    building: role.building.clone(),
                })
            }
            _ => None,
        }
    }

    /// Says that it is done, and goes back.
    pub(super) fn written(&self, answer: &Answer, context: &Context<'_>) -> Step {
        match self.undo(answer) {
            Some(undo) => Step::stay()
                .remark(context.words.text("act-written-undo"))
                .undo(undo)
                .and_back(),
            None => Step::stay()
                .remark(done(answer, "act-written", context))
                .and_back(),
        }
    }
}

impl Composer {
    /// Begins an act on the roster, which may have to be moved.
    pub(crate) fn roster(asked: Asked, is_moved: bool) -> Self {
        let fields = asked.fields();
        Self::new(
            "motion",
            Purpose::Roster {
                asked: Box::new(asked),
                is_moved,
            },
            fields,
        )
    }
}
