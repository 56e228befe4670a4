//! `linli household`: households that have no device, and who acts for them.

use clap::{Args as ClapArgs, Subcommand};
use protocol::api::{Request, RosterProxy, RosterRecorded, RosterView};
use protocol::id::MemberId;

use super::error::CliError;
use super::init::name;
use super::output::Output;
use super::post::tell_written;
use super::say::{self, Governing, Message};
use super::{Context, list, plain, resolve, roster, session};

/// Options of `household`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done about households without a device.
#[derive(Debug, Subcommand)]
enum Action {
    /// Records a household that has no device
    Record {
        /// What it is called
        name: String,
        /// Its building
        #[arg(long, value_name = "BUILDING")]
        building: Option<String>,
        /// A member that acts for it (repeatable)
        #[arg(long = "proxy", value_name = "MEMBER")]
        proxies: Vec<String>,
        /// How it consented, and where that is kept
        #[arg(long, value_name = "TEXT")]
        consent: String,
    },
    /// Names further members that act for it
    Add {
        /// The household: what it is called, its name or the beginning of it
        household: String,
        /// A member that is to act for it (repeatable)
        #[arg(long = "proxy", value_name = "MEMBER", required = true)]
        proxies: Vec<String>,
        /// How it consented, and where that is kept
        #[arg(long, value_name = "TEXT")]
        consent: String,
    },
    /// Ends the record, or what one member does for the household
    End {
        /// The household: what it is called, its name or the beginning of it
        household: String,
        /// The member that no longer acts for it; the whole record when none
        #[arg(long, value_name = "MEMBER")]
        proxy: Option<String>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Lists the households that have no device, and who acts for them
    List,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = match args.action {
        Action::List => return list_all(context, output).await,
        Action::Record {
            name: called,
            building,
            proxies,
            consent,
        } => {
            let name = name("name", called)?;
            session::with(context, async |session| {
                let roster = roster::read(session).await?;
                let request = Request::RecordHousehold {
                    name,
                    building,
                    proxies: members(&roster, &proxies)?,
                    consent,
                };
                session.call(request).await
            })
            .await?
        }
        Action::Add {
            household,
            proxies,
            consent,
        } => {
            session::with(context, async |session| {
                let roster = roster::read(session).await?;
                let request = Request::AddProxies {
                    record: resolve::recorded(&roster, &household)?,
                    proxies: members(&roster, &proxies)?,
                    consent,
                };
                session.call(request).await
            })
            .await?
        }
        Action::End {
            household,
            proxy,
            reason,
        } => {
            session::with(context, async |session| {
                let roster = roster::read(session).await?;
                let proxy = proxy.map(|proxy| resolve::member(&roster, &proxy));
                let request = Request::EndRecord {
                    record: resolve::recorded(&roster, &household)?,
                    proxy: proxy.transpose()?,
                    reason,
                };
                session.call(request).await
            })
            .await?
        }
    };
    tell_written(answer, context, output)
}

fn members(roster: &RosterView, named: &[String]) -> Result<Vec<MemberId>, CliError> {
    let named = named.iter();
    named.map(|name| resolve::member(roster, name)).collect()
}

async fn list_all(context: &Context, output: &mut Output) -> Result<(), CliError> {
    let roster = session::with(context, roster::read).await?;
    let mut recorded: Vec<&RosterRecorded> = roster.recorded.iter().collect();
    recorded.sort_by_key(|recorded| recorded.ended.is_some());
    if context.json {
        return recorded
            .iter()
            .try_for_each(|recorded| output.json(recorded));
    }
    if recorded.is_empty() {
        return output.line(context.text(Message::NothingFound));
    }
    for recorded in recorded {
        output.line(format!(
            "{}  {}",
            recorded.id.short(),
            line(recorded, context)
        ))?;
        let words = say::words(context.language);
        let consent = plain::line(&recorded.consent);
        let consent = words.with("recorded-consent", &[("consent", (&consent).into())]);
        output.line(format!("  {consent}"))?;
        for proxy in &recorded.proxies {
            output.line(format!("  {}", of_proxy(proxy, &roster, context)))?;
        }
    }
    Ok(())
}

/// A household without a device in one line: what it is called, that it has none, and who acts.
pub fn line(recorded: &RosterRecorded, context: &Context) -> String {
    let words = say::words(context.language);
    let name = plain::line(&words.recorded(&recorded.shown()));
    format!("{name}  {}", remark(recorded, context))
}

/// That a household has no device, and who acts for it.
pub fn remark(recorded: &RosterRecorded, context: &Context) -> String {
    let words = say::words(context.language);
    let acting = recorded.acting();
    let acting: Vec<String> = acting.map(|proxy| list::person(&proxy.member)).collect();
    let acting = match &recorded.ended {
        Some(_) => words.text("recorded-ended"),
        None => words.acting(&acting),
    };
    let between = words.text("between-names");
    format!("{}{between}{acting}", words.text("recorded-no-device"))
}

/// Who acts or acted for a household: by whose word, on what consent, until when.
fn of_proxy(proxy: &RosterProxy, roster: &RosterView, context: &Context) -> String {
    let words = say::words(context.language);
    let by = |statement: &protocol::api::StatementRef| {
        let by = statement.by.map(|by| roster::called(by, roster));
        let acting = context.text(
            Governing::Acting {
                by: by.as_deref().unwrap_or_default(),
                acted_as: &statement.acted_as,
            }
            .into(),
        );
        let time = statement.time_ms.map(plain::time).unwrap_or_default();
        format!("{acting}  {time}")
    };
    let consent = plain::line(&proxy.consent);
    let consent = words.with("recorded-consent", &[("consent", (&consent).into())]);
    let mut said = format!(
        "{}  {}  {consent}",
        list::person(&proxy.member),
        by(&proxy.named)
    );
    if let Some(ended) = &proxy.ended {
        let reason = plain::line(ended.reason.as_deref().unwrap_or_default());
        let over = words.text("recorded-proxy-ended");
        said = format!("{said}  {over}  {}  {reason}", by(ended));
    }
    said
}
