//! `linli hide`, `restore`, `mute`, `unmute`, `appeal`, `decide` and `moderation`: what takes words
//! out of view, and everything that is said about it.

use clap::Args as ClapArgs;
use protocol::api::{Answer, ModerationOutcome, ModerationView, NewModeration, Request};
use protocol::id::DocumentId;

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::say::Moderating;
use super::session::Session;
use super::{Context, fields, list as lists, plain, resolve, roster, session};

/// Options of `hide`.
#[derive(Debug, ClapArgs)]
pub struct HideArgs {
    /// The document: its name or the beginning of it
    id: String,
    #[command(flatten)]
    why: Why,
}

/// Options of `mute`.
#[derive(Debug, ClapArgs)]
pub struct MuteArgs {
    /// The member: what it is called, its name or the beginning of it
    member: String,
    #[command(flatten)]
    why: Why,
}

/// Under which rule, and why.
#[derive(Debug, ClapArgs)]
struct Why {
    /// The number of the agreement's rule
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=999))]
    rule: u32,
    /// Why; everyone can read it
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Options of `restore` and `unmute`.
#[derive(Debug, ClapArgs)]
pub struct LiftArgs {
    /// What is hidden, who is muted, or the act of moderation
    id: String,
    /// Why; everyone can read it
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Options of `appeal`.
#[derive(Debug, ClapArgs)]
pub struct AppealArgs {
    /// What is hidden, or the act of moderation
    id: String,
    /// Why the act is wrong; - reads it from standard input
    #[arg(long, value_name = "TEXT")]
    body: String,
}

/// Options of `decide`.
#[derive(Debug, ClapArgs)]
pub struct DecideArgs {
    /// What is hidden, or the act of moderation
    id: String,
    /// What is decided
    #[arg(value_parser = ["upheld", "lifted"])]
    outcome: String,
    /// Why; everyone can read it
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Options of `moderation`.
#[derive(Debug, ClapArgs)]
pub struct ListArgs {
    /// Only acts that stand
    #[arg(long)]
    standing: bool,
}

/// Runs `linli hide`.
pub async fn hide(args: HideArgs, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let document = resolve::document(session, &args.id).await?;
        let Why { rule, reason } = args.why;
        let hide = NewModeration::Hide {
            document,
            rule,
            reason,
        };
        session.call(Request::Moderate(hide)).await
    });
    tell_written(answer.await?, context, output)
}

/// Runs `linli mute`.
pub async fn mute(args: MuteArgs, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let roster = roster::read(session).await?;
        let member = resolve::member(&roster, &args.member)?;
        let Why { rule, reason } = args.why;
        let mute = NewModeration::Mute {
            member,
            rule,
            reason,
        };
        session.call(Request::Moderate(mute)).await
    });
    tell_written(answer.await?, context, output)
}

/// Runs `linli restore`.
pub async fn lift(args: LiftArgs, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let moderation = act_about(session, &args.id).await?;
        let reason = args.reason;
        session
            .call(Request::LiftModeration { moderation, reason })
            .await
    });
    tell_written(answer.await?, context, output)
}

/// Runs `linli unmute`.
pub async fn unmute(
    args: LiftArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let roster = roster::read(session).await?;
        let acts = read(session).await?;
        // A member that is called so, or else the act itself.
        let member = resolve::member(&roster, &args.id).ok();
        let mutes = |act: &&ModerationView| {
            act.act == "mute" && act.stands && Some(act.member.id) == member
        };
        let moderation = match acts.iter().find(mutes) {
            Some(act) => act.id,
            None => resolve::moderation(&acts, &args.id)?,
        };
        let reason = args.reason;
        session
            .call(Request::LiftModeration { moderation, reason })
            .await
    });
    tell_written(answer.await?, context, output)
}

/// Runs `linli appeal`.
pub async fn appeal(
    args: AppealArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let body = fields::text_or_input(args.body)?;
    let answer = session::with(context, async |session| {
        let moderation = act_about(session, &args.id).await?;
        session.call(Request::Appeal { moderation, body }).await
    });
    tell_written(answer.await?, context, output)
}

/// Runs `linli decide`.
pub async fn decide(
    args: DecideArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let outcome = match args.outcome.as_str() {
        "lifted" => ModerationOutcome::Lifted,
        _ => ModerationOutcome::Upheld,
    };
    let answer = session::with(context, async |session| {
        let moderation = act_about(session, &args.id).await?;
        let decide = Request::Decide {
            moderation,
            outcome,
            reason: args.reason,
        };
        session.call(decide).await
    });
    tell_written(answer.await?, context, output)
}

/// Runs `linli moderation`.
pub async fn list(args: ListArgs, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let mut acts = session::with(context, read).await?;
    acts.retain(|act| act.stands || !args.standing);
    if context.json {
        return acts.iter().try_for_each(|act| output.json(act));
    }
    if acts.is_empty() {
        return output.line(context.text(Moderating::NoActs.into()));
    }
    for (number, act) in acts.iter().enumerate() {
        if number > 0 {
            output.line("")?;
        }
        for line in describe(act, context) {
            output.line(line)?;
        }
    }
    Ok(())
}

/// Finds an act by its own name or, of those that stand before those that do not, by what it hides.
async fn act_about(session: &Session, name: &str) -> Result<DocumentId, CliError> {
    let acts = read(session).await?;
    resolve::moderation(&acts, name)
}

async fn read(session: &Session) -> Result<Vec<ModerationView>, CliError> {
    match session.call(Request::Moderations).await? {
        Answer::Moderations { moderations } => Ok(moderations),
        _ => Err(CliError::OtherAnswer),
    }
}

/// Describes an act in lines.
pub fn describe(act: &ModerationView, context: &Context) -> Vec<String> {
    let of = match act.about {
        Some(about) => format!("{} ({})", about.short(), lists::person(&act.member)),
        None => lists::person(&act.member),
    };
    let mut lines = vec![format!(
        "{}  {}",
        act.id.short(),
        context.text(
            Moderating::Act {
                act: &act.act,
                of: &of,
                state: &act.state,
            }
            .into()
        )
    )];
    let acted = Moderating::ActedUnder {
        by: &lists::person(&act.by),
        acted_as: &act.acted_as,
        rule: act.rule,
        time: &plain::time(act.time_ms),
    };
    lines.push(format!("  {}", context.text(acted.into())));
    lines.extend(
        act.clause
            .as_ref()
            .map(|clause| format!("  “{}”", plain::line(clause))),
    );
    lines.push(format!("  {}", plain::line(&act.reason)));
    if let Some(appeal) = &act.appeal {
        let said = Moderating::Appealed {
            by: &lists::person(&appeal.by),
            time: &plain::time(appeal.time_ms),
        };
        let body = plain::line(&appeal.body);
        lines.push(format!("  {} {body}", context.text(said.into())));
    }
    for decision in &act.decisions {
        let said = Moderating::Decided {
            outcome: &decision.outcome,
            by: &lists::person(&decision.by),
            acted_as: &decision.acted_as,
            time: &plain::time(decision.time_ms),
        };
        let reason = plain::line(&decision.reason);
        lines.push(format!("  {} {reason}", context.text(said.into())));
    }
    lines
}
