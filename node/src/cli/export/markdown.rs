//! One document as a Markdown page.
//!
//! A text that is Markdown itself stays as it is; one line from others cannot begin anything
//! (a heading, a list, a link) that its author did not write as text.

use protocol::api::DocumentView;

use crate::cli::say::Message;
use crate::cli::{Context, list, plain};

/// Makes the page.
pub fn page(document: &DocumentView, comments: &[DocumentView], context: &Context) -> String {
    let mut page = format!("# {}\n\n", escaped(&list::headline(document)));
    page.push_str(&format!(
        "{} · {} · {}\n",
        context.text(Message::KindAndState {
            kind: &escaped(&document.kind),
            state: document.state.as_deref(),
        }),
        escaped(&list::member(document)),
        plain::time(document.created_ms),
    ));
    let others = document.fields.iter();
    let others = others.filter(|(name, _)| !["title", "body"].contains(&name.as_str()));
    for (index, (name, value)) in others.enumerate() {
        if index == 0 {
            page.push('\n');
        }
        let value = plain::line(&plain::value(value));
        page.push_str(&format!("- {}: {}\n", escaped(name), escaped(&value)));
    }
    if let Some(body) = document.fields.get("body") {
        page.push_str(&format!("\n{}\n", plain::value(body).trim_end()));
    }
    if !comments.is_empty() {
        page.push_str(&format!("\n## {}\n", context.text(Message::Comments)));
    }
    for comment in comments {
        let author = escaped(&list::member(comment));
        let time = plain::time(comment.created_ms);
        page.push_str(&format!("\n**{author}**, {time}\n\n"));
        let body = comment.fields.get("body").map(plain::value);
        for line in body.unwrap_or_default().lines() {
            page.push_str(&format!("> {line}\n"));
        }
    }
    page
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in plain::line(text).chars() {
        if "\\`*_{}[]<>#|~".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
