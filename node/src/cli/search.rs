//! `linli search`: documents whose titles and texts hold the words.

use clap::Args as ClapArgs;
use protocol::api::body::SearchQuery;
use protocol::api::{Answer, Request};

use super::error::CliError;
use super::output::Output;
use super::{Context, list, session};

/// Options of `search`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The words
    #[arg(required = true)]
    words: Vec<String>,
    /// How many results at most
    #[arg(long, value_name = "NUMBER", default_value_t = SearchQuery::limit_default())]
    limit: u32,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let request = Request::Search {
        words: args.words.join(" "),
        limit: args.limit,
    };
    let answer = session::with(context, async |session| session.call(request).await).await?;
    let Answer::Documents { items, .. } = answer else {
        return Err(CliError::OtherAnswer);
    };
    list::show(&items, context, output)
}
