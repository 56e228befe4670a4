//! Markdown as text for a terminal: what its signs mean is said by layout and by styles that need
//! no colour, and a link by its words and its address.
//!
//! What a sign hides elsewhere is shown: addresses, the words of an image, HTML, the name of a
//! code's language. It deliberately opens nothing and follows nothing, and it leaves struck text and
//! footnotes as they were written, for a terminal that cannot strike out would say the opposite.

use std::borrow::Cow;
use std::ops::Range;

use protocol::text::Text;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use ratatui::style::{Modifier, Style};

use super::styled::StyledText;
use super::table::{self, Part};
use super::width::columns;
use super::wrap::wrap;

/// Columns that a rule takes at most.
const RULE_COLUMNS_MAX: usize = 40;
/// Stands before each line of code.
const CODE_INDENT: &str = "    ";

/// Lays a text out. Without columns nothing is wrapped: lines are for reading aloud.
pub fn lay_out(text: &str, layout: table::Layout<'_>) -> StyledText {
    let mut page = Page::new(layout);
    for part in table::parts(text) {
        match part {
            Part::Prose(prose) => page.prose(prose),
            Part::Table(table) => {
                page.break_line();
                let cells = |cell: &str| said(cell, layout);
                table.map(&cells).draw(&mut page.out, layout);
            }
        }
    }
    page.out
}

/// What a cell says, on one line.
fn said(cell: &str, layout: table::Layout<'_>) -> String {
    let mut page = Page::new(table::Layout {
        columns_max: 0,
        ..layout
    });
    page.prose(cell);
    let said = page.out.text().replace('\n', " ");
    match said.trim().is_empty() {
        true => cell.to_owned(),
        false => said,
    }
}

/// What stands at the beginning of every line of a part: of a quotation, of an item of a list.
#[derive(Debug)]
struct Lead {
    first: String,
    rest: &'static str,
    /// How often the rest is said: as wide as the first.
    times: usize,
    is_begun: bool,
}

/// A link or an image whose words are being read.
#[derive(Debug)]
struct Link {
    begins: usize,
    address: String,
    title: String,
}

/// What has been laid out, and where the reading stands.
struct Page<'a> {
    layout: table::Layout<'a>,
    out: StyledText,
    leads: Vec<Lead>,
    /// Numbers of the next items, list within list; none where items have no number.
    lists: Vec<Option<u64>>,
    links: Vec<Link>,
    styles: Vec<Style>,
    /// What is read of the present paragraph.
    paragraph: StyledText,
    /// Whether the next line follows a free one.
    is_apart: bool,
}

impl<'a> Page<'a> {
    fn new(layout: table::Layout<'a>) -> Self {
        Self {
            layout,
            out: StyledText::new(),
            leads: Vec::new(),
            lists: Vec::new(),
            links: Vec::new(),
            styles: Vec::new(),
            paragraph: StyledText::new(),
            is_apart: false,
        }
    }

    fn prose(&mut self, source: &str) {
        let source = without_definitions(source);
        let events = Parser::new_ext(&source, options()).into_offset_iter();
        for (event, range) in events {
            self.read(event, &source[..range.start]);
        }
        self.flush();
        self.is_apart |= line_ends(&source) > 1;
    }

    fn read(&mut self, event: Event<'_>, before: &str) {
        match event {
            Event::Start(tag) => self.begin(tag, before),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.say(&text),
            Event::Code(code) => {
                let style = self.style().add_modifier(Modifier::UNDERLINED);
                self.paragraph.push(&harmless(&code), style);
            }
            Event::SoftBreak | Event::HardBreak => self.say("\n"),
            Event::TaskListMarker(done) => self.say(if done { "[x] " } else { "[ ] " }),
            Event::Rule => {
                self.begin_block(before);
                let room = usize::from(self.layout.columns_max).min(RULE_COLUMNS_MAX);
                self.say(&"-".repeat(room.max(3)));
                self.flush();
            }
            // Not asked for in the options.
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.say(&text);
            }
        }
    }

    fn begin(&mut self, tag: Tag<'_>, before: &str) {
        let style = self.style();
        match tag {
            Tag::Heading { .. } => {
                self.begin_block(before);
                self.is_apart = true;
                self.styles.push(self.layout.heading);
            }
            Tag::BlockQuote(_) => {
                self.begin_block(before);
                self.lead("> ".to_owned(), "> ");
            }
            Tag::CodeBlock(kind) => {
                self.begin_block(before);
                self.lead(CODE_INDENT.to_owned(), CODE_INDENT);
                if let CodeBlockKind::Fenced(language) = kind
                    && !language.is_empty()
                {
                    self.say(&language);
                    self.flush();
                }
            }
            Tag::List(first) => {
                self.begin_block(before);
                self.lists.push(first);
            }
            Tag::Item => {
                self.begin_block(before);
                let first = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.lead(first, " ");
            }
            Tag::Emphasis => self.styles.push(style.add_modifier(Modifier::ITALIC)),
            Tag::Strong => self.styles.push(style.add_modifier(Modifier::BOLD)),
            Tag::Link {
                dest_url, title, ..
            }
            | Tag::Image {
                dest_url, title, ..
            } => self.links.push(Link {
                begins: self.paragraph.text().len(),
                address: harmless(&dest_url),
                title: harmless(&title),
            }),
            _ => self.begin_block(before),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.flush();
                self.styles.pop();
            }
            TagEnd::BlockQuote(_) | TagEnd::CodeBlock | TagEnd::Item => {
                self.flush();
                // An item that says nothing still stands there.
                if self.leads.last().is_some_and(|lead| !lead.is_begun) {
                    self.line(0..0);
                }
                self.leads.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Emphasis | TagEnd::Strong => {
                self.styles.pop();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => self.flush(),
        }
    }

    /// Says the address behind the words, unless they say it themselves.
    fn end_link(&mut self) {
        let Some(link) = self.links.pop() else {
            return;
        };
        let said = self.paragraph.text().get(link.begins..);
        let said = said.unwrap_or_default().trim().to_owned();
        let mut behind = Vec::new();
        if said != link.address {
            behind.push(link.address);
        }
        behind.push(link.title);
        behind.retain(|part| !part.is_empty());
        if behind.is_empty() {
            return;
        }
        let behind = behind.join(", ");
        match said.is_empty() {
            true => self.say(&behind),
            false => self.say(&format!(" ({behind})")),
        }
    }

    /// Begins a part, after a free line where one was left.
    fn begin_block(&mut self, before: &str) {
        self.flush();
        self.is_apart |= line_ends(before) > 1;
    }

    fn lead(&mut self, first: String, rest: &'static str) {
        let width = columns(&first, self.layout.ambiguous);
        let used: usize = self.leads.iter().map(Lead::columns).sum();
        // Parts within parts must leave room for what they say.
        let has_room = used + width <= usize::from(self.layout.columns_max) / 2;
        self.leads.push(Lead {
            times: if has_room { width / rest.len() } else { 0 },
            first,
            rest,
            is_begun: false,
        });
    }

    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or(self.layout.text)
    }

    fn say(&mut self, text: &str) {
        let style = self.style();
        self.paragraph.push(&harmless(text), style);
    }

    /// Writes the present paragraph, wrapped beside what stands before its lines.
    fn flush(&mut self) {
        let text = self.paragraph.text();
        let end = text.trim_end_matches('\n').len();
        if end == 0 {
            self.paragraph = StyledText::new();
            return;
        }
        let used: usize = self.leads.iter().map(Lead::columns).sum();
        let ranges: Vec<Range<usize>> = match usize::from(self.layout.columns_max) {
            0 => table::lines(&text[..end]),
            room => {
                let room = u16::try_from(room.saturating_sub(used)).unwrap_or(u16::MAX);
                let lines = wrap(&text[..end], room, self.layout.ambiguous);
                lines.into_iter().map(|line| line.range).collect()
            }
        };
        for range in ranges {
            self.line(range);
        }
        self.paragraph = StyledText::new();
    }

    /// Writes one line of the present paragraph.
    fn line(&mut self, range: Range<usize>) {
        self.break_line();
        let text = self.layout.text;
        for lead in &mut self.leads {
            match std::mem::replace(&mut lead.is_begun, true) {
                false => self.out.push(&lead.first, text),
                true => self.out.push(&lead.rest.repeat(lead.times), text),
            };
        }
        self.out.push_part(&self.paragraph, range);
    }

    /// Ends the line before, and leaves one free where the source does.
    fn break_line(&mut self) {
        let is_apart = std::mem::take(&mut self.is_apart);
        if self.out.text().is_empty() {
            return;
        }
        self.out.push("\n", self.layout.text);
        if is_apart {
            // A quotation goes on over a free line.
            let quotes = self.leads.iter().filter(|lead| lead.is_begun);
            let quotes: String = quotes.map(|lead| lead.rest.repeat(lead.times)).collect();
            self.out.push(quotes.trim_end(), self.layout.text);
            self.out.push("\n", self.layout.text);
        }
    }
}

impl Lead {
    fn columns(&self) -> usize {
        self.rest.len() * self.times
    }
}

fn options() -> Options {
    Options::ENABLE_TASKLISTS
}

/// What a text may say on a terminal: written as `&#27;`, a sign comes past the check at the door.
fn harmless(text: &str) -> String {
    Text::paragraphs(text, usize::MAX).into_string()
}

/// Counts the line ends behind the last sign of a text that says something.
fn line_ends(text: &str) -> usize {
    let rest = text.trim_end_matches([' ', '\t', '>', '\n']);
    text[rest.len()..].matches('\n').count()
}

/// Takes the meaning of definitions such as `[name]: address`, which Markdown does not show.
fn without_definitions(source: &str) -> Cow<'_, str> {
    if !source.contains("]:") {
        return Cow::Borrowed(source);
    }
    let events = Parser::new_ext(source, options()).into_offset_iter();
    let code: Vec<Range<usize>> = events
        .filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))))
        .map(|(_, range)| range)
        .collect();
    let mut shown = String::with_capacity(source.len() + 16);
    let mut code = code.into_iter().peekable();
    let mut done = 0;
    for (place, _) in source.match_indices("]:") {
        while code.next_if(|range| range.end <= place).is_some() {}
        let is_code = code.peek().is_some_and(|range| range.contains(&place));
        if !is_code {
            shown.push_str(&source[done..=place]);
            shown.push('\\');
            done = place + 1;
        }
    }
    shown.push_str(&source[done..]);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests;
