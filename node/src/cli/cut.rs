//! `linli cut`: takes a right away.

use clap::{Args as ClapArgs, ValueEnum};
use protocol::api::{Answer, CutTarget, Request};

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::undoing::{self, Looked, Undoing};
use super::{Context, resolve, roster, session};

/// What is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// A device of this household
    Device,
    /// A role
    Role,
    /// A member as a whole
    Member,
    /// A relay
    Relay,
}

impl What {
    const fn looked(self) -> Looked {
        match self {
            Self::Device | Self::Member => Looked::Logs,
            Self::Role => Looked::Role,
            Self::Relay => Looked::Relay,
        }
    }
}

/// Options of `cut`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// What is cut
    what: What,
    /// Its name, the beginning of it, or what it is called; a role goes by its appointment
    target: String,
    /// Why
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    reason: Option<String>,
    #[command(flatten)]
    undoing: Undoing,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let looked = args.what.looked();
    let answer = session::with(context, async |session| {
        let roster = roster::read(session).await?;
        let name = args.target.as_str();
        let target = match args.what {
            What::Device => CutTarget::Device(resolve::device(&roster, name)?),
            What::Role => CutTarget::Appointment(resolve::appointment(&roster, name)?),
            What::Member => CutTarget::Member(resolve::member(&roster, name)?),
            What::Relay => CutTarget::Relay(resolve::relay(&roster, name)?),
        };
        let from = args.undoing.from(session).await?;
        if args.undoing.is_a_look() {
            let loss = undoing::look(session, target, from).await?;
            return Ok(Answer::CutLoss(loss));
        }
        let cut = Request::Cut {
            target,
            reason: args.reason.unwrap_or_default(),
            from,
        };
        session.call(cut).await
    });
    match answer.await? {
        Answer::CutLoss(loss) => undoing::tell(&loss, looked, context, output),
        written => tell_written(written, context, output),
    }
}
