//! `linli digest`: a day of the neighbourhood on a page.

use clap::Args as ClapArgs;
use jiff::civil::Date;
use protocol::api::{Answer, ListOrder, ListQuery, Request};
use tui::digest::{self, Digest};

use super::error::CliError;
use super::output::Output;
use super::print::{Paper, pen};
use super::session::Session;
use super::sheets::{self, Pen};
use super::{Context, list, session};
use crate::paper::Sheet;

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
    let told = session::with(context, async |session| {
        let pen = pen(session, context).await?;
        let day = args.day.unwrap_or_else(|| today(&pen));
        let digest = of_day(day, session, &pen).await?;
        Ok((sheet(&digest, day, &pen), digest))
    });
    let (sheet, digest) = told.await?;
    if context.json {
        return output.json(&digest);
    }
    args.paper.write(&sheet, context, output)
}

/// Makes the sheet of a day, by the calendar of this machine.
pub async fn sheet_of(day: Date, session: &Session, context: &Context) -> Result<Sheet, CliError> {
    let pen = pen(session, context).await?;
    let digest = of_day(day, session, &pen).await?;
    Ok(sheet(&digest, day, &pen))
}

async fn of_day(day: Date, session: &Session, pen: &Pen) -> Result<Digest, CliError> {
    let query = ListQuery {
        order: ListOrder::Changed,
        ..ListQuery::default()
    };
    let documents = list::everything(session, query, None).await?;
    let bounds = digest::bounds(day, &pen.clock.zone);
    if day < today(pen) {
        return Ok(Digest::of_past(day.to_string(), bounds, &documents));
    }
    let Answer::Today(today) = session.call(Request::Today).await? else {
        return Err(CliError::OtherAnswer);
    };
    let (Answer::Status(status), Answer::Motions { mut motions, .. }) = (
        session.call(Request::Status).await?,
        session.call(Request::Motions).await?,
    ) else {
        return Err(CliError::OtherAnswer);
    };
    motions.retain(|motion| digest::awaits(motion, &status));
    let day = day.to_string();
    Ok(Digest::of(day, bounds, *today, motions, &documents))
}

fn sheet(digest: &Digest, day: Date, pen: &Pen) -> Sheet {
    let (from_ms, _) = digest::bounds(day, &pen.clock.zone);
    let said = pen.clock.exact_day(pen.words, from_ms);
    sheets::digest(digest, &said, pen)
}

/// Returns which day it is where this machine is.
fn today(pen: &Pen) -> Date {
    digest::day(pen.clock.now_ms, &pen.clock.zone)
}
