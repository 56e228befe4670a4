//! The front end's host in a demonstration: whose node it talks to, and whether that household is
//! cut off from the network.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use protocol::api::Refusal;
use tokio::sync::Mutex;
use tui::client::Client;
use tui::host::{HomeState, Host, HostAnswer, HostFuture, HostOrder, Stage};

use crate::cli::Context;
use crate::cli::error::CliError;
use crate::cli::front_end::printing;
use crate::cli::language::Language;
use crate::cli::say;
use crate::cli::session::Session;
use crate::demo::{Neighbourhood, Place};

/// The neighbourhood as a host.
pub struct StageHost {
    desk: Arc<Desk>,
}

/// What orders work on.
struct Desk {
    households: Vec<Place>,
    acting: AtomicUsize,
    scene: Mutex<Scene>,
}

struct Scene {
    /// None once it was stopped.
    neighbourhood: Option<Neighbourhood>,
    /// Which households are cut off.
    cut: Vec<bool>,
}

impl StageHost {
    /// Makes a host of a neighbourhood; the first household is acted as.
    pub fn new(neighbourhood: Neighbourhood) -> Self {
        let households = neighbourhood.households().to_vec();
        let cut = vec![false; households.len()];
        Self {
            desk: Arc::new(Desk {
                households,
                acting: AtomicUsize::new(0),
                scene: Mutex::new(Scene {
                    neighbourhood: Some(neighbourhood),
                    cut,
                }),
            }),
        }
    }

    /// Stops the neighbourhood and removes it.
    ///
    /// # Errors
    ///
    /// [`CliError`] when a node had failed, or something could not be removed.
    pub async fn stop(&self) -> Result<(), CliError> {
        match self.desk.scene.lock().await.neighbourhood.take() {
            Some(neighbourhood) => Ok(neighbourhood.stop().await?),
            None => Ok(()),
        }
    }
}

impl Host for StageHost {
    fn home(&self) -> HomeState {
        let acting = self.desk.acting.load(Ordering::SeqCst);
        match self.desk.households.get(acting) {
            Some(place) => HomeState::Running(place.socket.clone()),
            None => HomeState::Absent,
        }
    }

    fn stage(&self) -> Option<Stage> {
        let households = self.desk.households.iter();
        Some(Stage {
            households: households.map(|place| place.name.clone()).collect(),
            acting: self.desk.acting.load(Ordering::SeqCst),
        })
    }

    fn carry_out(&self, order: HostOrder, language: Language) -> HostFuture {
        let desk = self.desk.clone();
        Box::pin(async move {
            let outcome = desk.carry_out(order, language).await;
            outcome.map_err(|error| Refusal {
                code: error.code().to_owned(),
                message: say::error(language, &error),
                field: None,
            })
        })
    }
}

impl Desk {
    async fn carry_out(
        &self,
        order: HostOrder,
        language: Language,
    ) -> Result<HostAnswer, CliError> {
        // One order after the other: what is answered is how things stand.
        let mut scene = self.scene.lock().await;
        match order {
            HostOrder::ActAs(household) => {
                let place = self.households.get(household);
                let socket = place.ok_or(CliError::NoStage)?.socket.clone();
                self.acting.store(household, Ordering::SeqCst);
                Ok(HostAnswer::Acting {
                    household,
                    socket,
                    cut: scene.cut[household],
                })
            }
            HostOrder::CutNetwork(cut) => {
                let acting = self.acting.load(Ordering::SeqCst);
                let neighbourhood = scene.neighbourhood.as_ref();
                let neighbourhood = neighbourhood.ok_or(CliError::NoStage)?;
                neighbourhood.set_network(acting, !cut).await?;
                scene.cut[acting] = cut;
                Ok(HostAnswer::Network { cut })
            }
            HostOrder::Print { what, format, file } => {
                let acting = self.acting.load(Ordering::SeqCst);
                let place = self.households.get(acting).ok_or(CliError::NoStage)?;
                let client = Client::connect(&place.socket)?.in_language(language);
                let session = Session::of_running(client).settled();
                let context = Context {
                    home: place.home.clone(),
                    language,
                    json: false,
                    key_file: None,
                };
                printing::print(what, format, &file, &session, &context).await
            }
            _ => Err(CliError::OnStage),
        }
    }
}
