//! Keeping the household in lines: a backup, the recovery sheet, and moving out, one question at a
//! time.

use protocol::api::Refusal;
use zeroize::Zeroizing;

use super::command::Command;
use super::page::{Go, Out, Page, Question};
use crate::app::Context;
use crate::host::HostAnswer;
use crate::screen::keeping::course::{Course, Keeping, Next};

/// The page.
#[derive(Debug)]
pub struct Keep {
    course: Course,
    /// What was typed of what the step asks for.
    typed: Vec<Zeroizing<String>>,
}

impl Keep {
    /// Makes the page.
    pub fn new(keeping: Keeping) -> Self {
        Self {
            course: Course::new(keeping),
            typed: Vec::new(),
        }
    }

    fn say(&self, out: &mut Out, context: &Context<'_>) {
        for text in self.course.says(context) {
            out.say(text);
        }
        for (number, key) in (1..).zip(self.course.choices()) {
            out.say(format!("{number}. {}", context.words.text(key)));
        }
    }

    fn take(&mut self, next: Next, out: &mut Out, context: &Context<'_>) {
        match next {
            Next::Step => {
                self.typed.clear();
                self.say(out, context);
            }
            Next::Wrong(field, problem) => {
                self.typed.truncate(field);
                out.say(problem);
            }
            Next::Order(order) => {
                out.say(context.words.text("first-waiting"));
                out.orders.push((0, order));
            }
            Next::Close(remark) => {
                out.said.extend(remark);
                out.go = Some(Go::Back);
            }
            Next::Quit => out.go = Some(Go::Quit),
        }
    }
}

impl Page for Keep {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        self.say(out, context);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let words = context.words;
        let Some(asked) = self.course.asked().get(self.typed.len()) else {
            return Question::choice(words.text("plain-ask-number"));
        };
        let label = self.course.label(*asked, context);
        let text = words.with("plain-ask-or-back", &[("label", label.into())]);
        match asked.is_secret {
            true => Question::secret(text),
            false => Question::text(text),
        }
    }

    fn help(&self) -> &'static str {
        "plain-help-choose"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) if *number <= self.course.choices().len() => {
                let next = self.course.choose(number - 1, context);
                self.take(next, out, context);
                true
            }
            _ => false,
        }
    }

    fn text(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        if text.is_empty() {
            let next = self.course.back(context);
            return self.take(next, out, context);
        }
        let asked = self.course.asked();
        let one = asked.get(self.typed.len());
        let most = one.map_or(0, |one| one.chars_max);
        if text.chars().count() > most {
            return out.say(context.words.with("field-full", &[("count", most.into())]));
        }
        self.typed.push(Zeroizing::new(text.to_owned()));
        if self.typed.len() < asked.len() {
            return;
        }
        let typed = std::mem::take(&mut self.typed);
        let texts: Vec<&str> = typed.iter().map(|typed| typed.as_str()).collect();
        let next = self.course.take(&texts, context);
        if let Next::Wrong(..) = next {
            // What was right so far needs not be typed again.
            self.typed.clone_from(&typed);
        }
        self.take(next, out, context);
    }

    fn back(&mut self, out: &mut Out, context: &Context<'_>) -> bool {
        let next = self.course.back(context);
        self.take(next, out, context);
        true
    }

    fn hosted(
        &mut self,
        _tag: u32,
        outcome: &Result<HostAnswer, Refusal>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        self.typed.clear();
        match self.course.hosted(outcome, context) {
            Ok(()) => self.say(out, context),
            Err(problem) => {
                out.say(problem);
                self.say(out, context);
            }
        }
    }
}
