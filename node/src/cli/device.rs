//! `linli device`: this household's devices, codes for further ones, and giving one up.

use clap::{Args as ClapArgs, Subcommand};
use protocol::api::{Answer, CutTarget, OpenCode, Request};
use serde_json::json;
use tui::qr::Squares;

use super::error::CliError;
use super::household::HouseholdError;
use super::output::Output;
use super::post::tell_written;
use super::say::{Household, Message};
use super::session::Session;
use super::undoing::{self, Looked, Undoing};
use super::{Context, lifetime, plain, resolve, roster, session, table};

/// Options of `device`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

/// What is done with devices.
#[derive(Debug, Subcommand)]
enum Action {
    /// Makes a code for one further device of this household: give it to that device alone
    Add {
        /// How long it holds: 10m, 1h; a day at most
        #[arg(long = "expires", value_name = "SPAN", default_value = "10m",
            value_parser = lifetime::parse)]
        lifetime_ms: i64,
        /// An address of this node to put in; those it listens on when none (repeatable)
        #[arg(long, value_name = "ADDRESS")]
        address: Vec<String>,
    },
    /// Lists codes that can still be used
    Codes,
    /// Takes a code back
    Cancel {
        /// The code, by what names it in linli device codes, or the beginning of that
        code: String,
    },
    /// Revokes a device of this household: nothing it signs from here on counts
    Revoke {
        /// The device: its name or the beginning of it
        device: String,
        /// Why
        #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
        reason: Option<String>,
        #[command(flatten)]
        undoing: Undoing,
        /// Revokes it even if it is this device, which can write nothing from then on
        #[arg(long)]
        force: bool,
    },
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    match args.action {
        Some(Action::Add {
            lifetime_ms,
            address,
        }) => add(lifetime_ms, address, context, output).await,
        Some(Action::Codes) => codes(context, output).await,
        Some(Action::Cancel { code }) => cancel(&code, context, output).await,
        Some(Action::Revoke {
            device,
            reason,
            undoing,
            force,
        }) => {
            let reason = reason.unwrap_or_default();
            revoke(&device, (reason, force), &undoing, context, output).await
        }
        None => show(context, output).await,
    }
}

async fn add(
    lifetime_ms: i64,
    addresses: Vec<String>,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let request = Request::AddDevice {
        lifetime_ms,
        addresses,
    };
    let answer = session::with(context, async |session| session.call(request).await).await?;
    let Answer::EnrolmentCode {
        code,
        id,
        expires_ms,
    } = answer
    else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return output.json(&json!({ "code": code, "id": id, "expires_ms": expires_ms }));
    }
    if output.is_terminal()
        && let Some(squares) = Squares::of_checked_text(&code)
    {
        let lines = squares.lines();
        // White on black, whatever the terminal's colours are.
        let drawn = |line: &String| output.line(format!("\u{1b}[97;40m{line}\u{1b}[0m"));
        lines.iter().try_for_each(drawn)?;
    }
    output.line(&code)?;
    let expires = &plain::time(expires_ms);
    context.remark(Household::CodeMade { expires }.into());
    Ok(())
}

async fn codes(context: &Context, output: &mut Output) -> Result<(), CliError> {
    let codes = session::with(context, open_codes).await?;
    if codes.is_empty() && !context.json {
        context.remark(Household::NoCodes.into());
    }
    for code in codes {
        if context.json {
            output.json(&code)?;
        } else {
            output.line(format!("{}  {}", code.id, plain::time(code.expires_ms)))?;
        }
    }
    Ok(())
}

async fn cancel(name: &str, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let id = session::with(context, async |session| {
        let codes = open_codes(session).await?;
        let code = resolve::code(&codes, name)?;
        session.call(Request::CancelCode { code }).await?;
        Ok(code)
    });
    let id = id.await?;
    if context.json {
        return output.json(&json!({ "id": id }));
    }
    output.line(context.text(Household::CodeCancelled.into()))
}

async fn open_codes(session: &Session) -> Result<Vec<OpenCode>, CliError> {
    match session.call(Request::EnrolmentCodes).await? {
        Answer::EnrolmentCodes { codes } => Ok(codes),
        _ => Err(CliError::OtherAnswer),
    }
}

async fn revoke(
    name: &str,
    (reason, force): (String, bool),
    undoing: &Undoing,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let roster = roster::read(session).await?;
        let device = resolve::device(&roster, name)?;
        let target = CutTarget::Device(device);
        let from = undoing.from(session).await?;
        if undoing.is_a_look() {
            let loss = undoing::look(session, target, from).await?;
            return Ok(Answer::CutLoss(loss));
        }
        let Answer::Status(status) = session.call(Request::Status).await? else {
            return Err(CliError::OtherAnswer);
        };
        if status.device == device && !force {
            return Err(HouseholdError::OwnDevice.into());
        }
        let cut = Request::Cut {
            target,
            reason,
            from,
        };
        session.call(cut).await
    });
    match answer.await? {
        Answer::CutLoss(loss) => undoing::tell(&loss, Looked::Logs, context, output),
        written => tell_written(written, context, output),
    }
}

async fn show(context: &Context, output: &mut Output) -> Result<(), CliError> {
    let (status, roster) = session::with(context, async |session| {
        let Answer::Status(status) = session.call(Request::Status).await? else {
            return Err(CliError::OtherAnswer);
        };
        Ok((status, roster::read(session).await?))
    })
    .await?;
    if let Some(refusal) = &status.join_refused {
        context.remark(Message::Unserved(refusal));
    }
    let own = status.member.map(|member| member.id);
    let members = roster.members.into_iter();
    let devices = members
        .filter(|member| Some(member.id) == own)
        .flat_map(|member| member.devices);
    let mut rows = Vec::new();
    for device in devices {
        let is_this = device.id == status.device;
        if context.json {
            output.json(&json!({
                "id": device.id,
                "this": is_this,
                "cut": device.cut,
                "forked": device.forked,
            }))?;
        } else {
            let state = context.text(Message::Device {
                this: is_this,
                cut: device.cut,
                forked: device.forked,
            });
            rows.push(vec![device.id.to_string(), state]);
        }
    }
    table::columns(&rows)
        .iter()
        .try_for_each(|line| output.line(line))
}
