//! `linli appoint`: gives a role.

use clap::Args as ClapArgs;
use protocol::api::Request;

use super::error::CliError;
use super::output::Output;
use super::post::tell_written;
use super::{Context, resolve, roster, session};

/// Options of `appoint`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The member: what it is called, its name or the beginning of it
    member: String,
    /// The role
    #[arg(value_parser = ["steward", "moderator", "building-lead", "spokesperson"])]
    role: String,
    /// The office of a steward or spokesperson
    #[arg(long, value_name = "OFFICE", required_if_eq_any = [("role", "steward"), ("role", "spokesperson")])]
    office: Option<String>,
    /// The building of a building lead
    #[arg(long, value_name = "BUILDING", required_if_eq("role", "building-lead"))]
    building: Option<String>,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let roster = roster::read(session).await?;
        let office = args.office.as_deref();
        let request = Request::Appoint {
            member: resolve::member(&roster, &args.member)?,
            office: office
                .map(|name| resolve::member(&roster, name))
                .transpose()?,
            role: args.role,
            building: args.building,
        };
        session.call(request).await
    });
    tell_written(answer.await?, context, output)
}
