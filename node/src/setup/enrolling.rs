//! Preparing a home to be a further device of a household, by a code of another device or by the
//! household's recovery words.

use std::path::Path;

use protocol::codec;
use protocol::enrolment::EnrolmentCode;
use protocol::id::{DeviceId, EntryId, MemberId, SpaceId};
use protocol::key::SecretKey;
use tui::language::Language;
use zeroize::Zeroizing;

use super::joining::{join_again, save_addresses};
use super::making::Making;
use super::plan::EnrolPlan;
use super::{HomeState, Joined, SetupError, Unlock, inspect};
use crate::keystore::{PendingJoin, Secrets, Seed};

/// By what a device is enrolled.
#[derive(Clone, Debug)]
pub enum EnrolledBy {
    /// A code that another device of the household has made.
    Code(EnrolmentCode),
    /// The household's own key.
    Key {
        /// The household's key.
        household: Seed,
        /// The new device's key, where one was made to find the neighbourhood.
        device: Seed,
        /// The neighbourhood.
        space: SpaceId,
        /// The neighbourhood's secret.
        space_secret: Seed,
        /// The statements up to which everything has to be verified (rule R21).
        heads: Vec<EntryId>,
        /// Addresses to dial.
        addresses: Vec<String>,
    },
}

/// How a home is to become a further device's.
#[derive(Clone, Debug)]
pub struct EnrolOptions {
    /// By what.
    pub by: EnrolledBy,
    /// Addresses to dial beside those of the code.
    pub dial: Vec<String>,
    /// The language that the home's settings begin with.
    pub language: Language,
    /// What is to open the keystore.
    pub unlock: Unlock,
}

/// Prepares a home to be a further device of a household. Blocking; the network is not touched.
///
/// A home that is pending already takes the new code and keeps its device's key; one that was
/// enrolled already stays as it is.
///
/// # Errors
///
/// [`SetupError`]; nothing is left behind, and a pending home stays as it was.
pub fn enrol(home: &Path, options: EnrolOptions) -> Result<Joined, SetupError> {
    let (plan, secrets, member, found) = match options.by {
        EnrolledBy::Code(code) => {
            let (member, addresses) = (code.member, code.addresses.clone());
            let plan = EnrolPlan {
                space: code.space,
                heads: code.heads.clone(),
                code: Some(code),
            };
            let secrets = Secrets::of_device(Seed::random()?);
            (plan, secrets, member, addresses)
        }
        EnrolledBy::Key {
            household,
            device,
            space,
            space_secret,
            heads,
            addresses,
        } => {
            let member = MemberId(SecretKey::from_seed(household.expose()).public());
            let plan = EnrolPlan {
                space,
                heads,
                code: None,
            };
            let secrets = Secrets {
                household: Some(household),
                space_secret: Some(space_secret),
                ..Secrets::of_device(device)
            };
            (plan, secrets, member, addresses)
        }
    };
    let space = plan.space;
    let pending = PendingJoin {
        space,
        invitation: Zeroizing::new(codec::encode(&plan)),
    };
    let addresses: Vec<String> = options.dial.into_iter().chain(found).collect();
    if let HomeState::Present { .. } = inspect(home)? {
        return join_again(home, &options.unlock, pending, &addresses);
    }
    let making = Making::begin(home)?;
    let store_key = Seed::random()?;
    let mut store = making.store(&store_key)?;
    save_addresses(&mut store, &addresses)?;
    drop(store);
    let secrets = Secrets {
        pending_joins: vec![pending],
        store: Some(store_key),
        ..secrets
    };
    let device = DeviceId(SecretKey::from_seed(secrets.device.expose()).public());
    making.finish(&options.unlock, &secrets, options.language, false)?;
    Ok(Joined {
        space,
        member: Some(member),
        device,
        words: None,
        already_member: false,
    })
}
