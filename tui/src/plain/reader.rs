//! The reader: one document with its comments, and everything that can be done with it as numbers.

use protocol::api::{Answer, DocumentView, Request};
use protocol::id::DocumentId;

use super::acknowledgements::Acknowledgements;
use super::command::Command;
use super::composer::Writing;
use super::history::History;
use super::keeping::Keep;
use super::listing::ITEMS_SHOWN;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure, LastThing, Undo};
use crate::host::Printed;
use crate::screen::acts::{self, Act, Confirmed, Doing};
use crate::screen::composer::Composer;
use crate::screen::document_row::title;
use crate::screen::keeping::course::Keeping;
use crate::screen::reader::beside;
use crate::screen::reader::contact::is_told_about;
use crate::screen::reader::page::{Beside, blocks, comment_blocks};

/// Blocks of a page that say what it is and how it stands.
const STANDING_BLOCKS: usize = 2;

const TAG_SHOW: u32 = 1;
const TAG_MARK: u32 = 2;
const TAG_WRITTEN: u32 = 3;
const TAG_DETAILS: u32 = 4;
const TAG_ERASED: u32 = 5;
const TAG_BESIDE: u32 = 6;

/// Answers to whether something is to be erased.
const ERASE: usize = 1;
const KEEP: usize = 2;

/// The reader.
#[derive(Debug)]
pub struct Reader {
    document: DocumentId,
    shown: Option<(DocumentView, Vec<DocumentView>)>,
    /// What is known beside it.
    beside: Beside,
    /// Answers about that which are still to come before it is said.
    missing: usize,
    /// What takes the last act back.
    undo: Option<(Undo, &'static str)>,
    acts: Vec<Act>,
    /// What cannot be undone, while it is asked about.
    asked: Option<Confirmed>,
    /// Comments that were said.
    comments_said: usize,
    /// Whether the document was said already: then only how it stands is said.
    is_short: bool,
    /// Whether what moderation has taken out of view is shown.
    reveals: bool,
}

impl Reader {
    /// Makes the reader of a document.
    pub fn new(document: DocumentId) -> Self {
        Self {
            document,
            shown: None,
            beside: Beside::default(),
            missing: 0,
            undo: None,
            acts: Vec::new(),
            asked: None,
            comments_said: 0,
            is_short: false,
            reveals: false,
        }
    }

    fn read(&mut self, out: &mut Out) {
        let document = self.document;
        let request = match self.reveals {
            true => Request::ShowHidden { document },
            false => Request::Show { document },
        };
        out.ask(TAG_SHOW, request);
    }

    fn has_more(&self) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|(_, comments)| self.comments_said < comments.len())
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let Some((view, comments)) = &self.shown else {
            return;
        };
        let acts = acts::possible(view, &self.beside.details, context);
        self.acts = acts::with_merges(acts, &self.beside.similar, context);
        let is_merge = |act: &Act| matches!(act, Act::Merge { .. });
        self.beside.merge_number = self.acts.iter().position(is_merge).map(|place| place + 1);
        // Without columns a table is told row by row, as it is read aloud.
        let all = blocks(view, &self.beside, &[], None, 0, context);
        let shown = match self.is_short {
            true => STANDING_BLOCKS,
            false => all.len(),
        };
        for block in all.iter().take(shown) {
            out.say(block.text());
        }
        if !comments.is_empty() {
            out.say(context.words.counted("comment", comments.len()));
        }
        match std::mem::replace(&mut self.is_short, true) {
            true => self.say_acts(out, context),
            false => {
                self.comments_said = 0;
                self.say_comments(out, context);
            }
        }
    }

    /// An answer about what there is beside it has come; after the last one it is said.
    fn one_less(&mut self, out: &mut Out, context: &Context<'_>) {
        self.missing = self.missing.saturating_sub(1);
        if self.missing == 0 {
            self.say(out, context);
        }
    }

    fn say_comments(&mut self, out: &mut Out, context: &Context<'_>) {
        let Some((_, comments)) = &self.shown else {
            return;
        };
        let next = comments.iter().skip(self.comments_said).take(ITEMS_SHOWN);
        for comment in next {
            self.comments_said += 1;
            let [head, said] = comment_blocks(comment, false, context);
            out.say(format!("o{}. {}", self.comments_said, head.text()));
            out.say(said.text());
        }
        if self.has_more() {
            let values = [
                ("shown", self.comments_said.into()),
                ("count", comments.len().into()),
            ];
            out.say(context.words.with("plain-more", &values));
        }
        self.say_acts(out, context);
    }

    fn say_acts(&self, out: &mut Out, context: &Context<'_>) {
        let Some((view, comments)) = &self.shown else {
            return;
        };
        out.say(context.words.text("acts-title"));
        for (place, act) in self.acts.iter().enumerate() {
            let label = act.label(&view.kind, context);
            out.say(format!("{}. {label}", place + 1));
        }
        let reveals = view.moderation.is_some() && !self.reveals
            || view.kind == "moderation" && view.about.is_some();
        let letters = [
            ("c", "do-comment", true),
            ("e", "do-edit", true),
            ("v", "do-history", true),
            ("x", "do-reveal", reveals),
            ("p", "do-print", true),
            ("w", "do-acknowledgements", view.asks_for_acknowledgement()),
            ("o", "plain-open-comment", !comments.is_empty()),
        ];
        for (letter, key, _) in letters.iter().filter(|(_, _, offered)| *offered) {
            out.say(format!("{letter}. {}", context.words.text(key)));
        }
    }

    fn act(&mut self, place: usize, out: &mut Out, context: &Context<'_>) -> bool {
        let (Some((view, _)), Some(act)) = (&self.shown, self.acts.get(place)) else {
            return false;
        };
        match act.doing(view) {
            Doing::Form(composer) => out.open(Writing::new(*composer)),
            Doing::Request(request) => {
                self.undo = act.undo(view);
                out.ask(TAG_WRITTEN, request);
            }
            Doing::Confirmed(confirmed) => {
                let words = context.words;
                out.say(words.text(confirmed.question));
                out.say(format!("{ERASE}. {}", words.text("erase-indeed")));
                out.say(format!("{KEEP}. {}", words.text("erase-not")));
                self.asked = Some(confirmed);
            }
            // Nothing about a document is chosen so.
            Doing::Choice(..) => return false,
        }
        true
    }
}

impl Page for Reader {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        self.asked = None;
        self.read(out);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        if self.asked.is_some() {
            return Question::choice(context.words.text("plain-ask-erase"));
        }
        let title = match &self.shown {
            Some((view, _)) => title(view, context),
            None => String::new(),
        };
        let values = [("title", title.into())];
        Question::choice(context.words.with("plain-ask-reader", &values))
    }

    fn help(&self) -> &'static str {
        match self.asked {
            Some(_) => "plain-help-choose",
            None => "plain-help-reader",
        }
    }

    fn back(&mut self, out: &mut Out, context: &Context<'_>) -> bool {
        let asked = self.asked.take();
        if asked.is_some() {
            out.say(context.words.text("erased-not"));
        }
        asked.is_some()
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        if let Some(asked) = self.asked.take() {
            match command {
                Command::Number(ERASE) => out.ask(TAG_ERASED, asked.request),
                Command::Number(KEEP) | Command::Nothing => {
                    out.say(context.words.text("erased-not"));
                }
                _ => {
                    self.asked = Some(asked);
                    return false;
                }
            }
            return true;
        }
        let Some((view, comments)) = &self.shown else {
            return false;
        };
        match command {
            Command::Number(number @ 1..) => return self.act(number - 1, out, context),
            Command::Nothing if self.has_more() => self.say_comments(out, context),
            Command::Nothing => {
                self.is_short = false;
                self.read(out);
            }
            Command::Letter('c', None) => out.open(Writing::new(Composer::comment(view))),
            Command::Letter('e', None) => match Composer::edit(view, context) {
                Some(composer) => out.open(Writing::new(composer)),
                None => out.say(context.words.text("not-yours-to-edit")),
            },
            Command::Letter('x', None) if view.moderation.is_some() => {
                self.reveals = true;
                self.is_short = false;
                self.read(out);
            }
            Command::Letter('x', None) if view.kind == "moderation" => match view.about {
                Some(about) => {
                    let mut reader = Self::new(about);
                    reader.reveals = true;
                    out.open(reader);
                }
                None => out.say(context.words.text("nothing-hidden")),
            },
            Command::Letter('o', Some(number)) => {
                let number = number.checked_sub(1);
                match number.and_then(|place| comments.get(place)) {
                    Some(comment) => out.open(Self::new(comment.id)),
                    None => return false,
                }
            }
            Command::Letter('p', None) => {
                let what = Printed::Document(view.id);
                out.open(Keep::new(Keeping::Print(what)));
            }
            Command::Letter('w', None) if view.asks_for_acknowledgement() => {
                out.open(Acknowledgements::new(view.id));
            }
            Command::Letter('v', None) => out.open(History::new(view.id, &view.kind)),
            _ => return false,
        }
        true
    }

    fn answered(
        &mut self,
        tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Document { document, comments }) => {
                let unread = document.unread || comments.iter().any(|comment| comment.unread);
                self.shown = Some(((**document).clone(), comments.clone()));
                beside::keep_similar(&mut self.beside, document);
                // What is said stays said, so it is known first what there is beside it.
                let mut questions: Vec<(u32, Request)> = Vec::new();
                if is_told_about(&document.kind) {
                    let document = self.document;
                    questions.push((TAG_DETAILS, Request::Details { document }));
                }
                let beside = beside::questions(document, context).into_iter();
                questions.extend(beside.map(|request| (TAG_BESIDE, request)));
                self.missing = questions.len();
                out.questions.extend(questions);
                if self.missing == 0 {
                    self.say(out, context);
                }
                if unread {
                    let documents = vec![self.document];
                    let request = Request::MarkRead {
                        documents,
                        everything: false,
                    };
                    out.ask(TAG_MARK, request);
                }
            }
            Ok(Answer::Details { details }) => {
                self.beside.details.clone_from(details);
                self.one_less(out, context);
            }
            Ok(answer) if tag == TAG_BESIDE => {
                if let Some((view, _)) = &self.shown {
                    beside::take(&mut self.beside, view, answer);
                }
                self.one_less(out, context);
            }
            Ok(_) if tag == TAG_WRITTEN => {
                let (undo, said) = match self.undo.take() {
                    Some((undo, said)) => (LastThing::Undoable(undo), said),
                    None => (LastThing::Final, "act-written"),
                };
                out.undo = undo;
                out.say(context.words.text(said));
                self.read(out);
            }
            Ok(_) if tag == TAG_ERASED => {
                out.say(context.words.text("erased"));
                self.read(out);
            }
            Ok(_) => {}
            Err(failure) => {
                if tag == TAG_DETAILS || tag == TAG_BESIDE {
                    self.one_less(out, context);
                }
                out.fail(failure, context);
            }
        }
    }
}
