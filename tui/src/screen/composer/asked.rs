//! Acts on the roster that a form asks something for: why somebody is removed or a role taken back,
//! what an office is called. Where they are moved, the same form moves them.

use std::collections::BTreeMap;

use protocol::api::{ActedAs, Answer, CutTarget, MemberRef, NewMotion, Request};
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
}

impl Asked {
    fn fields(&self) -> Vec<&'static Field> {
        match self {
            Self::Remove(_) | Self::CutRole { .. } => vec![&REASON],
            Self::AddOffice => vec![&NAME],
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
        }
    }

    /// The name of the words that are asked before it is done at once and cannot simply be undone.
    pub(super) fn question(&self) -> Option<&'static str> {
        match self {
            Self::Remove(_) => Some("remove-question"),
            Self::CutRole { .. } | Self::AddOffice => None,
        }
    }

    /// The name of the words on the button.
    pub(super) fn button(&self) -> &'static str {
        match self {
            Self::Remove(_) => "button-remove",
            Self::CutRole { .. } => "button-cut-role",
            Self::AddOffice => "button-add-office",
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
