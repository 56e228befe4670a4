//! How the author of a request, or who helps, can be reached: the text where this household can read
//! it, and who else can.

use protocol::api::{DetailView, DocumentView, MemberRef};
use protocol::text::Text;

use crate::app::Context;
use crate::text::styled::StyledText;

/// Tells whether something is told in confidence about documents of a kind.
pub fn is_told_about(kind: &str) -> bool {
    kind == "request"
}

/// Makes the blocks of all that was told. What others told each other is nothing to the reader; that
/// the author told something is, also where it is not for this household.
pub fn blocks(
    view: &DocumentView,
    details: &[DetailView],
    context: &Context<'_>,
) -> Vec<Vec<StyledText>> {
    let shown = details
        .iter()
        .filter(|detail| detail.text.is_some() || detail.by.id == view.author.id);
    shown
        .map(|detail| {
            let heading = match detail.text {
                Some(_) => context.theme.heading,
                None => context.theme.dim,
            };
            let mut blocks = vec![StyledText::new().with(&said_of(detail, context), heading)];
            if let Some(text) = &detail.text {
                let harmless = Text::paragraphs(text.expose(), usize::MAX);
                blocks.push(StyledText::plain(harmless.into_string()));
            }
            blocks
        })
        .collect()
}

/// Whose it is, and who can read it.
fn said_of(detail: &DetailView, context: &Context<'_>) -> String {
    let words = context.words;
    let me = context.known.me();
    let name = |member: &MemberRef| match me == Some(member.id) {
        true => words.text("contact-reader-own"),
        false => words.member(member),
    };
    let readers: Vec<String> = detail.readers.iter().map(name).collect();
    let readers = readers.join(&words.text("between-names"));
    let key = match (me == Some(detail.by.id), readers.is_empty()) {
        (true, true) => "contact-own-alone",
        (true, false) => "contact-own",
        (false, true) => "contact-of-alone",
        (false, false) => "contact-of",
    };
    let by = words.member(&detail.by);
    words.with(key, &[("name", by.into()), ("readers", readers.into())])
}
