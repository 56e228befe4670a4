//! `linli door` and `linli doors`: where to knock, told to the leads of the building in confidence.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Confidential, DoorView, MemberRef, Request};

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::say::Message;
use super::session::Session;
use super::{Context, fields, list, plain, session};

/// Options of `door`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Tells this to the leads of the building, in place of what was told before; - reads it from
    /// standard input
    #[arg(long, value_name = "TEXT", conflicts_with = "erase")]
    set: Option<String>,
    /// Erases what this household told
    #[arg(long)]
    erase: bool,
}

/// Options of `doors`.
#[derive(Debug, ClapArgs)]
pub struct ListArgs {}

/// Runs `linli door`.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let text = args.set.map(fields::text_or_input).transpose()?;
    let request = match text.map(Confidential::new) {
        Some(text) => Request::PutDoor { text },
        None if args.erase => Request::EraseDoor,
        None => return own(context, output).await,
    };
    let answer = session::with(context, async |session| session.call(request).await).await?;
    tell_written(answer, context, output)
}

/// Runs `linli doors`.
pub async fn list(args: ListArgs, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let ListArgs {} = args;
    let doors = session::with(context, read).await?;
    tell(&doors, context, output)
}

async fn own(context: &Context, output: &mut Output) -> Result<(), CliError> {
    let doors = session::with(context, async |session| {
        let Answer::Status(status) = session.call(Request::Status).await? else {
            return Err(CliError::OtherAnswer);
        };
        let own = status.member.map(|member| member.id);
        let mut doors = read(session).await?;
        doors.retain(|door| Some(door.household.id) == own);
        Ok(doors)
    });
    tell(&doors.await?, context, output)
}

async fn read(session: &Session) -> Result<Vec<DoorView>, CliError> {
    match session.call(Request::Doors).await? {
        Answer::Doors { doors } => Ok(doors),
        _ => Err(CliError::OtherAnswer),
    }
}

fn tell(doors: &[DoorView], context: &Context, output: &mut Output) -> Result<(), CliError> {
    if context.json {
        return doors.iter().try_for_each(|door| output.json(door));
    }
    if doors.is_empty() {
        return output.line(context.text(Message::NothingFound));
    }
    for door in doors {
        let household = list::person(&door.household);
        let since = plain::time(door.since_ms);
        output.line(format!("— {household}, {since}"))?;
        output.line(plain::paragraphs(door.door.expose()))?;
        let name = |reader: &MemberRef| plain::line(&reader.name);
        let readers: Vec<String> = door.readers.iter().map(name).collect();
        output.line(context.text(Message::Readers { readers: &readers }))?;
    }
    Ok(())
}
