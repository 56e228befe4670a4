//! `linli motion` and `linli cosign`: dangerous acts, by the founder while it decides alone, and by
//! stewards of different offices from then on.

use clap::{Args as ClapArgs, Subcommand};
use protocol::api::{
    ActedAs, Answer, CutLoss, CutTarget, MemberRef, MotionStands, MotionView, MovedAct, NewMotion,
    Request,
};
use protocol::id::EntryId;

use super::error::CliError;
use super::init::name;
use super::output::Output;
use super::say::Governing;
use super::session::Session;
use super::undoing::{self, Looked, Undoing};
use super::{Context, list, plain, resolve, roster, session};

/// Options of `motion`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done with motions.
#[derive(Debug, Subcommand)]
enum Action {
    /// Lists motions, those that are open first
    List {
        /// Only those that are open
        #[arg(long)]
        open: bool,
    },
    /// Shows one motion
    Show {
        /// The motion: its name or the beginning of it
        motion: String,
    },
    /// Puts a motion in force that enough offices have signed
    Enact {
        /// The motion: its name or the beginning of it
        motion: String,
    },
    #[command(flatten)]
    Moving(Moving),
}

/// Dangerous acts.
#[derive(Debug, Subcommand)]
enum Moving {
    /// Removes a household, a guest or an office
    RemoveHousehold {
        /// The member: what it is called, its name or the beginning of it
        member: String,
        /// Why
        #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
        reason: Option<String>,
        #[command(flatten)]
        undoing: Undoing,
    },
    /// Gives a role, such as that of a steward
    Appoint {
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
    },
    /// Takes a role away, such as that of a steward
    CutRole {
        /// The statement that gave it: its name or the beginning of it
        appointment: String,
        /// Why
        #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
        reason: Option<String>,
        #[command(flatten)]
        undoing: Undoing,
    },
    /// Takes a removed member back, or says that a member takes the place of another
    Readmit {
        /// The member: what it is called, its name or the beginning of it
        member: String,
        /// The household whose place it takes
        #[arg(long, value_name = "MEMBER")]
        successor_of: Option<String>,
    },
    /// Adds an office
    AddOffice {
        /// Its name
        name: String,
    },
}

/// Options of `cosign`.
#[derive(Debug, ClapArgs)]
pub struct CoSignArgs {
    /// The motion: its name or the beginning of it
    motion: String,
}

/// Runs `linli motion`.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    match args.action {
        Action::List { open } => {
            let Told { mut motions, .. } = session::with(context, read).await?;
            motions.retain(|motion| !open || motion.state == "open");
            tell(&motions, context, output)
        }
        Action::Show { motion } => {
            let told = session::with(context, read).await?;
            let id = told.named(&motion)?;
            match told.motions.iter().find(|one| one.id == id) {
                Some(found) => tell(std::slice::from_ref(found), context, output),
                None if told.alone.contains(&id) => tell_alone(id, context, output),
                None => Err(CliError::Unknown {
                    name: plain::line(&motion),
                }),
            }
        }
        Action::Enact { motion } => {
            let answer = session::with(context, async |session| {
                let motion = read(session).await?.named(&motion)?;
                session.call(Request::Enact { motion }).await
            });
            tell_standing(answer.await?, context, output)
        }
        Action::Moving(moving) => {
            let looked = match &moving {
                Moving::CutRole { .. } => Looked::Role,
                _ => Looked::Logs,
            };
            let answer = session::with(context, async |session| {
                let request = asked(moving, session).await?;
                session.call(request).await
            });
            match answer.await? {
                Answer::CutLoss(loss) => {
                    // What the household may not do by itself it moves.
                    let loss = CutLoss {
                        refused: None,
                        ..loss
                    };
                    undoing::tell(&loss, looked, context, output)
                }
                stands => tell_standing(stands, context, output),
            }
        }
    }
}

/// Runs `linli cosign`.
pub async fn cosign(
    args: CoSignArgs,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let answer = session::with(context, async |session| {
        let motion = read(session).await?.named(&args.motion)?;
        session.call(Request::CoSign { motion }).await
    });
    tell_standing(answer.await?, context, output)
}

/// Makes the request of what is to be done.
async fn asked(moving: Moving, session: &Session) -> Result<Request, CliError> {
    let roster = roster::read(session).await?;
    let member = |called: &str| resolve::member(&roster, called);
    let motion = match moving {
        Moving::RemoveHousehold {
            member: called,
            reason,
            undoing,
        } => {
            let (member, from) = (member(&called)?, undoing.from(session).await?);
            if undoing.is_a_look() {
                let target = CutTarget::Member(member);
                return Ok(Request::CutLoss { target, from });
            }
            NewMotion::RemoveHousehold {
                member,
                reason: reason.unwrap_or_default(),
                from,
            }
        }
        Moving::Appoint {
            member: called,
            role,
            office,
            building,
        } => NewMotion::Appoint {
            member: member(&called)?,
            role,
            office: office.as_deref().map(member).transpose()?,
            building,
        },
        Moving::CutRole {
            appointment,
            reason,
            undoing,
        } => {
            let appointment = resolve::appointment(&roster, &appointment)?;
            let from = undoing.from(session).await?;
            if undoing.is_a_look() {
                let target = CutTarget::Appointment(appointment);
                return Ok(Request::CutLoss { target, from });
            }
            NewMotion::CutRole {
                appointment,
                reason: reason.unwrap_or_default(),
                from,
            }
        }
        Moving::Readmit {
            member: called,
            successor_of,
        } => NewMotion::Readmit {
            member: member(&called)?,
            successor_of: successor_of.as_deref().map(member).transpose()?,
        },
        Moving::AddOffice { name: called } => NewMotion::AddOffice {
            name: name("name", called)?,
        },
    };
    Ok(Request::Move(motion))
}

/// What the node tells of dangerous acts.
struct Told {
    motions: Vec<MotionView>,
    /// What the founder decided alone.
    alone: Vec<EntryId>,
}

impl Told {
    fn named(&self, name: &str) -> Result<EntryId, CliError> {
        resolve::motion(&self.motions, &self.alone, name)
    }
}

async fn read(session: &Session) -> Result<Told, CliError> {
    match session.call(Request::Motions).await? {
        Answer::Motions { motions, alone } => Ok(Told { motions, alone }),
        _ => Err(CliError::OtherAnswer),
    }
}

/// Says that an act needs no motion, as whoever did it was told.
fn tell_alone(id: EntryId, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let stands = MotionStands {
        id,
        alone: true,
        state: "in-force".to_owned(),
        signed: 0,
        needed: 0,
        enactment: None,
    };
    tell_standing(Answer::Motion(stands), context, output)
}

/// Says where a dangerous act stands.
fn tell_standing(answer: Answer, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let Answer::Motion(stands) = answer else {
        return Err(CliError::OtherAnswer);
    };
    if context.json {
        return output.json(&stands);
    }
    output.line(context.text(Governing::MotionStands(&stands).into()))
}

fn tell(motions: &[MotionView], context: &Context, output: &mut Output) -> Result<(), CliError> {
    if context.json {
        return motions.iter().try_for_each(|motion| output.json(motion));
    }
    if motions.is_empty() {
        return output.line(context.text(Governing::NoMotions.into()));
    }
    for (number, motion) in motions.iter().enumerate() {
        if number > 0 {
            output.line("")?;
        }
        for line in describe(motion, context) {
            output.line(line)?;
        }
    }
    Ok(())
}

fn describe(motion: &MotionView, context: &Context) -> Vec<String> {
    let what = moved(&motion.moved, context);
    let state = context.text(
        Governing::MotionState {
            state: &motion.state,
            why: motion.why.as_deref(),
        }
        .into(),
    );
    let mut lines = vec![format!("{}  {what}  [{state}]", motion.id.short())];
    if let Some(reason) = &motion.reason {
        lines.push(format!("  {}", plain::line(reason)));
    }
    let by = list::person(&motion.by);
    lines.push(format!(
        "  {}",
        context.text(
            Governing::MovedBy {
                by: &by,
                acted_as: &motion.acted_as,
                time: &plain::time(motion.time_ms),
            }
            .into()
        )
    ));
    if let Some(entries) = motion.undoes.filter(|entries| *entries > 0) {
        let line = context.text(Governing::MotionUndoes { entries }.into());
        lines.push(format!("  {line}"));
    }
    for signature in &motion.cosignatures {
        let by = list::person(&signature.by);
        let line = context.text(
            Governing::CoSignedBy {
                by: &by,
                acted_as: &signature.acted_as,
                time: &plain::time(signature.time_ms),
            }
            .into(),
        );
        lines.push(format!("  {line}"));
    }
    if motion.state == "open" {
        let id = motion.id.short();
        let line = context.text(
            Governing::MotionWaits {
                signed: motion.signed.len(),
                needed: motion.needed as usize,
                complete: motion.complete,
                id: &id,
            }
            .into(),
        );
        lines.push(format!("  {line}"));
    }
    lines
}

fn moved(moved: &MovedAct, context: &Context) -> String {
    let holding = |member: Option<&MemberRef>, role: &ActedAs| {
        let by = member.map(list::person).unwrap_or_default();
        let acted_as = role;
        context.text(Governing::Acting { by: &by, acted_as }.into())
    };
    let (act, of) = match moved {
        MovedAct::RemoveHousehold { member } => ("remove-household", list::person(member)),
        MovedAct::Appoint { member, role } => ("appoint", holding(Some(member), role)),
        MovedAct::CutRole {
            member,
            role,
            appointment,
        } => match role {
            Some(role) => ("cut-role", holding(member.as_ref(), role)),
            None => ("cut-role", appointment.short()),
        },
        MovedAct::Readmit {
            member,
            successor_of,
        } => {
            let member = list::person(member);
            match successor_of {
                Some(of) => ("readmit", format!("{member} ← {}", list::person(of))),
                None => ("readmit", member),
            }
        }
        MovedAct::Promote { member } => ("promote", list::person(member)),
        MovedAct::AddOffice { name, .. } => ("add-office", plain::line(name)),
        MovedAct::CertifyRelay { name, .. } => ("certify-relay", plain::line(name)),
        MovedAct::CutRelay { device } => ("cut-relay", device.short()),
        MovedAct::Other => ("other", String::new()),
    };
    context.text(Governing::Doing { act, of: &of }.into())
}
