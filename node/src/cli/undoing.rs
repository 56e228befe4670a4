//! Options of commands that end what somebody wrote: since when it does not count, and a look at what
//! that undoes.

use clap::Args as ClapArgs;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use protocol::api::{Answer, CutFrom, CutLoss, CutTarget, Request};
use thiserror::Error;

use super::error::CliError;
use super::output::Output;
use super::say::Governing;
use super::session::Session;
use super::{Context, list, plain, resolve};

/// From where on what was written does not count, and whether to look only.
#[derive(Debug, ClapArgs)]
pub struct Undoing {
    /// What was written since then does not count: 2026-11-25 or 2026-11-25T18:00, in local time
    #[arg(long, value_name = "TIME", value_parser = moment, group = "undone")]
    since: Option<i64>,
    /// What was written from this document or entry on does not count
    #[arg(long, value_name = "ID", group = "undone")]
    since_entry: Option<String>,
    /// Nothing that was ever written counts
    #[arg(long, group = "undone")]
    nothing_counts: bool,
    /// Tells what that undoes, and changes nothing
    #[arg(long)]
    dry_run: bool,
}

/// A text that is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("write a day or a time of a day, such as 2026-11-25 or 2026-11-25T18:00")]
pub struct NoMoment;

/// Reads a moment as milliseconds since 1970: local time unless it says otherwise.
fn moment(text: &str) -> Result<i64, NoMoment> {
    moment_in(text, &TimeZone::system())
}

fn moment_in(text: &str, zone: &TimeZone) -> Result<i64, NoMoment> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.as_millisecond());
    }
    let time: DateTime = text.parse().map_err(|_| NoMoment)?;
    let time = zone.to_timestamp(time).map_err(|_| NoMoment)?;
    Ok(time.as_millisecond())
}

impl Undoing {
    /// Whether it is only to be told what would be undone.
    pub const fn is_a_look(&self) -> bool {
        self.dry_run
    }

    /// Returns from where on nothing is to count; none where the logs stand.
    ///
    /// # Errors
    ///
    /// [`CliError::Unknown`] or [`CliError::Ambiguous`] for a document that is not here.
    pub async fn from(&self, session: &Session) -> Result<Option<CutFrom>, CliError> {
        Ok(match (&self.since_entry, self.since) {
            _ if self.nothing_counts => Some(CutFrom::Beginning),
            (Some(name), _) => {
                let document = resolve::document(session, name).await?;
                Some(CutFrom::Entry(document.into()))
            }
            (None, Some(time_ms)) => Some(CutFrom::Time(time_ms)),
            (None, None) => None,
        })
    }
}

/// What is looked at: in which words it is told what a cut would undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// The logs of a member or of a device.
    Logs,
    /// What was done by a role.
    Role,
    /// A relay, which writes nothing.
    Relay,
}

/// Asks what a cut would undo.
///
/// # Errors
///
/// [`CliError::Client`] with the node's refusal.
pub async fn look(
    session: &Session,
    target: CutTarget,
    from: Option<CutFrom>,
) -> Result<CutLoss, CliError> {
    match session.call(Request::CutLoss { target, from }).await? {
        Answer::CutLoss(loss) => Ok(loss),
        _ => Err(CliError::OtherAnswer),
    }
}

/// Tells what a cut would undo.
///
/// # Errors
///
/// When it cannot be written.
pub fn tell(
    loss: &CutLoss,
    looked: Looked,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    if context.json {
        return output.json(loss);
    }
    output.line(context.text(Governing::Loss { loss, looked }.into()))?;
    for document in &loss.first {
        let time = plain::time(document.created_ms);
        let (id, title) = (document.id.short(), plain::line(&document.title));
        output.line(format!("  {id}  {time}  {title}"))?;
    }
    for answers in &loss.answers {
        let by = list::person(&answers.by);
        let count = answers.count;
        let line = context.text(Governing::LostAnswers { by: &by, count }.into());
        output.line(format!("  {line}"))?;
    }
    for member in &loss.admitted {
        let member = list::person(member);
        let line = context.text(Governing::LostAdmission { member: &member }.into());
        output.line(format!("  {line}"))?;
    }
    match &loss.refused {
        Some(refused) => output.line(plain::line(&refused.message)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_local_time_unless_they_say_otherwise() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let cases = [
            ("2026-11-25", Ok(1_795_536_000_000)),
            ("2026-11-25T18:00", Ok(1_795_600_800_000)),
            ("2026-11-25 18:00", Ok(1_795_600_800_000)),
            ("2026-11-25T18:00:00Z", Ok(1_795_629_600_000)),
            ("2026-11-25T18:00:00+08:00", Ok(1_795_600_800_000)),
            ("25.11.2026", Err(NoMoment)),
            ("2026-02-30", Err(NoMoment)),
            ("7d", Err(NoMoment)),
            ("", Err(NoMoment)),
        ];
        for (text, expected) in cases {
            assert_eq!(moment_in(text, &zone), expected, "{text}");
        }
    }
}
