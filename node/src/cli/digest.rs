//! `linli digest`: a day of the neighbourhood on a page.

use clap::Args as ClapArgs;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use protocol::api::{Answer, ListOrder, ListQuery, Request};

use super::error::CliError;
use super::output::Output;
use super::print::{Paper, pen};
use super::sheets::{self, Digest};
use super::{Context, list, session};

/// Options of `digest`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The day, as in 2026-11-26; today when none
    #[arg(long, value_name = "DAY")]
    day: Option<Date>,
    #[command(flatten)]
    paper: Paper,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let day = args.day.unwrap_or_else(today);
    let (digest, pen) = session::with(context, async |session| {
        let pen = pen(session, context).await?;
        let Answer::Today(today) = session.call(Request::Today).await? else {
            return Err(CliError::OtherAnswer);
        };
        let query = ListQuery {
            order: ListOrder::Changed,
            ..ListQuery::default()
        };
        let documents = list::everything(session, query, None).await?;
        let digest = Digest::of(day.to_string(), bounds(day), *today, documents);
        Ok((digest, pen))
    })
    .await?;
    if context.json {
        return output.json(&digest);
    }
    let said = pen.clock.exact_day(pen.words, bounds(day).0);
    args.paper
        .write(&sheets::digest(&digest, &said, &pen), context, output)
}

/// Returns which day it is where this machine is.
fn today() -> Date {
    let now = Timestamp::from_millisecond(crate::core::now_ms());
    let now = now.unwrap_or_default();
    now.to_zoned_datetime(TimeZone::system()).date()
}

/// Returns when a day begins and ends where this machine is, in milliseconds since 1970.
fn bounds(day: Date) -> (i64, i64) {
    let begins = |day: Date| {
        let begins = day.to_zoned_datetime(TimeZone::system());
        begins.map_or(i64::MAX, |begins| begins.timestamp().as_millisecond())
    };
    let next = day.checked_add(1.day());
    (begins(day), next.map_or(i64::MAX, begins))
}
