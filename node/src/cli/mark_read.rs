//! `linli mark-read`: notes on this node what was read, or that it is unread again.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request};

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, resolve, session};

/// Options of `mark-read`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The documents: their names or the beginnings of them
    #[arg(required_unless_present = "all")]
    ids: Vec<String>,
    /// Everything that is here
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    /// Take the marks off again: they count as unread
    #[arg(long, conflicts_with = "all")]
    unread: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let mut documents = Vec::new();
        for name in &args.ids {
            documents.push(resolve::document(session, name).await?);
        }
        let request = match args.unread {
            true => Request::MarkUnread { documents },
            false => Request::MarkRead {
                documents,
                everything: args.all,
            },
        };
        session.call(request).await
    });
    let Answer::Counts(counts) = answer.await? else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return output.json(&counts);
    }
    let unread = counts.kinds.iter().map(|kind| kind.unread).sum();
    output.line(context.text(Message::Unread { unread }))
}
