//! `linli doctor`: checks the store, also one with which no node starts.

use clap::Args as ClapArgs;
use protocol::api::{Answer, Request};
use serde_json::json;

use super::error::CliError;
use super::output::Output;
use super::say::{self, Message};
use super::{Context, passphrase, plain, session};
use crate::refusal::{self, Finding};
use crate::running::{self, EndError, StartError};

/// Options of `doctor`.
#[derive(Debug, ClapArgs)]
pub struct Args {}

/// What a check came to, in words.
struct Told {
    findings: Vec<String>,
    checks: Vec<String>,
    advice: Vec<String>,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Args {} = args;
    let answer = session::with(context, async |session| session.call(Request::Doctor).await);
    let told = match answer.await {
        Ok(Answer::Doctor {
            findings,
            checks,
            advice,
        }) => Told {
            findings,
            checks,
            advice,
        },
        Ok(_) => return Err(CliError::OtherAnswer),
        Err(error) if is_of_the_store(&error) => examine(error, context).await?,
        Err(error) => return Err(error),
    };
    tell(&told, context, output)?;
    match told.findings.len() {
        0 => Ok(()),
        count => Err(CliError::Findings { count }),
    }
}

/// Tells whether a node did not start or go on because of what its store holds.
fn is_of_the_store(error: &CliError) -> bool {
    matches!(
        error,
        CliError::Start(
            StartError::StoreDamaged(_) | StartError::StoreOtherKey | StartError::Store(_)
        ) | CliError::End(EndError::Store(_))
    ) || error.code() == "storage"
}

/// Looks into the store without a node, which failed with an error.
async fn examine(error: CliError, context: &Context) -> Result<Told, CliError> {
    let unlock = passphrase::for_the_home(context)?;
    let home = context.home.clone();
    let examined = tokio::task::spawn_blocking(move || running::examine(&home, &unlock)).await;
    let examined = match examined.expect("examining does not panic") {
        Ok(examined) => examined,
        // What kept the node from starting says more than what kept it from being looked into.
        Err(_) => return Err(error),
    };
    let language = context.language;
    let readable = Finding::Readable {
        entries: examined.entries_readable,
        pages_whole: examined.pages_whole,
        pages: examined.pages,
    };
    let problems = examined.problems.into_iter().map(Finding::Store);
    let mut findings: Vec<Finding> = problems.collect();
    if findings.is_empty() {
        let why = say::why(language, &error);
        findings.push(Finding::NotOpened { why });
    }
    let told = |finding: &Finding| refusal::finding(language, finding);
    Ok(Told {
        findings: findings.iter().map(told).collect(),
        checks: vec![told(&readable)],
        advice: refusal::ways_out(language).map(str::to_owned).to_vec(),
    })
}

fn tell(told: &Told, context: &Context, output: &mut Output) -> Result<(), CliError> {
    if context.json {
        return output.json(&json!({
            "ok": told.findings.is_empty(),
            "checks": told.checks,
            "findings": told.findings,
            "advice": told.advice,
        }));
    }
    for (sign, lines) in [
        ("✓", &told.checks),
        ("✗", &told.findings),
        ("→", &told.advice),
    ] {
        for line in lines {
            output.line(format!("{sign} {}", plain::sentence(line)))?;
        }
    }
    if told.findings.is_empty() {
        output.line(context.text(Message::Healthy))?;
    }
    Ok(())
}
