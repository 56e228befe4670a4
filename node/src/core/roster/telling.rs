//! Who did something and by which right, as it is told beside everything that the roster shows.

use protocol::api::{ActedAs, StatementRef};
use protocol::id::EntryId;
use protocol::limits;
use protocol::roster::{Capacity, Right};
use protocol::statement::Role;
use protocol::storage::Storage;
use protocol::text::Text;

use crate::core::worker::Worker;

impl Worker {
    /// Tells who made a statement, by which right, and why.
    pub(super) fn statement_ref(&self, id: EntryId) -> StatementRef {
        let roster = self.parts.replica.roster();
        let origin = roster.origin(&id);
        let by_quorum = matches!(
            origin.as_ref().map(|origin| &origin.right),
            Some(Right::Quorum { .. })
        );
        // What an enactment does stands in its motion, and so does the reason.
        let said = match origin.as_ref().map(|origin| &origin.right) {
            Some(Right::Quorum { motion }) => *motion,
            _ => id,
        };
        StatementRef {
            id,
            by: origin
                .as_ref()
                .filter(|_| !by_quorum)
                .and_then(|origin| origin.member),
            acted_as: origin
                .map_or_else(|| plainly("unknown"), |origin| self.acted_as(&origin.right)),
            time_ms: None,
            reason: self.reason_of(said),
        }
    }

    /// Tells the same, and when its author says that it was made.
    pub(super) fn dated_ref(&self, id: EntryId) -> StatementRef {
        // Where the store cannot be read, more than a time is lacking, and `doctor` says so.
        let stored = self.parts.store.entry(&id).ok().flatten();
        StatementRef {
            time_ms: stored.map(|stored| stored.entry.header.time_ms),
            ..self.statement_ref(id)
        }
    }

    /// Tells by which right a statement was made.
    pub(in crate::core) fn acted_as(&self, right: &Right) -> ActedAs {
        match right {
            Right::Founder => plainly(Capacity::Founder.word()),
            Right::Member(kind) => plainly(Capacity::of_member(*kind).word()),
            Right::Role { role, appointment } => ActedAs {
                appointment: Some(*appointment),
                ..self.role_told(role)
            },
            Right::Quorum { motion } => ActedAs {
                motion: Some(*motion),
                ..plainly(Capacity::Quorum.word())
            },
            Right::Unknown => plainly("unknown"),
        }
    }

    /// Tells a role, with its office or building.
    pub(super) fn role_told(&self, role: &Role) -> ActedAs {
        let told = plainly(Capacity::of_role(role).word());
        match role {
            Role::Steward { office } | Role::Spokesperson { office } => ActedAs {
                office: Some(self.member_ref(*office)),
                ..told
            },
            Role::BuildingLead { building } => ActedAs {
                building: Some(building.clone()),
                ..told
            },
            Role::Moderator => told,
        }
    }

    /// Tells the reason that a statement gives.
    pub(super) fn reason_of(&self, id: EntryId) -> Option<String> {
        let reason = self.parts.replica.roster().act(&id)?.reason()?;
        let reason = Text::line(reason, limits::REASON_BYTES_MAX).into_string();
        (!reason.is_empty()).then_some(reason)
    }
}

fn plainly(capacity: &str) -> ActedAs {
    ActedAs {
        capacity: capacity.to_owned(),
        office: None,
        building: None,
        appointment: None,
        motion: None,
    }
}
