//! A home under way: what is there is taken away again unless it is finished.

use std::path::Path;

use tui::language::Language;

use super::{SetupError, Unlock, home_error, lock_error, open_store};
use crate::home::{Home, HomeLock};
use crate::keystore::{Keystore, Secrets, Seed};
use crate::settings::Settings;
use crate::store::Store;

/// A home under way: what is there is taken away again unless it is finished.
pub(super) struct Making {
    home: Home,
    lock: HomeLock,
    made_folder: bool,
    finished: bool,
}

impl Making {
    pub(super) fn begin(path: &Path) -> Result<Self, SetupError> {
        let made_folder = !path.exists();
        let home = Home::create(path).map_err(home_error)?;
        let lock = match home.lock() {
            Ok(lock) => lock,
            Err(error) => {
                if made_folder {
                    remove_folder(&home);
                }
                return Err(lock_error(error));
            }
        };
        if home.keystore().exists() {
            return Err(SetupError::Exists {
                home: path.to_owned(),
            });
        }
        // A store without keys is what a power cut left of an earlier attempt: nobody holds the
        // keys of anything in it.
        let making = Self {
            home,
            lock,
            made_folder,
            finished: false,
        };
        making.remove_store();
        Ok(making)
    }

    pub(super) fn store(&self, key: &Seed) -> Result<Store, SetupError> {
        open_store(&self.home, key)
    }

    pub(super) fn finish(
        self,
        unlock: &Unlock,
        secrets: &Secrets,
        language: Language,
        relay: bool,
    ) -> Result<(), SetupError> {
        let mut settings = Settings {
            relay,
            ..Settings::default()
        };
        settings.front_end.language = language;
        self.finish_with(unlock, secrets, &settings)
    }

    pub(super) fn finish_with(
        mut self,
        unlock: &Unlock,
        secrets: &Secrets,
        settings: &Settings,
    ) -> Result<(), SetupError> {
        settings
            .write(&self.home)
            .map_err(|error| SetupError::Store(Box::new(error)))?;
        Keystore::create(&self.lock, &unlock.for_new_keystore(), secrets)
            .map_err(|error| SetupError::Keystore(Box::new(error)))?;
        self.finished = true;
        Ok(())
    }

    fn remove_store(&self) {
        let database = self.home.database();
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut path = database.clone().into_os_string();
            path.push(suffix);
            let _not_there = std::fs::remove_file(path);
        }
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        self.remove_store();
        for path in [self.home.settings(), self.home.device_key()] {
            let _not_there = std::fs::remove_file(path);
        }
        if self.made_folder {
            remove_folder(&self.home);
        } else {
            let _not_there = std::fs::remove_file(self.home.lock_file());
            let _not_empty = std::fs::remove_dir(self.home.run_folder());
        }
    }
}

/// Removes a home's folder that nothing was put into.
fn remove_folder(home: &Home) {
    let _not_there = std::fs::remove_file(home.lock_file());
    let _not_empty = std::fs::remove_dir(home.run_folder());
    let _not_empty = std::fs::remove_dir(home.path());
}
