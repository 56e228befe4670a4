//! Lists of views: filtered, in order of creation or of activity, page by page.

use std::borrow::Cow;

use protocol::id::{DocumentId, MemberId};
use rusqlite::ToSql;

use super::fault::StoreFault;
use super::view::{COLUMNS, ViewRow, read_view};
use super::{Store, row_limit};

/// What a list shows. By default everything that is not hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only documents of this kind.
    pub kind: Option<u16>,
    /// Only what is about this document: its comments.
    pub about: Option<DocumentId>,
    /// Only what this member created.
    pub author: Option<MemberId>,
    /// Only what belongs to this building.
    pub building: Option<String>,
    /// Only what has this category.
    pub category: Option<String>,
    /// Only what is in one of these states; in any when empty.
    pub states: Vec<InState>,
    /// Only what is unread.
    pub unread: bool,
    /// Only what the own household wrote in.
    pub mine: bool,
    /// Only what is about nothing else: no comments.
    pub about_nothing: bool,
    /// Only what has not ended at this time, milliseconds since 1970.
    pub alive_at_ms: Option<i64>,
    /// Hidden documents as well, whatever hides them.
    pub hidden: bool,
    /// What moderation and the own household's blocks take out of view as well.
    pub kept_back: bool,
    /// Only documents whose names lie between these two, both included.
    pub names: Option<(DocumentId, DocumentId)>,
}

impl Filter {
    /// Returns where rows are looked for. Few are unread or one's own, and nothing tells the
    /// planner so: it would rather walk through all rows in order.
    fn source(&self) -> &'static str {
        match (self.unread, self.mine) {
            (true, _) => "view INDEXED BY view_unread",
            (false, true) => "view INDEXED BY view_mine",
            (false, false) => "view",
        }
    }
}

/// A state, and what the clock has to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InState {
    /// The state, as far as no clock decides it.
    pub state: String,
    /// Whether its time must have ended, or must not have, at a time in milliseconds since 1970.
    pub ended: Option<(bool, i64)>,
}

impl InState {
    /// A state, whatever the clock says.
    pub fn at_any_time(state: &str) -> Self {
        Self {
            state: state.to_owned(),
            ended: None,
        }
    }
}

/// Which end a list begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    NewestFirst,
    /// The oldest first.
    OldestFirst,
    /// What changed or was commented on last first.
    ActiveFirst,
}

/// A place in a list: the row after which the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The time that the list is ordered by, milliseconds since 1970: when that row's document was
    /// created, or when something was last written in or about it.
    pub at_ms: i64,
    /// That row's document.
    pub document: DocumentId,
}

impl Cursor {
    /// Returns the place of a row in a list of some order.
    pub fn at(row: &ViewRow, order: Order) -> Self {
        Self {
            at_ms: match order {
                Order::NewestFirst | Order::OldestFirst => row.created_ms,
                Order::ActiveFirst => row.active_ms,
            },
            document: row.document,
        }
    }
}

impl From<&ViewRow> for Cursor {
    /// The place of a row in a list by time of creation.
    fn from(row: &ViewRow) -> Self {
        Self::at(row, Order::NewestFirst)
    }
}

impl Store {
    /// Returns a page of views by time and name, from after the cursor on.
    ///
    /// # Errors
    ///
    /// [`StoreFault`] when the store cannot be read; the same holds for every method here.
    pub fn list(
        &self,
        filter: &Filter,
        order: Order,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<ViewRow>, StoreFault> {
        let mut conditions = Conditions::default();
        conditions.filter(filter);
        conditions.after(order, after);
        // Which rows is found out in an index alone, so that only those that are shown are read.
        let sql = format!(
            "SELECT {COLUMNS} FROM view WHERE document IN (
                 SELECT document FROM {} WHERE {} ORDER BY {} LIMIT {}) ORDER BY {}",
            filter.source(),
            conditions.sql(),
            order.sql(),
            row_limit(limit),
            order.sql()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(conditions.bound().as_slice())?;
        let mut views = Vec::new();
        while let Some(row) = rows.next()? {
            views.push(read_view(row)?);
        }
        Ok(views)
    }

    /// Returns how many views a filter lets through.
    pub fn count(&self, filter: &Filter) -> Result<u64, StoreFault> {
        let mut conditions = Conditions::default();
        conditions.filter(filter);
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {}",
            filter.source(),
            conditions.sql()
        );
        let total = self
            .connection
            .prepare_cached(&sql)?
            .query_row(conditions.bound().as_slice(), |row| row.get(0))?;
        super::unsigned(total)
    }
}

impl Order {
    /// Returns the columns to sort by.
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::NewestFirst => "view.created_ms DESC, view.id DESC",
            Self::OldestFirst => "view.created_ms, view.id",
            Self::ActiveFirst => "view.active_ms DESC, view.id DESC",
        }
    }
}

/// Conditions on views: fixed texts with the values that they are bound to.
#[derive(Default)]
pub(super) struct Conditions<'a> {
    texts: Vec<Cow<'static, str>>,
    values: Vec<(Cow<'static, str>, Box<dyn ToSql + 'a>)>,
}

impl<'a> Conditions<'a> {
    /// Adds a condition with its value.
    pub fn add(&mut self, text: &'static str, name: &'static str, value: impl ToSql + 'a) {
        self.texts.push(text.into());
        self.values.push((name.into(), Box::new(value)));
    }

    /// Adds a condition without a value.
    pub fn add_fixed(&mut self, text: &'static str) {
        self.texts.push(text.into());
    }

    /// Adds a filter's conditions.
    pub fn filter(&mut self, filter: &'a Filter) {
        if let Some(kind) = filter.kind {
            self.add("view.kind = :kind", ":kind", kind);
        }
        if let Some(about) = filter.about {
            self.add("view.about = :about", ":about", about.0);
        }
        if let Some(author) = filter.author {
            self.add("view.author = :author", ":author", author.0);
        }
        if let Some(building) = &filter.building {
            self.add("view.building = :building", ":building", building);
        }
        if let Some(category) = &filter.category {
            self.add("view.category = :category", ":category", category);
        }
        self.states(&filter.states);
        if filter.unread {
            self.add_fixed("view.unread = 1");
        }
        if filter.mine {
            self.add_fixed("view.mine = 1");
        }
        if filter.about_nothing {
            self.add_fixed("view.about IS NULL");
        }
        if let Some(alive_at_ms) = filter.alive_at_ms {
            self.add(
                "(view.until_ms IS NULL OR view.until_ms > :alive)",
                ":alive",
                alive_at_ms,
            );
        }
        if let Some((least, greatest)) = filter.names {
            self.add("view.id >= :least", ":least", least.0);
            self.add("view.id <= :greatest", ":greatest", greatest.0);
        }
        match (filter.hidden, filter.kept_back) {
            (true, _) => {}
            (false, true) => self.add_fixed("view.hidden & 1 = 0"),
            (false, false) => self.add_fixed("view.hidden = 0"),
        }
    }

    /// Adds the choice between some states.
    fn states(&mut self, states: &'a [InState]) {
        if states.is_empty() {
            return;
        }
        let mut choices = Vec::with_capacity(states.len());
        for (number, one) in states.iter().enumerate() {
            let (state, at) = (format!(":state{number}"), format!(":at{number}"));
            choices.push(match one.ended {
                None => format!("view.state = {state}"),
                Some((true, _)) => format!("(view.state = {state} AND view.until_ms <= {at})"),
                Some((false, _)) => format!(
                    "(view.state = {state} AND (view.until_ms IS NULL OR view.until_ms > {at}))"
                ),
            });
            self.values.push((state.into(), Box::new(&one.state)));
            if let Some((_, at_ms)) = one.ended {
                self.values.push((at.into(), Box::new(at_ms)));
            }
        }
        self.texts
            .push(format!("({})", choices.join(" OR ")).into());
    }

    /// Adds what lies after a cursor.
    pub fn after(&mut self, order: Order, after: Option<&Cursor>) {
        let Some(after) = after else {
            return;
        };
        let text = match order {
            Order::NewestFirst => "(view.created_ms, view.id) < (:after_ms, :after_id)",
            Order::OldestFirst => "(view.created_ms, view.id) > (:after_ms, :after_id)",
            Order::ActiveFirst => "(view.active_ms, view.id) < (:after_ms, :after_id)",
        };
        self.add(text, ":after_ms", after.at_ms);
        self.values
            .push((":after_id".into(), Box::new(after.document.0)));
    }

    /// Returns the conditions as SQL.
    pub fn sql(&self) -> String {
        if self.texts.is_empty() {
            "TRUE".to_owned()
        } else {
            self.texts.join(" AND ")
        }
    }

    /// Returns the values by name.
    pub fn bound(&self) -> Vec<(&str, &dyn ToSql)> {
        self.values
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect()
    }
}
