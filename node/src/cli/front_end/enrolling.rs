//! A first run that makes a further device of a household, by the code of another device.

use std::time::Duration;

use protocol::enrolment::EnrolmentCode;
use tui::client::{Client, socket_path};
use tui::host::{HostAnswer, LetsIn};

use super::super::error::CliError;
use super::super::household::HouseholdError;
use super::super::language::Language;
use super::super::session::Session;
use super::super::{join, plain};
use super::{Desk, blocking, milliseconds};
use crate::setup::{self, EnrolOptions, EnrolledBy, HomeState, SetupError, Unlock};

/// Time that the other device may take to answer. After it the home stands and goes on asking.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// Says what a code is good for.
pub(super) fn read(text: &str) -> Result<HostAnswer, CliError> {
    let code = EnrolmentCode::parse(text).map_err(HouseholdError::Code)?;
    Ok(HostAnswer::Invitation {
        text: text.split_whitespace().collect(),
        neighbourhood: plain::line(&code.neighbourhood),
        expires_ms: milliseconds(code.expires_s),
        lets_in: LetsIn::Device {
            household: code.member.short(),
        },
    })
}

impl Desk {
    /// Makes a device's home and has it enrolled. A home that is refused, or whose node does not
    /// start, is removed again: another code can be tried at once.
    pub(super) async fn enrol(
        &self,
        code: &str,
        language: Language,
        unlock: Unlock,
    ) -> Result<HostAnswer, CliError> {
        let code = EnrolmentCode::parse(code).map_err(HouseholdError::Code)?;
        if let HomeState::Present { .. } = setup::inspect(&self.home)? {
            let home = self.home.clone();
            return Err(SetupError::Exists { home }.into());
        }
        let options = EnrolOptions {
            by: EnrolledBy::Code(code),
            dial: Vec::new(),
            language,
            unlock: unlock.clone(),
        };
        let home = self.home.clone();
        blocking(move || setup::enrol(&home, options).map(|_| ())).await?;
        let enrolled = async {
            let running = self.start(unlock).await?;
            self.answer(language).await?;
            Ok(running)
        };
        match enrolled.await {
            Ok(running) => Ok(running),
            Err(error) => {
                self.unmake().await?;
                Err(match error {
                    CliError::JoinRefused(refusal) => HouseholdError::NotTaken(refusal).into(),
                    error => error,
                })
            }
        }
    }

    /// Waits until the other device has answered, or for as long as it may take.
    async fn answer(&self, language: Language) -> Result<(), CliError> {
        let client = Client::connect(&socket_path(&self.home))?.in_language(language);
        let session = Session::of_running(client);
        match tokio::time::timeout(ANSWER_MAX, join::admission(&session)).await {
            Ok(answered) => answered.map(|_| ()),
            Err(_) => Ok(()),
        }
    }

    async fn unmake(&self) -> Result<(), CliError> {
        let node = self.parts.lock().await.node.take();
        if let Some(node) = node {
            node.stop().await?;
        }
        let home = self.home.clone();
        blocking(move || setup::remove(&home)).await
    }
}
