//! `linli print`: a document, the stairwell's list of requests, or the list of those who have not
//! acknowledged a notice, as a sheet of A4 or as plain text.

use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};
use jiff::tz::TimeZone;
use protocol::api::{Answer, DocumentView, ListQuery, Request};
use protocol::id::DocumentId;
use serde_json::json;
use tui::words::{Clock, Names};

use super::error::CliError;
use super::household::HouseholdError;
use super::output::Output;
use super::session::Session;
use super::sheets::{self, Pen};
use super::telling::Telling;
use super::{Context, list, plain, resolve, roster, say, session};
use crate::durable_file;
use crate::paper::{self, Sheet};

/// What is printed for a household without a device.
const HOUSEHOLD: &str = "household";

/// How a sheet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Pages of A4
    Pdf,
    /// Plain text
    Text,
    /// Markdown
    Md,
}

impl Format {
    /// Writes a sheet so.
    ///
    /// # Errors
    ///
    /// [`CliError::Unprintable`] where there is too much for pages.
    pub fn bytes(self, sheet: &Sheet) -> Result<Vec<u8>, CliError> {
        Ok(match self {
            Self::Pdf => paper::pdf(sheet).map_err(CliError::Unprintable)?,
            Self::Text => paper::plain(sheet).into_bytes(),
            Self::Md => paper::markdown(sheet).into_bytes(),
        })
    }
}

/// Options of `print`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// A document's name or the beginning of it; or: requests, for the stairwell; household, for one
    /// without a device
    what: String,
    /// The household without a device: what was done in its name
    #[arg(value_name = "HOUSEHOLD", required_if_eq("what", "household"))]
    household: Option<String>,
    /// Of a notice, who has not acknowledged it
    #[arg(long)]
    outstanding: bool,
    #[command(flatten)]
    paper: Paper,
}

/// Where a sheet goes, and in which form.
#[derive(Debug, ClapArgs)]
pub struct Paper {
    /// The format: pdf, text or md; by the file's ending when none, else text
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The file; standard output when none
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replaces the file where there is one
    #[arg(long, requires = "output")]
    force: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let sheet = session::with(context, async |session| {
        if args.what == "requests" {
            return of_requests(session, context).await;
        }
        if let (HOUSEHOLD, Some(name)) = (args.what.as_str(), &args.household) {
            return in_its_name(name, session, context).await;
        }
        let document = resolve::document(session, &args.what).await?;
        match args.outstanding {
            true => of_outstanding(document, session, context).await,
            false => of_document(document, session, context).await,
        }
    });
    args.paper.write(&sheet.await?, context, output)
}

/// Gathers what was done in the name of a household without a device.
async fn in_its_name(name: &str, session: &Session, context: &Context) -> Result<Sheet, CliError> {
    let roster = roster::read(session).await?;
    let id = resolve::recorded(&roster, name)?;
    let mut recorded = roster.recorded.iter();
    let household =
        recorded
            .find(|recorded| recorded.id == id)
            .ok_or_else(|| CliError::Unknown {
                name: plain::line(name),
            })?;
    let documents = list::everything(session, ListQuery::default(), None).await?;
    let query = ListQuery {
        kind: Some("comment".to_owned()),
        ..ListQuery::default()
    };
    let comments = list::everything(session, query, None).await?;
    let members = roster.members.iter();
    let told = sheets::InItsName {
        household,
        members: members
            .map(|member| (member.id, member.shown_name()))
            .collect(),
        documents: &documents,
        comments: &comments,
    };
    Ok(sheets::household(&told, &pen(session, context).await?))
}

/// Makes the sheet of the requests that somebody may still answer.
pub async fn of_requests(session: &Session, context: &Context) -> Result<Sheet, CliError> {
    let query = ListQuery {
        kind: Some("request".to_owned()),
        states: vec!["open".to_owned(), "offered".to_owned()],
        ..ListQuery::default()
    };
    let mut views = list::everything(session, query, None).await?;
    views.retain(|view| view.moderation.is_none());
    Ok(sheets::requests(&views, &pen(session, context).await?))
}

/// Makes the sheet of a document.
pub async fn of_document(
    document: DocumentId,
    session: &Session,
    context: &Context,
) -> Result<Sheet, CliError> {
    let answer = session.call(Request::Show { document }).await?;
    let view = shown(&answer)?;
    let telling = Telling::of(&answer, &view.kind, session, context).await?;
    Ok(sheets::document(
        view,
        &telling,
        &pen(session, context).await?,
    ))
}

/// Makes the sheet of those who have not acknowledged a notice.
pub async fn of_outstanding(
    document: DocumentId,
    session: &Session,
    context: &Context,
) -> Result<Sheet, CliError> {
    let answer = session.call(Request::Show { document }).await?;
    let view = shown(&answer)?;
    let told = acknowledgements(session, document).await?;
    Ok(sheets::outstanding(
        view,
        &told,
        &pen(session, context).await?,
    ))
}

fn shown(answer: &Answer) -> Result<&DocumentView, CliError> {
    match answer {
        Answer::Document { document, .. } => Ok(document),
        _ => Err(CliError::OtherAnswer),
    }
}

/// Asks who has acknowledged a notice.
pub async fn acknowledgements(
    session: &Session,
    document: DocumentId,
) -> Result<Box<protocol::api::Acknowledgements>, CliError> {
    match session.call(Request::Acknowledgements { document }).await? {
        Answer::Acknowledgements(told) => Ok(told),
        _ => Err(CliError::OtherAnswer),
    }
}

/// Takes a pen: the words, the clock, and what the neighbourhood is called.
pub async fn pen(session: &Session, context: &Context) -> Result<Pen, CliError> {
    let Answer::Status(status) = session.call(Request::Status).await? else {
        return Err(CliError::OtherAnswer);
    };
    let mut names = Names::default();
    names.learn(&session.call(Request::Roster).await?);
    Ok(Pen {
        words: say::words(context.language),
        clock: Clock {
            now_ms: crate::core::now_ms(),
            zone: TimeZone::system(),
        },
        neighbourhood: plain::line(&status.neighbourhood),
        emergency_numbers: context.emergency_numbers(),
        names,
    })
}

impl Paper {
    /// Writes a sheet where it was wanted.
    pub fn write(
        &self,
        sheet: &Sheet,
        context: &Context,
        output: &mut Output,
    ) -> Result<(), CliError> {
        let format = self
            .format
            .unwrap_or_else(|| by_ending(self.output.as_deref()));
        let bytes = format.bytes(sheet)?;
        let Some(file) = &self.output else {
            if format == Format::Pdf && output.is_terminal() {
                return Err(CliError::BytesOnTerminal);
            }
            return output.bytes(&bytes);
        };
        if !self.force && file.symlink_metadata().is_ok() {
            let path = file.clone();
            return Err(HouseholdError::PaperInTheWay { path }.into());
        }
        durable_file::write(file, &bytes).map_err(HouseholdError::Write)?;
        match context.json {
            true => output.json(&json!({ "file": file, "bytes": bytes.len() })),
            false => output.line(plain::line(&file.to_string_lossy())),
        }
    }
}

fn by_ending(file: Option<&Path>) -> Format {
    let ending = file
        .and_then(Path::extension)
        .and_then(|ending| ending.to_str());
    match ending {
        Some("pdf") => Format::Pdf,
        Some("md") => Format::Md,
        _ => Format::Text,
    }
}
