//! A home under way: what is there is taken away again unless it is finished.

use std::path::Path;

use tui::language::Language;

use super::{SetupError, Unlock, home_error, lock_error};
use crate::home::{Home, HomeLock};
use crate::keystore::{Keystore, Secrets};
use crate::settings::Settings;
use crate::store::{self, Store, StoreFault};

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
        let lock = home.lock().map_err(lock_error)?;
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

    pub(super) fn store(&self) -> Result<Store, SetupError> {
        Store::open(&self.home.database()).map_err(|error| match error {
            store::OpenError::Fault(StoreFault::Full) => SetupError::DiskFull {
                home: self.home.path().to_owned(),
            },
            error => SetupError::Store(Box::new(error)),
        })
    }

    pub(super) fn finish(
        mut self,
        unlock: &Unlock,
        secrets: &Secrets,
        language: Language,
        relay: bool,
    ) -> Result<(), SetupError> {
        let settings = Settings { language, relay };
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
        for path in [
            self.home.settings(),
            self.home.device_key(),
            self.home.lock_file(),
        ] {
            let _not_there = std::fs::remove_file(path);
        }
        let _not_empty = std::fs::remove_dir(self.home.run_folder());
        if self.made_folder {
            let _not_empty = std::fs::remove_dir(self.home.path());
        }
    }
}
