//! Views: documents projected into rows that lists and searches read, and rows made into answers.
//!
//! What a row shows does not depend on the reader: names of members, counts of comments and the
//! reader's clock are added when it is read. What it is to the own household stands beside it.

use protocol::api::{DocumentView, MemberRef};
use protocol::id::{DocumentId, MemberId};
use protocol::kind::Reader;
use protocol::projection;
use protocol::roster::Standing;
use protocol::statement::Role;

use super::lookalikes::Lookalikes;
use super::worker::{Worker, WorkerError};
use crate::store::{Filter, Projection, ViewRow};

/// Version of what is projected: rows of another version are projected anew at the start. It rises
/// too when statements, ops or kinds are read that the version before kept unread (rule R19).
pub const PROJECTION_VERSION: u32 = 5;

impl Worker {
    /// Projects one document into a row and the text that searches look through; `None` when it is
    /// not shown.
    pub(super) fn view_row(
        &mut self,
        document: DocumentId,
    ) -> Result<Option<Projection>, WorkerError> {
        let read = self
            .parts
            .replica
            .read_document(&self.parts.store, document)
            .map_err(WorkerError::Storage)?;
        let Some(read) = read else {
            self.waiting.insert(document);
            return Ok(None);
        };
        if read.missing.is_empty() {
            self.waiting.remove(&document);
        } else {
            self.waiting.insert(document);
        }
        if !read.counts {
            return Ok(None);
        }
        let kinds = self.parts.replica.kinds();
        let mut projected = projection::project(kinds, &read);
        projected.view.heads = read.document.heads();
        let concern = projection::concern(kinds, &read, self.parts.replica.member());
        let json =
            serde_json::to_string(&projected.view).expect("a view of strings and numbers is JSON");
        let row = ViewRow {
            document,
            kind: read.kind,
            // A clock that is ahead must not put a document on top of every list.
            created_ms: projected.view.created_ms.min(super::now_ms()),
            updated_ms: projected.view.updated_ms,
            until_ms: projected.until_ms,
            author: read.creator.member,
            about: projected.about,
            building: projected.building,
            category: projected.category,
            state: projected.state.unwrap_or_default().to_owned(),
            hidden: projected.hidden,
            moderated: false,
            blocked: false,
            title: projected.title,
            digest: projected.digest,
            json,
            active_ms: 0,
            mine: false,
            unread: false,
        };
        Ok(Some(Projection {
            // What stands aside moves nothing.
            changed_ms: match row.hidden {
                true => 0,
                false => row.updated_ms.min(super::now_ms()),
            },
            text: projected.search_text,
            concern,
            hideable: projected.hideable,
            place: (read.creator.device, read.created_seq),
            hides: projected.hides,
            row,
        }))
    }

    /// Makes the answer of a row, as the own household is shown it: of what moderation takes out of
    /// view, the act alone.
    pub(super) fn view_of(&self, row: &ViewRow, now_ms: i64) -> Result<DocumentView, WorkerError> {
        let mut view = self.revealed_view_of(row, now_ms)?;
        view.blocked = row.blocked;
        if row.moderated {
            view.fields.clear();
            view.for_household = None;
            view.conflicts.clear();
            view.state = None;
        }
        Ok(view)
    }

    /// Makes the answer of a row with all that it says, and the act that takes it out of view.
    pub(super) fn revealed_view_of(
        &self,
        row: &ViewRow,
        now_ms: i64,
    ) -> Result<DocumentView, WorkerError> {
        let mut view = self.whole_view_of(row, now_ms)?;
        if row.moderated {
            view.moderation = self.hiding_act(row.document)?.map(Box::new);
        }
        Ok(view)
    }

    /// Makes the answer of a row: what depends on the reader is added.
    pub(super) fn whole_view_of(
        &self,
        row: &ViewRow,
        now_ms: i64,
    ) -> Result<DocumentView, WorkerError> {
        let mut view: DocumentView = serde_json::from_str(&row.json)
            .expect("the store holds the JSON that was written into it");
        projection::for_reader(
            self.parts.replica.kinds(),
            &mut view,
            row.until_ms,
            self.reader(),
            now_ms,
            |member| self.member_ref(member),
            |recorded| self.recorded_ref(recorded),
        );
        let comments = Filter {
            about: Some(row.document),
            ..Filter::default()
        };
        view.unread = row.unread;
        view.mine = row.mine;
        view.comments = u32::try_from(self.parts.store.count(&comments)?).unwrap_or(u32::MAX);
        Ok(view)
    }

    /// Tells who reads here.
    pub(super) fn reader(&self) -> Reader {
        let member = self.parts.replica.member();
        let standing = member.and_then(|member| self.parts.replica.roster().standing_now(&member));
        Reader {
            member,
            is_steward: standing.is_some_and(|standing| is_steward(&standing)),
        }
    }

    /// Returns a member as it is shown beside what it wrote.
    pub(super) fn member_ref(&self, id: MemberId) -> MemberRef {
        let member = self.parts.replica.roster().member(&id);
        let (name, building) = member.map_or_else(Default::default, |member| {
            let resembles = self.lookalikes().of(&id);
            let name = MemberRef::told_apart(id, member.name, !resembles.is_empty());
            (name, member.building)
        });
        MemberRef { id, name, building }
    }

    pub(super) fn lookalikes(&self) -> &Lookalikes {
        self.lookalikes
            .get_or_init(|| Lookalikes::among(&self.parts.replica.roster().members()))
    }
}

/// Whether a member is a steward, or the founder while it decides alone.
pub(super) fn is_steward(standing: &Standing) -> bool {
    let mut roles = standing.roles.iter();
    standing.founding.is_some() || roles.any(|(role, _)| matches!(role, Role::Steward { .. }))
}
