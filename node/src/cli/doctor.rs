//! `linli doctor`: checks the store.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, plain, session};

/// Options of `doctor`.
#[derive(Debug, ClapArgs)]
pub struct Args {}

/// Runs the command. A store that does not even open is reported as the error it is.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Args {} = args;
    let answer = session::with(context, async |session| session.call(Request::Doctor).await);
    let Answer::Doctor { findings, checks } = answer.await? else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        output.json(&json!({
            "ok": findings.is_empty(),
            "checks": checks,
            "findings": findings,
        }))?;
    } else {
        for check in &checks {
            output.line(format!("✓ {}", plain::line(check)))?;
        }
        for finding in &findings {
            output.line(format!("✗ {}", plain::line(finding)))?;
        }
        if findings.is_empty() {
            output.line(context.text(Message::Healthy))?;
        }
    }
    match findings.len() {
        0 => Ok(()),
        count => Err(CliError::Findings { count }),
    }
}
