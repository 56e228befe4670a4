//! What a document says, as blocks from top to bottom: each a styled text.

use std::ops::Range;

use protocol::api::{Acknowledgements, DetailView, DocumentView};
use protocol::id::{DocumentId, MemberId};
use protocol::kind::{self, Kinds, List, Shape, Who};
use serde_json::{Map, Value};

use super::super::acts::{facts, is_own, name_of};
use super::super::document_row::{author, part, title};
use super::{contact, moderated};
use crate::app::Context;
use crate::text::styled::StyledText;
use crate::text::{markdown, table};

/// Fields that the page shows in places of their own, or that only programs need.
const SHOWN_ELSEWHERE: &[&str] = &[
    "title",
    "body",
    "text",
    "capacity",
    "about",
    "reply_to",
    "clauses",
    "spared",
    "for_household",
];

/// Blocks of one comment.
const COMMENT_BLOCKS: usize = 2;

/// What is known beside a document.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What was told about it in confidence.
    pub details: Vec<DetailView>,
    /// How far a notice was acknowledged that asks for it.
    pub acknowledged: Option<Box<Acknowledgements>>,
    /// Other requests of the own household that seem to ask for the same, the likest first.
    pub similar: Vec<DocumentView>,
    /// Where what can be done is numbered: the number of closing this one for the likest.
    pub merge_number: Option<usize>,
}

/// Makes the blocks of a document, of what is known beside it and of its comments, of which one may
/// be selected, for so many columns.
pub fn blocks(
    view: &DocumentView,
    beside: &Beside,
    comments: &[DocumentView],
    selected: Option<DocumentId>,
    columns: u16,
    context: &Context<'_>,
) -> Vec<StyledText> {
    let mut blocks = vec![heading(view, context), standing(view, context)];
    blocks.extend(warnings(view, context));
    blocks.extend(similar(beside, context));
    blocks.extend(out_of_view(view, context));
    if view.kind == "agreement" {
        blocks.extend(clauses(view, context));
    }
    for field in ["body", "text"] {
        if let Some(Value::String(text)) = view.fields.get(field)
            && !text.is_empty()
        {
            blocks.push(blank());
            blocks.push(match is_markdown(view, field) {
                true => marked_up(text, columns, context),
                false => StyledText::plain(text.as_str()),
            });
        }
    }
    let fields = fields(view, context);
    if !fields.is_empty() {
        blocks.push(blank());
        blocks.extend(fields);
    }
    for contact in contact::blocks(view, &beside.details, context) {
        blocks.push(blank());
        blocks.extend(contact);
    }
    blocks.extend(acknowledged(beside, context));
    blocks.extend(fact_lists(view, context));
    if !comments.is_empty() {
        blocks.push(blank());
        let text = context.words.counted("comment", comments.len());
        let select = format!(" {} ", context.theme.marks.between);
        let select = select + &context.words.text("comments-selected");
        let heading = StyledText::new().with(&text, context.theme.heading);
        blocks.push(heading.with(&select, context.theme.dim));
    }
    for comment in comments {
        blocks.push(blank());
        let is_selected = selected == Some(comment.id);
        blocks.extend(comment_blocks(comment, is_selected, context));
    }
    blocks
}

/// Returns which blocks of a page are the comment at a place, of so many comments.
pub fn blocks_of_comment(blocks: &[StyledText], count: usize, place: usize) -> Range<usize> {
    let end = blocks.len() - (count - place - 1) * (COMMENT_BLOCKS + 1);
    end - COMMENT_BLOCKS..end
}

/// Tells whether a text has headings and lists: only collaborative text does. Elsewhere a star is a
/// star.
fn is_markdown(view: &DocumentView, field: &str) -> bool {
    let kind = Kinds::standard().by_name(&view.kind);
    let shape = kind
        .and_then(|kind| kind.field(field))
        .map(|field| field.shape);
    shape == Some(Shape::Markdown)
}

fn marked_up(text: &str, columns: u16, context: &Context<'_>) -> StyledText {
    let name = |name: &str| context.words.with("cell-name", &[("name", name.into())]);
    markdown::lay_out(
        text,
        table::Layout {
            columns_max: columns,
            ambiguous: context.look().ambiguous,
            heading: context.theme.heading,
            text: context.theme.text,
            name: &name,
        },
    )
}

/// That it is out of view, by whom and why, and how to see it all the same.
fn out_of_view(view: &DocumentView, context: &Context<'_>) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let mut lines = Vec::new();
    if view.blocked {
        lines.push(StyledText::new().with(&words.text("blocked-author"), theme.dim));
    }
    if let Some(act) = &view.moderation {
        lines.extend(moderated::lines(act, context));
        let key = match view.fields.is_empty() {
            true => "out-of-view",
            false => "revealed",
        };
        lines.push(StyledText::new().with(&words.text(key), theme.dim));
    }
    lines
}

/// The clauses of an agreement, each with the number that acts of moderation name it by.
fn clauses(view: &DocumentView, context: &Context<'_>) -> Vec<StyledText> {
    let text = view.fields.get("clauses").and_then(Value::as_str);
    let mut lines = vec![blank()];
    for (number, clause) in (1..).zip(kind::clauses(text.unwrap_or_default())) {
        let line = format!("{number}. {clause}");
        lines.push(StyledText::new().with(&line, context.theme.text));
    }
    lines
}

/// How far it was acknowledged, and where more is told. Who has done so is no neighbour's business.
fn acknowledged(beside: &Beside, context: &Context<'_>) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let Some(told) = &beside.acknowledged else {
        return Vec::new();
    };
    let mut blocks = vec![blank(), StyledText::plain(words.acknowledged(told))];
    if told.named {
        blocks.push(StyledText::new().with(&words.text("acknowledgements-more"), theme.dim));
    }
    blocks
}

/// That another request of one's own seems to ask for the same: the likest.
fn similar(beside: &Beside, context: &Context<'_>) -> Option<StyledText> {
    let other = beside.similar.first()?;
    let when = context.clock.past(context.words, other.created_ms);
    let (key, number) = match beside.merge_number {
        Some(number) => ("request-similar-numbered", number),
        None => ("request-similar", 0),
    };
    let values = [
        ("title", title(other, context).into()),
        ("moment", when.into()),
        ("number", number.into()),
    ];
    let text = context.words.with(key, &values);
    Some(StyledText::new().with(&text, context.theme.awaited))
}

fn blank() -> StyledText {
    StyledText::plain("")
}

fn heading(view: &DocumentView, context: &Context<'_>) -> StyledText {
    StyledText::new().with(&title(view, context), context.theme.heading)
}

/// State, whose turn it is, author, when, how far it has come.
fn standing(view: &DocumentView, context: &Context<'_>) -> StyledText {
    let (words, theme) = (context.words, context.theme);
    let between = format!(" {} ", theme.marks.between);
    let mut text = StyledText::new();
    let mut parts = vec![(words.kind(&view.kind), theme.dim)];
    if let Some(state) = &view.state {
        parts.push((words.state(&view.kind, state), theme.important));
        parts.push((
            words.next(&view.kind, state, part(view, context)),
            theme.awaited,
        ));
    }
    parts.push((speaker(view, context), theme.text));
    if !view.fields.contains_key("capacity") {
        parts.push((plain_capacity(view.author.id, context), theme.dim));
    }
    parts.push((context.clock.past(words, view.created_ms), theme.dim));
    if let Some(delivery) = &view.delivery {
        parts.push((words.delivery(delivery.relays, delivery.homes), theme.dim));
    }
    parts.retain(|(part, _)| !part.is_empty());
    for (index, (part, style)) in parts.iter().enumerate() {
        if index > 0 {
            text.push(&between, theme.dim);
        }
        text.push(part, *style);
    }
    text
}

/// The author, and in which capacity it speaks.
fn speaker(view: &DocumentView, context: &Context<'_>) -> String {
    let name = author(view, context);
    in_capacity(name, view.fields.get("capacity"), context)
}

/// Who wrote a fact, and in which capacity: the one that it names, or that of a document which only
/// its author carries on. Other facts are the household's own.
fn acting(
    view: &DocumentView,
    list: &List,
    fact: &Map<String, Value>,
    context: &Context<'_>,
) -> String {
    let of_document = view.fields.get("capacity");
    let of_document = of_document.filter(|_| list.appenders == Who::Creator);
    let capacity = fact.get("capacity").or(of_document);
    let name = in_capacity(name_of(fact, context), capacity, context);
    let household = fact.get("for_household").cloned();
    match household.and_then(|household| serde_json::from_value(household).ok()) {
        Some(household) => context.words.recorded_by(&name, &household),
        None => name,
    }
}

/// A name with the capacity in which it acts, where one was named that is known.
fn in_capacity(name: String, capacity: Option<&Value>, context: &Context<'_>) -> String {
    let capacity = capacity.and_then(Value::as_str);
    let capacity = capacity.and_then(|digits| context.values().capacity(digits));
    let Some(capacity) = capacity else {
        return name;
    };
    context.words.with(
        "name-in-capacity",
        &[("name", (&name).into()), ("capacity", (&capacity).into())],
    )
}

/// What an author is, where it names no capacity in which it speaks; nothing before it is known.
pub fn plain_capacity(author: MemberId, context: &Context<'_>) -> String {
    let kind = context.known.names.kind(author);
    kind.map_or_else(String::new, |kind| context.words.member_kind(kind))
}

/// What the reader must know before believing the rest.
fn warnings(view: &DocumentView, context: &Context<'_>) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let mut lines = Vec::new();
    if view.fields.get("urgent") == Some(&Value::Bool(true)) {
        lines.push(words.emergency(&context.settings.emergency_numbers));
    }
    lines.push(words.completeness(view.completeness));
    if view.time_ahead {
        lines.push(words.text("time-ahead"));
    }
    for (field, values) in &view.conflicts {
        let values: Vec<String> = values
            .iter()
            .map(|value| context.values().said_apart(&view.kind, field, value))
            .collect();
        let field = words.contested(&view.kind, field);
        let values = values.join(" / ");
        lines.push(words.with(
            "conflict",
            &[("field", (&field).into()), ("values", (&values).into())],
        ));
    }
    lines.retain(|line| !line.is_empty());
    let mark = theme.marks.warning;
    lines
        .iter()
        .map(|line| StyledText::new().with(&format!("{mark} {line}"), theme.warning))
        .collect()
}

/// The other fields, one line each, in the kind's order.
fn fields(view: &DocumentView, context: &Context<'_>) -> Vec<StyledText> {
    let kinds = Kinds::standard();
    let Some(kind) = kinds.by_name(&view.kind) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    for field in kind.fields {
        let value = view.fields.get(field.name);
        let value = value.filter(|_| !SHOWN_ELSEWHERE.contains(&field.name));
        let Some(value) = value.filter(|value| says_something(value)) else {
            continue;
        };
        let label = context.words.field(&view.kind, field.name);
        let text = match field.shape {
            Shape::TimeMs => time_text(field.name, value, context),
            _ => context.values().said(&view.kind, None, field.name, value),
        };
        let line = StyledText::new()
            .with(&format!("{label}  "), context.theme.dim)
            .with(&text, context.theme.text);
        lines.push(line);
    }
    lines
}

fn says_something(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && value.as_str() != Some("")
}

fn time_text(field: &str, value: &Value, context: &Context<'_>) -> String {
    let Some(time_ms) = value.as_i64() else {
        return String::new();
    };
    match field {
        "expires_ms" => format!(
            "{} ({})",
            context.clock.future(context.words, time_ms),
            context.clock.left(context.words, time_ms)
        ),
        _ => context.clock.future(context.words, time_ms),
    }
}

/// Offers, acceptances and all that followed, list by list.
fn fact_lists(view: &DocumentView, context: &Context<'_>) -> Vec<StyledText> {
    let kinds = Kinds::standard();
    let Some(kind) = kinds.by_name(&view.kind) else {
        return Vec::new();
    };
    let theme = context.theme;
    let mut blocks = Vec::new();
    for list in kind.lists {
        let mut facts: Vec<_> = facts(view, list.name).collect();
        // Neighbours are told how many acknowledged a notice, not who.
        facts.retain(|fact| list.name != "acknowledgements" || is_own(fact, context));
        if facts.is_empty() {
            continue;
        }
        blocks.push(blank());
        let name = context.words.list(&view.kind, list.name);
        blocks.push(StyledText::new().with(&name, theme.heading));
        for fact in facts {
            blocks.push(fact_block(view, list, fact, context));
        }
    }
    blocks
}

fn fact_block(
    view: &DocumentView,
    list: &List,
    fact: &Map<String, Value>,
    context: &Context<'_>,
) -> StyledText {
    let (words, theme) = (context.words, context.theme);
    let between = format!(" {} ", theme.marks.between);
    let mut text = StyledText::new();
    text.push(&format!("{} ", theme.marks.selected), theme.dim);
    text.push(&acting(view, list, fact, context), theme.text);
    if let Some(time_ms) = fact.get("time_ms").and_then(Value::as_i64) {
        text.push(&between, theme.dim);
        text.push(&context.clock.past(words, time_ms), theme.dim);
    }
    if let Some(of) = offer_named(view, fact, context) {
        text.push(&between, theme.dim);
        text.push(
            &words.with("about-offer", &[("name", (&of).into())]),
            theme.dim,
        );
    }
    for (field, value) in fact {
        if matches!(
            field.as_str(),
            "id" | "by" | "time_ms" | "offer" | "correction" | "capacity" | "for_household"
        ) {
            continue;
        }
        let said = context
            .values()
            .said_of_fact(&view.kind, list.name, field, value);
        if !said.is_empty() {
            text.push(&between, theme.dim);
            text.push(&said, theme.text);
        }
    }
    text
}

/// Who made the offer that a fact names.
fn offer_named(
    view: &DocumentView,
    fact: &Map<String, Value>,
    context: &Context<'_>,
) -> Option<String> {
    let named = fact.get("offer")?.as_str()?;
    let mut offers = facts(view, "offers");
    let offer = offers.find(|offer| offer.get("id").and_then(Value::as_str) == Some(named))?;
    Some(name_of(offer, context))
}

/// One comment: who and when, then what.
pub fn comment_blocks(
    comment: &DocumentView,
    is_selected: bool,
    context: &Context<'_>,
) -> [StyledText; COMMENT_BLOCKS] {
    let theme = context.theme;
    let mark = match comment.unread {
        true => format!("{} ", theme.marks.unread),
        false => String::new(),
    };
    let when = context.clock.past(context.words, comment.created_ms);
    let (lead, style) = match is_selected {
        true => (format!("{} ", theme.marks.selected), theme.selected),
        false => (String::new(), theme.own),
    };
    let head = StyledText::new()
        .with(&lead, theme.selected)
        .with(&mark, theme.unread)
        .with(&author(comment, context), style)
        .with(&format!(" {} {when}", theme.marks.between), theme.dim);
    let body = comment.fields.get("body").and_then(Value::as_str);
    let said = match body {
        Some(body) => body.to_owned(),
        None => moderated::tombstone(comment, context)
            .unwrap_or_else(|| context.words.completeness(comment.completeness)),
    };
    [head, StyledText::plain(said)]
}
