//! Refusals and findings in English.

use protocol::bundle::InvalidBundle;
use protocol::session::frame::RefusedReason;

use super::{Finding, Refusal};
use crate::store::{Problem, StoreFault};

/// Says what happened, what was kept and what to do next.
pub fn refusal(refusal: &Refusal) -> String {
    let text = match refusal {
        Refusal::RelayWrites => "A relay writes no documents. Nothing was changed.",
        Refusal::RelayInvites => "A relay invites nobody. Nothing was changed.",
        Refusal::RelayRoster => "A relay changes nothing in the roster. Nothing was changed.",
        Refusal::Pending => {
            "Your household has not been admitted yet. Nothing was written; keep this node connected to the neighbour who invited you."
        }
        Refusal::NotCertified => {
            "This device does not belong to your household any more. Nothing was written."
        }
        Refusal::NeedsMotion { command } => {
            return format!(
                "This needs a motion that stewards of different offices co-sign. Nothing was written; a steward moves it with {command}."
            );
        }
        Refusal::FounderDecides { founder } => {
            return format!(
                "Until stewards of three offices are appointed, the founder ({founder}) decides about this alone. Nothing was written; ask them."
            );
        }
        Refusal::NothingOfRelay => {
            "A relay writes nothing, so nothing of it can count no longer. Nothing was changed; end it without saying since when."
        }
        Refusal::NotOfIt => {
            "What is to be undone from this entry on did not write it, or the entry is not here. Nothing was changed; linli list and linli history name entries."
        }
        Refusal::NotSteward => {
            "Only stewards of offices move and co-sign motions. Nothing was written; linli roster names them."
        }
        Refusal::NoMotion => {
            "There is no such motion here. It may not have arrived yet; see linli motion list."
        }
        Refusal::MotionLapsed => {
            "This motion has lapsed: another one took its place. Nothing was written; if it is still wanted, move it again."
        }
        Refusal::MotionIncomplete { signed, needed } => {
            return format!(
                "{signed} of {needed} offices that it takes have signed. Nothing was written; ask stewards of further offices to run linli cosign."
            );
        }
        Refusal::MotionVoid(reason) => {
            return format!(
                "Not even a motion could do this: {reason}. Nothing was written; see linli roster."
            );
        }
        Refusal::RemovedAlready => {
            "This member has been removed. Nothing was written; linli motion readmit takes it back."
        }
        Refusal::NotRemoved => {
            "This member has not been removed. Nothing was written; name the household whose place it takes with --successor-of."
        }
        Refusal::NotGuest => {
            "This member is no guest. Nothing was written; linli roster says who is one."
        }
        Refusal::NoRight(reason) => {
            return format!("Your household may not do this: {reason}. Nothing was written.");
        }
        Refusal::NotServed => {
            "Neighbours refuse this device: it was revoked, or your household was removed. All is kept; what you write stays here. Ask a steward. A revoked device joins anew, in an empty folder: linli device add."
        }
        Refusal::KeyReused => {
            "This device's key was used elsewhere, and must be replaced. Nothing was written."
        }
        Refusal::NoHouseholdKey => {
            "This device does not hold the household's key, which this takes. Nothing was written; use the device that holds it, or the recovery words: linli join --words - on another home."
        }
        Refusal::CodeLifetime => {
            "A code holds for a day at most. No code was made; ten minutes are usual."
        }
        Refusal::NoCode => "There is no such code here. See linli device codes.",
        Refusal::CodeName { detail } => {
            return format!("This is no code's name ({detail}); see linli device codes.");
        }
        Refusal::OneSuccessor => {
            "One household takes the place of another: such an invitation has one use, and is for a household. No invitation was made."
        }
        Refusal::BackupLock => {
            "A backup needs a passphrase, or a key of 64 hexadecimal digits. No backup was made."
        }
        Refusal::Memory => {
            "There is too little memory to stretch a passphrase. No backup was made; end other programs and try again."
        }
        Refusal::BackupTooLarge { bytes_max } => {
            return format!(
                "There is more here than the {bytes_max} bytes that a backup holds. No backup was made; copy the home while no node runs."
            );
        }
        Refusal::NoNotice => {
            "Only notices are acknowledged, and this is none. Nothing was written; linli list notices names them."
        }
        Refusal::NotKnocking => {
            "Only the issuer, a steward or the building's lead notes what another household acknowledged. Nothing was written: hand them what was signed, or let the household do it."
        }
        Refusal::NoDocument => "There is no such document here. It may not have arrived yet.",
        Refusal::NoDetails => {
            "There is nothing to tell in confidence. What was told is erased by linli details ID --erase or linli door --erase."
        }
        Refusal::DetailsTooLong { bytes, bytes_max } => {
            return format!(
                "What is told in confidence has {bytes} bytes and may have {bytes_max}. Nothing was written; shorten it."
            );
        }
        Refusal::NothingToErase => "Your household told nothing here in confidence.",
        Refusal::Moderation(refusal) => return refusal.in_english(),
        Refusal::NoName => {
            "Nobody says what the household is called. Nothing was written; give its name."
        }
        Refusal::NoConsent => {
            "Nobody says how the household consented. Nothing was written; say so, for instance “paper of 3 December, in the lead's folder”."
        }
        Refusal::ConsentTooLong { bytes_max } => {
            return format!(
                "What is said about the consent is longer than {bytes_max} bytes. Nothing was written; shorten it."
            );
        }
        Refusal::Proxies { max } => {
            return format!(
                "At most {max} members can be named at once. Nothing was written; name fewer."
            );
        }
        Refusal::NoRecord => {
            "The roster has no such household without a device. See linli household list."
        }
        Refusal::RecordEnded => {
            "The record of this household has ended. Nothing was written; if the household consents anew, record it anew with linli household record."
        }
        Refusal::NotActing => {
            "This member does not act for the household. Nothing was written; linli household list says who does."
        }
        Refusal::NoMember => "The roster has no such member. See linli roster.",
        Refusal::NoAppointment => "The roster has no such appointment. See linli roster.",
        Refusal::NoDevice => "Your household has no such device. See linli roster.",
        Refusal::Draft(error) => return format!("{error}."),
        Refusal::Entry(error) => {
            return format!(
                "This does not fit into one entry: {error}. Nothing was written; shorten it."
            );
        }
        Refusal::NoKind { name } => {
            return format!("There is no kind of document called “{name}”.");
        }
        Refusal::Cursor => "This is no place in a list.",
        Refusal::Prefix => "A name begins with up to 64 hexadecimal digits.",
        Refusal::Search(error) => return format!("{}.", capital(&error.to_string())),
        Refusal::Address => "This is no address; one looks like /ip4/192.168.1.5/tcp/4101.",
        Refusal::Uses { max } => return format!("An invitation has 1 to {max} uses."),
        Refusal::Addresses(error) => {
            return format!("These addresses do not fit into an invitation: {error}.");
        }
        Refusal::Base => {
            "The document does not hold what this edit began from. Nothing was written; keep the text, open the document again, and put it in there."
        }
        Refusal::NoEntry => {
            "The document has no such entry. Nothing was written; look at its history again."
        }
        Refusal::DraftName => {
            "A draft's name has 1 to 96 letters, digits, - and _. Nothing was changed."
        }
        Refusal::DraftTooLarge { bytes_max } => {
            return format!(
                "The draft has more than {bytes_max} bytes. What was saved before was kept; shorten it, or save a part in a file."
            );
        }
        Refusal::Drafts { max } => {
            return format!(
                "There are {max} drafts already. All of them were kept; throw some away."
            );
        }
        Refusal::Marks { max } => {
            return format!("At most {max} documents are marked at once. Nothing was changed.");
        }
        Refusal::SettingsUnreadable(error) => {
            return format!(
                "{}. Nothing was changed; mend settings.toml in the home, or remove it.",
                capital(&error.to_string())
            );
        }
        Refusal::SettingsUnwritable => {
            "The settings could not be written. The former ones were kept; check the disk and the home's permissions."
        }
        Refusal::NoRole => "Roles are steward, moderator, building-lead and spokesperson.",
        Refusal::NoOffice { role } => {
            return format!("A {role} belongs to an office: name it with --office.");
        }
        Refusal::NoBuilding => "A building lead has a building: name it with --building.",
        Refusal::ReasonTooLong { bytes_max } => {
            return format!("A reason has at most {bytes_max} bytes.");
        }
        Refusal::Table(error) => {
            return format!("{}. Nothing was imported.", capital(&error.to_string()));
        }
        Refusal::Bundle(InvalidBundle::Magic) => {
            "The file is no bundle of entries. Nothing was changed."
        }
        Refusal::Bundle(error) => {
            return format!(
                "{}. What came before it was kept.",
                capital(&error.to_string())
            );
        }
        Refusal::BundleEntries(_) => {
            "The bundle holds entries that do not verify. What came before them was kept; ask for another copy of the file."
        }
        Refusal::Join(reason) => join(*reason),
        Refusal::Random => "The system gave no random bytes. Nothing was changed; try again.",
        Refusal::DiskFull => {
            "The disk is full, and the node stops. This change was not saved; everything saved before is kept. Free some space, start the node and try again."
        }
        Refusal::Storage => {
            "The store failed, and the node stops. This request changed nothing; everything acknowledged before is kept. Check the disk, then run linli doctor."
        }
        Refusal::Stopping => "The node is stopping. Nothing was changed; start it and try again.",
        Refusal::Busy => {
            "The node is busy and did not take the request. Nothing was changed; try again."
        }
        Refusal::Connections => {
            "Too many programs are connected. Nothing was changed; try again later."
        }
        Refusal::Listeners { max } => {
            return format!("{max} programs listen already. End one of them.");
        }
        Refusal::Json { detail } => {
            return format!("The body is not the JSON that this path expects: {detail}.");
        }
        Refusal::Query { detail } => return format!("The query is not understood: {detail}."),
        Refusal::MemberName { detail } => {
            return format!("This is no member's name ({detail}); see linli roster.");
        }
        Refusal::EntryName { detail } => {
            return format!("This is no motion's name ({detail}); see linli motion list.");
        }
        Refusal::DocumentName { detail } => {
            return format!("The document's name is wrong: {detail}.");
        }
        Refusal::TooLarge { bytes_max } => {
            return format!(
                "The body has more than {bytes_max} bytes. Nothing was changed; send less."
            );
        }
        Refusal::BrokenOff => "The body broke off. Nothing was changed; send it again.",
        Refusal::TooSlow => "The body did not arrive in time. Nothing was changed; send it again.",
        Refusal::NoPath => "There is no such path; see /v1/openapi.json.",
        Refusal::NoMethod => "This path knows another method; see /v1/openapi.json.",
    };
    text.to_owned()
}

/// What is left to do when a store is lost.
pub const WAYS_OUT: [&str; 5] = [
    "Make a copy of this home folder, and make the home again in a new one; neighbours hold what they have received.",
    "From a backup: linli --home FOLDER backup restore FILE.",
    "With the recovery words: linli --home FOLDER join --words - --dial ADDRESS (a neighbour's or a relay's; or a neighbour's invitation in its place).",
    "By another device of the household: there linli device add, here linli --home FOLDER join CODE.",
    "Once the new device is in, revoke this one: linli device revoke DEVICE --reason \"store lost\".",
];

/// Says what the doctor found or looked at.
pub fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Store(Problem::Fault(StoreFault::Damaged { what, .. })) => {
            format!("The store is damaged: {what}.")
        }
        Finding::Store(problem) => format!("{problem}."),
        Finding::NotOpened { why } => format!("The store cannot be opened: {why}."),
        Finding::Readable {
            entries,
            pages_whole,
            pages,
        } => format!("{pages_whole} of {pages} pages are whole, {entries} entries can be read"),
        Finding::KeyReused => {
            "This device's key was used elsewhere: cut it and enrol another.".to_owned()
        }
        Finding::EntriesChecked { entries } => format!("{entries} entries and their names"),
        Finding::FormChecked => "pages, indexes and sums of the store".to_owned(),
        Finding::Sealed { key_in_home: false } => {
            "seal of the store: whoever has the disk without passphrase or key file reads nothing"
                .to_owned()
        }
        Finding::Sealed { key_in_home: true } => "seal of the store, but its key lies in the home folder, as was chosen (no passphrase and no key file elsewhere): whoever copies the folder reads everything".to_owned(),
    }
}

/// Says why the inviter's node refused.
fn join(reason: RefusedReason) -> &'static str {
    match reason {
        RefusedReason::InvitationExpired => {
            "The invitation has expired. Your keys were kept; ask for another one and join again."
        }
        RefusedReason::InvitationUsedUp => {
            "The invitation was used by all whom it was made for. Your keys were kept; ask for another one and join again."
        }
        RefusedReason::InvitationUnknown => {
            "The node that answered did not make this invitation. Your keys were kept; connect to the household that invited you."
        }
        RefusedReason::Removed => {
            "Your household or this device was removed from the neighbourhood. What is stored here was kept; talk to a steward."
        }
        RefusedReason::Version => {
            "The other node speaks another version. Nothing was changed; update the older one."
        }
        RefusedReason::NotAdmitted | RefusedReason::InvalidRequest | RefusedReason::Unable => {
            "The other node could not admit you. Your keys were kept; ask for another invitation and join again."
        }
    }
}

/// Begins a sentence.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
