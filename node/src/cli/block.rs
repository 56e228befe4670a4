//! `linli block`, `unblock` and `blocks`: whom this household leaves out of what its node shows.
//! It is kept in this node's store alone.

use clap::Args as ClapArgs;
use protocol::api::{Answer, MemberRef, Request};

use super::error::CliError;
use super::output::Output;
use super::say::Moderating;
use super::{Context, list as lists, resolve, roster, session};

/// Options of `block` and `unblock`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The member: what it is called, its name or the beginning of it
    member: String,
}

/// Options of `blocks`.
#[derive(Debug, ClapArgs)]
pub struct ListArgs {}

/// Runs `linli block`, or `linli unblock`.
pub async fn run(
    args: Args,
    blocks: bool,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let roster = roster::read(session).await?;
        let member = resolve::member(&roster, &args.member)?;
        let request = match blocks {
            true => Request::Block { member },
            false => Request::Unblock { member },
        };
        session.call(request).await
    });
    tell(answer.await?, context, output)
}

/// Runs `linli blocks`.
pub async fn list(context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| session.call(Request::Blocks).await);
    tell(answer.await?, context, output)
}

fn tell(answer: Answer, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Answer::Blocks { members } = answer else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return members.iter().try_for_each(|member| output.json(member));
    }
    if members.is_empty() {
        return output.line(context.text(Moderating::NoBlocks.into()));
    }
    let line = |member: &MemberRef| format!("{}  {}", member.id.short(), lists::person(member));
    members
        .iter()
        .try_for_each(|member| output.line(line(member)))
}
