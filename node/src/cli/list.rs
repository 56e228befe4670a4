//! `linli list`: documents, newest first, but what waits for the own household before the rest.

use std::collections::BTreeSet;

use clap::Args as ClapArgs;
use protocol::api::{Answer, Completeness, DocumentView, ListOrder, ListQuery, MemberRef, Request};
use protocol::kind::Kinds;

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::session::Session;
use super::{Context, fields, plain, resolve, session, table};

/// Documents that are asked for at once.
const PAGE: u32 = 500;

/// Options of `list`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The kind: requests, notices, plans, standing-offers, comments; all but comments when none
    kind: Option<String>,
    #[command(flatten)]
    filter: Filter,
}

/// Which documents of a kind, and in which order.
#[derive(Debug, Default, ClapArgs)]
pub struct Filter {
    /// Only those about this document
    #[arg(long, value_name = "ID")]
    about: Option<String>,
    /// Only those in this state, by its name in --json; several with commas between them
    #[arg(long, value_name = "STATE", value_delimiter = ',')]
    state: Vec<String>,
    /// Only those that are unread here
    #[arg(long)]
    unread: bool,
    /// Only those that this household wrote or had a part in
    #[arg(long)]
    mine: bool,
    /// Those changed or commented on last first
    #[arg(long)]
    changed: bool,
    /// How many at most
    #[arg(long, value_name = "NUMBER")]
    limit: Option<u32>,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    session::with(context, async |session| {
        let kind = args.kind.as_deref().map(fields::kind);
        let limit = args.filter.limit;
        let query = args.filter.query(session, kind).await?;
        let items = own_first(session, query, limit).await?;
        show(&items, context, output)
    })
    .await
}

impl Filter {
    /// Tells whether nothing is left out and the order is the usual one.
    pub fn is_empty(&self) -> bool {
        let given = [self.unread, self.mine, self.changed];
        self.about.is_none() && self.limit.is_none() && self.state.is_empty() && given == [false; 3]
    }

    /// Asks for the documents, in the order that was asked for.
    pub async fn documents(
        self,
        session: &Session,
        kind: Option<String>,
    ) -> Result<Vec<DocumentView>, CliError> {
        let limit = self.limit;
        everything(session, self.query(session, kind).await?, limit).await
    }

    async fn query(self, session: &Session, kind: Option<String>) -> Result<ListQuery, CliError> {
        let about = match &self.about {
            Some(name) => Some(resolve::document(session, name).await?),
            None => None,
        };
        Ok(ListQuery {
            kind,
            about,
            states: self.state,
            unread: self.unread,
            mine: self.mine,
            order: match self.changed {
                true => ListOrder::Changed,
                false => ListOrder::Newest,
            },
            ..ListQuery::default()
        })
    }
}

/// Lists documents, of a kind that runs a course of help those first that wait for the own household.
async fn own_first(
    session: &Session,
    query: ListQuery,
    limit: Option<u32>,
) -> Result<Vec<DocumentView>, CliError> {
    let kind = query.kind.as_deref();
    let kind = kind.and_then(|kind| Kinds::standard().by_name(kind));
    let has_course = kind.is_some_and(|kind| kind.course.is_some());
    if !has_course || query.order != ListOrder::Newest {
        return everything(session, query, limit).await;
    }
    let Answer::Today(today) = session.call(Request::Today).await? else {
        return Err(CliError::OtherAnswer);
    };
    let waiting = today.waiting.iter().map(|one| &one.document);
    let waiting = waiting.filter(|view| Some(&view.kind) == query.kind.as_ref());
    let waiting: BTreeSet<_> = waiting.map(|view| view.id).collect();
    if waiting.is_empty() {
        return everything(session, query, limit).await;
    }
    let items = everything(session, query, None).await?;
    let waits = |view: &DocumentView| waiting.contains(&view.id);
    let (mut items, rest): (Vec<_>, Vec<_>) = items.into_iter().partition(waits);
    items.extend(rest);
    items.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
    Ok(items)
}

/// Reads page after page.
pub async fn everything(
    session: &Session,
    mut query: ListQuery,
    limit: Option<u32>,
) -> Result<Vec<DocumentView>, CliError> {
    let mut all = Vec::new();
    let mut left = limit.unwrap_or(u32::MAX);
    while left > 0 {
        query.limit = Some(left.min(PAGE));
        let answer = session.call(Request::List(query.clone())).await?;
        let Answer::Documents {
            mut items, next, ..
        } = answer
        else {
            return Err(CliError::OtherAnswer);
        };
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        left = left.saturating_sub(count);
        all.append(&mut items);
        if next.is_none() {
            break;
        }
        query.after = next;
    }
    Ok(all)
}

/// Prints documents: one object a line, or columns.
pub fn show(
    items: &[DocumentView],
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    if context.json {
        return items.iter().try_for_each(|item| output.json(item));
    }
    if items.is_empty() {
        return output.line(context.text(Message::NothingFound));
    }
    let rows: Vec<Vec<String>> = items.iter().map(|item| row(item, context)).collect();
    table::columns(&rows)
        .iter()
        .try_for_each(|line| output.line(line))
}

fn row(item: &DocumentView, context: &Context) -> Vec<String> {
    vec![
        item.id.short(),
        plain::time(item.created_ms),
        context.text(Message::KindAndState {
            kind: &plain::line(&item.kind),
            state: item.state.as_deref(),
        }),
        member(item, context),
        format!("{}{}", headline(item), remark(item, context)),
        item.delivery.map_or_else(String::new, |delivery| {
            context.text(Message::Delivery(delivery))
        }),
    ]
}

/// A document's author as it is shown; what was written for a household without a device says so.
pub fn member(item: &DocumentView, context: &Context) -> String {
    let author = person(&item.author);
    let words = super::say::words(context.language);
    match &item.for_household {
        Some(household) => plain::line(&words.recorded_by(&author, household)),
        None => author,
    }
}

/// A member as it is shown.
pub fn person(author: &MemberRef) -> String {
    let name = if author.name.is_empty() {
        author.id.short()
    } else {
        plain::line(&author.name)
    };
    match &author.building {
        Some(building) => format!("{name} ({})", plain::line(building)),
        None => name,
    }
}

/// A document's title, or the beginning of its text.
pub fn headline(item: &DocumentView) -> String {
    const CHARACTERS_MAX: usize = 60;
    let text = ["title", "body", "text"].iter().find_map(|name| {
        let text = item.fields.get(*name)?.as_str()?;
        (!text.trim().is_empty()).then_some(text)
    });
    let text = plain::line(text.unwrap_or_default());
    if text.chars().count() > CHARACTERS_MAX {
        let beginning: String = text.chars().take(CHARACTERS_MAX - 1).collect();
        return format!("{beginning}…");
    }
    text
}

fn remark(item: &DocumentView, context: &Context) -> String {
    if item.completeness == Completeness::Complete {
        return String::new();
    }
    context.text(Message::Completeness(item.completeness))
}
