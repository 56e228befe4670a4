//! What the front end knows of its node, for the title and the status line and for every screen.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{Answer, Confidential, Counts, DoorView, Standing, Status};
use protocol::id::MemberId;

use crate::theme::Hints;
use crate::words::Names;

/// What is known of the node.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// How it said it is, last time.
    pub status: Option<Status>,
    /// How many documents there are, and how many unread.
    pub counts: Option<Counts>,
    /// Who is behind the identities in documents.
    pub names: Names,
    /// Whom the household blocks, as it was told last.
    pub blocked: BTreeSet<MemberId>,
    /// Doors that the household may read, as they were told last.
    pub doors: Vec<DoorView>,
    /// Contacts of drafts, by the drafts' names: a draft is stored in clear, so it holds none.
    contacts: BTreeMap<String, Confidential>,
    /// Whether it answers.
    pub reachable: bool,
    /// Whether the demonstration's network is cut.
    pub network_cut: bool,
    /// What the environment says about the terminal.
    pub hints: Hints,
}

impl Known {
    /// Nothing is known yet.
    pub fn new(hints: Hints) -> Self {
        Self {
            hints,
            reachable: true,
            ..Self::default()
        }
    }

    /// Learns what an answer says of people, and tells whether the roster is to be read for it.
    pub fn learn(&mut self, answer: &Answer) -> bool {
        if let Answer::Blocks { members } = answer {
            self.blocked = members.iter().map(|member| member.id).collect();
        }
        if let Answer::Doors { doors } = answer {
            self.doors.clone_from(doors);
        }
        self.names.learn(answer)
    }

    /// How many documents of a kind are unread.
    pub fn unread(&self, kind: &str) -> u64 {
        let counts = self.counts.iter().flat_map(|counts| &counts.kinds);
        let mut of_kind = counts.filter(|count| count.kind == kind);
        of_kind.next().map_or(0, |count| count.unread)
    }

    /// The contact that was begun with a draft, since the program started.
    pub fn contact(&self, draft: &str) -> Option<&Confidential> {
        self.contacts.get(draft)
    }

    /// Keeps the contact of a draft, or forgets it when it is empty.
    pub fn keep_contact(&mut self, draft: String, contact: Confidential) {
        match contact.expose().is_empty() {
            true => self.contacts.remove(&draft),
            false => self.contacts.insert(draft, contact),
        };
    }

    /// What the household tells the leads of its building.
    pub fn door(&self) -> Option<&DoorView> {
        let me = self.me()?;
        self.doors.iter().find(|door| door.household.id == me)
    }

    /// Whether the node acts for a guest, who reads and comments.
    pub fn is_guest(&self) -> bool {
        self.standing().is_some_and(|me| me.kind == "guest")
    }

    /// Whether a form for a document of a kind is worth offering: to a guest only where the node
    /// would take it.
    pub fn may_create(&self, kind: &str) -> bool {
        let creates = |me: &Standing| me.creates.iter().any(|known| known == kind);
        !self.is_guest() || self.standing().is_some_and(creates)
    }

    fn standing(&self) -> Option<&Standing> {
        self.status.as_ref()?.me.as_ref()
    }

    /// The household that the node acts for.
    pub fn me(&self) -> Option<MemberId> {
        Some(self.status.as_ref()?.member.as_ref()?.id)
    }
}
