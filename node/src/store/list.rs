//! Lists of views: filtered, in order of creation, page by page.

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
    /// Only what is in this state.
    pub state: Option<String>,
    /// Only what has not ended at this time, milliseconds since 1970.
    pub alive_at_ms: Option<i64>,
    /// Hidden documents as well.
    pub hidden: bool,
    /// Only documents whose names lie between these two, both included.
    pub names: Option<(DocumentId, DocumentId)>,
}

/// Which end a list begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    NewestFirst,
    /// The oldest first.
    OldestFirst,
}

/// A place in a list: the row after which the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When that row's document was created, milliseconds since 1970.
    pub created_ms: i64,
    /// That row's document.
    pub document: DocumentId,
}

impl From<&ViewRow> for Cursor {
    fn from(row: &ViewRow) -> Self {
        Self {
            created_ms: row.created_ms,
            document: row.document,
        }
    }
}

impl Store {
    /// Returns a page of views by time of creation and name, from after the cursor on.
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
        let sql = format!(
            "SELECT {COLUMNS} FROM view WHERE {} ORDER BY {} LIMIT {}",
            conditions.sql(),
            order.sql(),
            row_limit(limit)
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
        let sql = format!("SELECT count(*) FROM view WHERE {}", conditions.sql());
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
        }
    }
}

/// Conditions on views: fixed texts with the values that they are bound to.
#[derive(Default)]
pub(super) struct Conditions<'a> {
    texts: Vec<&'static str>,
    values: Vec<(&'static str, Box<dyn ToSql + 'a>)>,
}

impl<'a> Conditions<'a> {
    /// Adds a condition with its value.
    pub fn add(&mut self, text: &'static str, name: &'static str, value: impl ToSql + 'a) {
        self.texts.push(text);
        self.values.push((name, Box::new(value)));
    }

    /// Adds a condition without a value.
    pub fn add_fixed(&mut self, text: &'static str) {
        self.texts.push(text);
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
        if let Some(state) = &filter.state {
            self.add("view.state = :state", ":state", state);
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
        if !filter.hidden {
            self.add_fixed("view.hidden = 0");
        }
    }

    /// Adds what lies after a cursor.
    pub fn after(&mut self, order: Order, after: Option<&Cursor>) {
        let Some(after) = after else {
            return;
        };
        let text = match order {
            Order::NewestFirst => "(view.created_ms, view.id) < (:after_ms, :after_id)",
            Order::OldestFirst => "(view.created_ms, view.id) > (:after_ms, :after_id)",
        };
        self.add(text, ":after_ms", after.created_ms);
        self.values.push((":after_id", Box::new(after.document.0)));
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
            .map(|(name, value)| (*name, &**value))
            .collect()
    }
}
