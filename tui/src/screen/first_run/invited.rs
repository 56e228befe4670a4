//! What lets somebody in: an invitation or the code of another device, as the host has read it, and
//! where it leads.

use protocol::enrolment::EnrolmentCode;

use super::step::{Road, Step};
use crate::app::Context;
use crate::host::{HostAnswer, HostOrder, LetsIn, Way};

/// An invitation, or the code of another device, that was read.
#[derive(Clone, Debug)]
pub(crate) struct Invited {
    pub text: String,
    pub neighbourhood: String,
    pub expires_ms: i64,
    pub lets_in: LetsIn,
}

impl Invited {
    /// Takes what the host has read.
    pub fn of(answer: &HostAnswer) -> Option<Self> {
        match answer.clone() {
            HostAnswer::Invitation {
                text,
                neighbourhood,
                expires_ms,
                lets_in,
            } => Some(Self {
                text,
                neighbourhood,
                expires_ms,
                lets_in,
            }),
            _ => None,
        }
    }

    /// The way that it opens.
    pub fn road(&self) -> Road {
        match self.lets_in {
            LetsIn::Household | LetsIn::Guest => Road::Joins,
            LetsIn::Device { .. } => Road::Enrols,
        }
    }

    /// How the home comes in by it.
    pub fn way(&self) -> Way {
        match self.road() {
            Road::Enrols => Way::Enrol {
                code: self.text.clone(),
            },
            _ => Way::Join {
                invitation: self.text.clone(),
            },
        }
    }

    /// The step behind it, or what is wrong. A code lives for minutes: whoever comes too late hears
    /// it before a home is made. The node that made it has the last word.
    pub fn step(&self, context: &Context<'_>) -> Result<Step, String> {
        match self.road() {
            Road::Enrols if self.expires_ms <= context.clock.now_ms => {
                let (words, clock) = (context.words, context.clock);
                let deadline = clock.deadline(words, self.expires_ms);
                Err(words.with("first-code-over", &[("deadline", deadline.into())]))
            }
            Road::Enrols => Ok(Step::Protection),
            _ => Ok(Step::Household),
        }
    }
}

/// The road of whoever founds, or comes by what was read.
pub(crate) fn road(founds: bool, invited: Option<&Invited>) -> Road {
    match (founds, invited) {
        (true, _) => Road::Founds,
        (false, Some(invited)) => invited.road(),
        (false, None) => Road::Joins,
    }
}

/// Has an invitation or a code read, or the file of this name.
pub(crate) fn order_to_read(text: &str) -> HostOrder {
    let is_invitation = text.to_lowercase().starts_with("linli1");
    match is_invitation || EnrolmentCode::is_meant_by(text) {
        true => HostOrder::ReadInvitation(text.to_owned()),
        false => HostOrder::ReadInvitationFile(text.into()),
    }
}

/// What is said when the home stands.
pub(crate) const fn welcome(road: Road) -> &'static str {
    match road {
        Road::Founds => "first-founded",
        Road::Joins => "first-joining",
        Road::Enrols => "first-enrolling",
    }
}
