//! What a motion says, on every screen and in lines: what it asks, how it stands, who has signed in
//! which capacity, and what is lacking.

use protocol::api::{ActedAs, GovernanceView, MemberRef, MotionView, MovedAct};
use protocol::id::EntryId;
use ratatui::style::Style;

use crate::app::Context;
use crate::digest;
use crate::screen::acts::awaits_me;
use crate::text::styled::StyledText;

/// What a motion asks: "remove: Chen (building 5)".
pub(crate) fn asks(moved: &MovedAct, context: &Context<'_>) -> String {
    context.words.moved(moved, context.theme.marks.between)
}

/// How a motion stands: its state and why, and while it is open how many offices have signed.
pub(crate) fn standing(motion: &MotionView, context: &Context<'_>) -> Vec<(String, Style)> {
    let (words, theme) = (context.words, context.theme);
    let state = words.motion_state(&motion.state);
    let style = match motion.state.as_str() {
        "open" => theme.important,
        "in-force" => theme.good,
        _ => theme.over,
    };
    let mut parts = vec![(state, style)];
    if let Some(why) = &motion.why {
        parts.push((words.why(why), theme.text));
    }
    if motion.state == "open" {
        parts.push((lacking(motion, context), theme.text));
    }
    parts
}

/// How many offices have signed, and how many more it takes.
fn lacking(motion: &MotionView, context: &Context<'_>) -> String {
    let signed = u32::try_from(motion.signed.len()).unwrap_or(u32::MAX);
    let lacking = motion.needed.saturating_sub(signed);
    match lacking {
        0 => context.words.text("motion-complete"),
        _ => context.words.with(
            "motion-lacking",
            &[("signed", signed.into()), ("lacking", lacking.into())],
        ),
    }
}

/// What the reader has to do about a motion; nothing where it waits for others.
pub(crate) fn next(motion: &MotionView, context: &Context<'_>) -> Option<String> {
    awaits_me(motion, context).then(|| digest::to_do(motion, context.words))
}

/// Everything about a motion, from top to bottom.
pub(crate) fn blocks(
    motion: &MotionView,
    all: &[MotionView],
    context: &Context<'_>,
) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let mut blocks = vec![StyledText::new().with(&asks(&motion.moved, context), theme.heading)];
    blocks.push(joined(standing(motion, context), context));
    if let Some(next) = next(motion, context) {
        let text = format!("{} {next}", theme.marks.awaited);
        blocks.push(StyledText::new().with(&text, theme.awaited));
    }
    if let Some(reason) = &motion.reason {
        blocks.push(labelled("motion-reason", reason, context));
    }
    if let Some(stands) = motion.overtaken_by.and_then(|id| find(all, id)) {
        let stands = asks(&stands.moved, context);
        blocks.push(labelled("motion-overtaken-by", &stands, context));
    }
    blocks.push(StyledText::plain(""));
    blocks.push(StyledText::new().with(&words.text("motion-signatures"), theme.heading));
    let mover = words.text("motion-mover");
    let by = (&motion.by, &motion.acted_as, motion.time_ms);
    blocks.push(signature(by, Some(mover), context));
    for signed in &motion.cosignatures {
        let by = (&signed.by, &signed.acted_as, signed.time_ms);
        blocks.push(signature(by, None, context));
    }
    blocks.push(StyledText::plain(""));
    let number = words.with("motion-number", &[("number", motion.number.into())]);
    let rule = words.with(
        "motion-rule",
        &[
            ("needed", motion.needed.into()),
            ("offices", motion.offices.into()),
        ],
    );
    let between = theme.marks.between;
    let parts = match motion.state == "open" {
        true => format!("{number} {between} {rule}"),
        false => number,
    };
    blocks.push(StyledText::new().with(&parts, theme.dim));
    blocks
}

/// Who signed in which capacity, and when.
fn signature(
    (by, acted_as, time_ms): (&MemberRef, &ActedAs, i64),
    remark: Option<String>,
    context: &Context<'_>,
) -> StyledText {
    let (words, theme) = (context.words, context.theme);
    let between = format!(" {} ", theme.marks.between);
    let mut text = StyledText::new();
    text.push(&format!("{} ", theme.marks.selected), theme.dim);
    text.push(&words.member(by), theme.own);
    text.push(
        &format!("{between}{}", words.acted_as(acted_as)),
        theme.text,
    );
    if let Some(remark) = remark {
        text.push(&format!("{between}{remark}"), theme.text);
    }
    let moment = context.clock.past(words, time_ms);
    text.push(&format!("{between}{moment}"), theme.dim);
    text
}

fn labelled(key: &str, said: &str, context: &Context<'_>) -> StyledText {
    let label = context.words.text(key);
    StyledText::new()
        .with(&format!("{label}  "), context.theme.dim)
        .with(said, context.theme.text)
}

/// Parts with their styles, in one line.
fn joined(parts: Vec<(String, Style)>, context: &Context<'_>) -> StyledText {
    let between = format!(" {} ", context.theme.marks.between);
    let mut text = StyledText::new();
    for (place, (part, style)) in parts.iter().enumerate() {
        if place > 0 {
            text.push(&between, context.theme.dim);
        }
        text.push(part, *style);
    }
    text
}

/// A motion in one line, without styles: how it stands, and who moved it in which capacity.
pub(crate) fn details(motion: &MotionView, context: &Context<'_>) -> String {
    let words = context.words;
    let parts = standing(motion, context).into_iter().map(|(part, _)| part);
    let by = words.member(&motion.by);
    let parts = parts.chain([by, words.acted_as(&motion.acted_as)]);
    let parts: Vec<String> = parts.collect();
    parts.join(&format!(" {} ", context.theme.marks.between))
}

/// Who decides about dangerous acts.
pub(crate) fn governance(governance: &GovernanceView, context: &Context<'_>) -> String {
    match governance.founder_alone {
        true => context.words.text("governance-founder"),
        false => context.words.with(
            "governance-motions",
            &[
                ("needed", governance.needed.into()),
                ("offices", governance.offices.len().into()),
            ],
        ),
    }
}

/// Finds a motion.
pub(crate) fn find(motions: &[MotionView], id: EntryId) -> Option<&MotionView> {
    motions.iter().find(|motion| motion.id == id)
}
