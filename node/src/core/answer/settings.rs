//! Settings: what the resident chose for this home, read and written at once.

use protocol::api::{Answer, Settings};

use crate::core::worker::Worker;
use crate::refusal::Refusal;
use crate::settings::{self, SettingsError};

impl Worker {
    pub(super) fn settings(&self) -> Result<Answer, Refusal> {
        let read = settings::Settings::read(self.parts.keys.lock.home());
        let read = read.map_err(Refusal::SettingsUnreadable)?;
        Ok(Answer::Settings(read.front_end))
    }

    pub(super) fn put_settings(&mut self, chosen: Settings) -> Result<Answer, Refusal> {
        let home = self.parts.keys.lock.home();
        // Whether the home is a relay's is no choice of the front end, and a file that a resident
        // edited wrongly is not written over.
        let mut settings = settings::Settings::read(home).map_err(Refusal::SettingsUnreadable)?;
        settings.front_end = chosen;
        match settings.write(home) {
            Ok(()) => Ok(Answer::Settings(chosen)),
            Err(SettingsError::Write(_)) => Err(Refusal::SettingsUnwritable),
            Err(error) => Err(Refusal::SettingsUnreadable(error)),
        }
    }
}
