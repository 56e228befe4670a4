//! What the reader says of an act of moderation: who took something out of view, under which rule,
//! why, and what became of it.

use protocol::api::{ActedAs, DocumentView, MemberRef, ModerationView};

use crate::app::Context;
use crate::text::styled::StyledText;

/// Says of an act what everybody may know, a line each.
pub(crate) fn lines(act: &ModerationView, context: &Context<'_>) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let key = match act.act.as_str() {
        "mute" => "muted-by",
        _ => "hidden-by",
    };
    let who = acting(&act.by, &act.acted_as, context);
    let of = words.member(&act.member);
    let when = context.clock.past(words, act.time_ms);
    let said = words.with(
        key,
        &[
            ("name", (&who).into()),
            ("of", (&of).into()),
            ("rule", act.rule.into()),
            ("moment", (&when).into()),
        ],
    );
    let mark = theme.marks.warning;
    let mut lines = vec![StyledText::new().with(&format!("{mark} {said}"), theme.warning)];
    let state = words.state("moderation", &act.state);
    let told = |label: &str, text: &str| {
        StyledText::new()
            .with(&format!("{label}  "), theme.dim)
            .with(text, theme.text)
    };
    lines.extend(
        act.clause
            .as_ref()
            .map(|clause| told(&format!("{}.", act.rule), clause)),
    );
    lines.push(told(&words.field("moderation", "reason"), &act.reason));
    lines.push(told(&words.text("moderation-state"), &state));
    if let Some(appeal) = &act.appeal {
        let by = words.member(&appeal.by);
        let label = format!("{} {by}", words.fact("moderation", "appeal"));
        lines.push(told(&label, &appeal.body));
    }
    for decision in &act.decisions {
        let by = acting(&decision.by, &decision.acted_as, context);
        let outcome = match decision.outcome.as_str() {
            "restored" => words.fact("moderation", "restoration"),
            outcome => words.choice("outcome", outcome),
        };
        lines.push(told(&format!("{outcome} {by}"), &decision.reason));
    }
    lines
}

/// Says of a comment that it is out of view.
pub(crate) fn tombstone(view: &DocumentView, context: &Context<'_>) -> Option<String> {
    let act = view.moderation.as_ref()?;
    Some(context.words.with(
        "tombstone",
        &[
            ("rule", act.rule.into()),
            ("reason", act.reason.as_str().into()),
        ],
    ))
}

fn acting(by: &MemberRef, acted_as: &ActedAs, context: &Context<'_>) -> String {
    let words = context.words;
    let name = words.member(by);
    let capacity = words.acted_as(acted_as);
    words.with(
        "name-in-capacity",
        &[("name", (&name).into()), ("capacity", (&capacity).into())],
    )
}
