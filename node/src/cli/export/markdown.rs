//! One document with its comments as a Markdown page.
//!
//! What others wrote in a comment is text: nothing of it becomes a heading, a link or HTML.

use protocol::api::DocumentView;
use protocol::kind::Kinds;
use protocol::projection::to_markdown;

use crate::cli::say::Message;
use crate::cli::{Context, list, plain};
use crate::paper::escaped;

/// Makes the page.
pub fn page(document: &DocumentView, comments: &[DocumentView], context: &Context) -> String {
    let mut page = to_markdown(&Kinds::standard(), document);
    if !comments.is_empty() {
        page.push_str(&format!("\n## {}\n", context.text(Message::Comments)));
    }
    for comment in comments {
        let author = escaped(&list::member(comment, context));
        let time = plain::time(comment.created_ms);
        page.push_str(&format!("\n**{author}**, {time}\n\n"));
        let body = comment.fields.get("body").map(plain::value);
        for line in body.unwrap_or_default().lines() {
            // A line end inside a paragraph is a line end.
            page.push_str(&format!("> {}  \n", escaped(line)));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_line_of_text_is_obeyed() {
        let line = "1. <b>![x](http://a)</b> # - 谁";
        let expected = r"1\. \<b\>\!\[x\]\(http\:\/\/a\)\<\/b\> \# \- 谁";
        assert_eq!(escaped(line), expected);
    }
}
