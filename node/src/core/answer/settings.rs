//! Settings: what the resident chose for this home, read and written at once.

use protocol::api::{Answer, Refusal, Settings};

use super::refusal;
use crate::core::worker::Worker;
use crate::settings::{self, SettingsError};

impl Worker {
    pub(super) fn settings(&self) -> Result<Answer, Refusal> {
        let read = settings::Settings::read(self.parts.keys.lock.home());
        let read = read.map_err(|error| unreadable(&error))?;
        Ok(Answer::Settings(read.front_end))
    }

    pub(super) fn put_settings(&mut self, chosen: Settings) -> Result<Answer, Refusal> {
        let home = self.parts.keys.lock.home();
        // Whether the home is a relay's is no choice of the front end, and a file that a resident
        // edited wrongly is not written over.
        let mut settings = settings::Settings::read(home).map_err(|error| unreadable(&error))?;
        settings.front_end = chosen;
        match settings.write(home) {
            Ok(()) => Ok(Answer::Settings(chosen)),
            Err(_) => Err(refusal(
                "storage",
                "The settings could not be written. The former ones were kept; check the disk and \
                 the home's permissions.",
            )),
        }
    }
}

fn unreadable(error: &SettingsError) -> Refusal {
    let message =
        format!("{error}. Nothing was changed; mend settings.toml in the home, or remove it.");
    refusal("storage", &message)
}
