//! Further devices of a member at the door: they know a code or a member's key, and perhaps not the
//! space's secret. Whether a code still holds is judged by the session's owner.

use crate::enrolment::{self, Enrolment};
use crate::id::MemberId;
use crate::replica::Replica;

use super::frame::{Frame, RefusedReason, Whereabouts};
use super::handshake::{binding, tag};
use super::{GreetedBy, Output, Purpose, Session, SessionError, Side, State, finding};

impl Session {
    /// Looks whether an opener has greeted by a code of this node or by a member's name, and goes on
    /// with the binding that it used.
    pub(super) fn is_greeted_otherwise(&mut self, theirs: [u8; 32], replica: &Replica) -> bool {
        let [local, remote] = &self.ends;
        let bound = |secret: [u8; 32]| binding(self.side, &secret, local, remote);
        let codes = self.codes.iter().map(|code| {
            let greeted = GreetedBy::Code(*code);
            (greeted, enrolment::greeting(*code))
        });
        let members = replica.roster().member_ids().map(|member| {
            let greeted = GreetedBy::Member(member);
            (greeted, finding::greeting(member))
        });
        let found = codes
            .chain(members)
            .map(|(greeted, secret)| (greeted, bound(secret)))
            .find(|(_, binding)| tag(binding, Side::Opener) == theirs);
        let Some((greeted, binding)) = found else {
            return false;
        };
        self.greeted_by = Some(greeted);
        self.binding = binding;
        true
    }

    /// A new device asks nobody but the one that made its code.
    pub(super) fn is_whom_to_ask(&self) -> Result<(), SessionError> {
        match (&self.purpose, self.peer) {
            (Purpose::Enrol { of: Some(of), .. }, Some((device, _))) if device != *of => {
                Err(SessionError::Stranger)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn asked_to_enrol(
        &mut self,
        enrolment: Enrolment,
        replica: &Replica,
    ) -> Result<Vec<Output>, SessionError> {
        let asked = (enrolment.device(), Some(enrolment.member()));
        let is_in_place = match self.greeted_by {
            Some(GreetedBy::Code(code)) => enrolment.code() == Some(code),
            Some(GreetedBy::Member(member)) => {
                enrolment.code().is_none() && enrolment.member() == member
            }
            None => enrolment.code().is_none(),
        };
        let holds = is_in_place && enrolment.verifies(replica.space());
        if self.peer != Some(asked) || !holds {
            return Ok(self.refuse(RefusedReason::InvalidRequest));
        }
        if let Some(GreetedBy::Member(member)) = self.greeted_by {
            return Ok(self.tell_where(member, replica));
        }
        self.state = State::Meeting;
        self.applies = true;
        Ok(vec![Output::EnrolmentRequested(Box::new(enrolment))])
    }

    /// Tells a member that knows nothing but an address where it is, so that it comes again.
    fn tell_where(&mut self, member: MemberId, replica: &Replica) -> Vec<Output> {
        let roster = replica.roster();
        if roster.member(&member).is_none_or(|of| of.removed.is_some()) {
            return self.refuse(RefusedReason::Removed);
        }
        let mut heads = roster.heads();
        heads.truncate(finding::HEADS_MAX);
        let Some(founding) = roster.founding() else {
            return self.refuse(RefusedReason::Unable);
        };
        let found = Frame::Found(Whereabouts {
            space: replica.space(),
            secret: founding.secret(),
            heads,
            neighbourhood: founding.neighbourhood.clone(),
        });
        self.state = State::Closed;
        vec![Output::Send(found)]
    }
}
