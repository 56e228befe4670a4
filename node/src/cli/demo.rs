//! `linli demo`: a neighbourhood to try things on. On a terminal the front end opens on its first
//! household; a script is told where the homes are. When it ends, nothing of it is left.

mod stage;

use clap::Args as ClapArgs;
use protocol::api::Settings;
use serde_json::json;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::error::CliError;
use super::output::Output;
use super::say::Message;
use super::{Context, front_end, plain};
use crate::demo::{DemoError, Neighbourhood, Place};
use stage::StageHost;

/// Options of `demo`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Speaks in lines and numbered questions: for screen readers, plain terminals and pipes
    #[arg(long)]
    plain: bool,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    // Listened to before anything is made, so that whatever ends the program removes it.
    let mut signals = Signals::new().map_err(CliError::Machine)?;
    context.remark(Message::SettingStage);
    let neighbourhood = Neighbourhood::start(context.language).await?;
    let told = tokio::select! {
        biased;
        () = signals.received() => None,
        told = neighbourhood.tell() => Some(told),
    };
    let Some(Ok(())) = told else {
        let stopped = neighbourhood.stop().await;
        told.transpose()?;
        return Ok(stopped?);
    };
    if !context.json && (args.plain || front_end::can_open()) {
        return play(neighbourhood, args.plain, context, &mut signals).await;
    }
    let told = tell(&neighbourhood, context, output);
    if told.is_ok() {
        signals.received().await;
        context.remark(Message::Stopping);
    }
    let stopped = neighbourhood.stop().await;
    told?;
    Ok(stopped?)
}

/// Opens the front end on the first household until the person leaves.
async fn play(
    neighbourhood: Neighbourhood,
    is_plain: bool,
    context: &Context,
    signals: &mut Signals,
) -> Result<(), CliError> {
    let host = Arc::new(StageHost::new(neighbourhood));
    let options = tui::run::Options {
        settings: settings(context),
        // Nothing is left of the demonstration when it ends.
        faults: None,
    };
    let playing = async {
        match is_plain {
            true => tui::plain::run(host.clone(), options).await,
            false => tui::run::run(host.clone(), options).await,
        }
    };
    let left = tokio::select! {
        biased;
        () = signals.received() => Ok(()),
        left = playing => left,
    };
    let stopped = host.stop().await;
    left?;
    stopped
}

fn settings(context: &Context) -> Settings {
    Settings {
        language: context.language,
        ..crate::settings::Settings::default().front_end
    }
}

fn tell(
    neighbourhood: &Neighbourhood,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    if context.json {
        output.json(&json!({
            "neighbourhood": neighbourhood.name(),
            "folder": neighbourhood.folder(),
            "households": neighbourhood.households().iter().map(place).collect::<Vec<_>>(),
            "relay": place(neighbourhood.relay()),
        }))?;
    } else {
        output.line(context.text(Message::StageStands {
            neighbourhood: neighbourhood.name(),
        }))?;
        let relay = [neighbourhood.relay()];
        let places = neighbourhood.households().iter().chain(relay);
        let rows: Vec<Vec<String>> = places.map(row).collect();
        for line in super::table::columns(&rows) {
            output.line(format!("  {line}"))?;
        }
    }
    output.flush()
}

fn place(place: &Place) -> serde_json::Value {
    json!({
        "name": place.name,
        "building": place.building,
        "home": place.home,
        "socket": place.socket,
    })
}

fn row(place: &Place) -> Vec<String> {
    let home = plain::line(&place.home.to_string_lossy());
    let command = format!("linli --home {home} list");
    vec![place.name.clone(), place.building.clone(), command]
}

/// Signals that end the demonstration.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for one; one that came before is not lost.
    async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => (),
            _ = self.terminate.recv() => (),
            _ = self.hang_up.recv() => (),
        }
    }
}

impl From<DemoError> for CliError {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Folder(source) => Self::StageFolder(source),
            DemoError::Setup(error) => Self::Setup(error),
            DemoError::Start(error) => Self::Start(error),
            DemoError::End(error) => Self::End(error),
            DemoError::Client(error) => Self::Client(error),
            DemoError::OtherAnswer => Self::OtherAnswer,
            DemoError::TooSlow => Self::StageTooSlow,
            DemoError::NoHousehold => Self::NoStage,
        }
    }
}
