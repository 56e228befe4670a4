//! What the command line says of a household's devices, its backup and its moving out, in both
//! languages.

use protocol::invitation::InvitationError;

use super::files::{at, backup, contents, refused_by_system, unwritten};
use super::{Message, node_words};
use crate::cli::household::HouseholdError;
use crate::cli::language::Language;
use crate::cli::plain;
use crate::setup::FindError;

/// Something to say of a household.
#[derive(Clone, Copy, Debug)]
pub enum Household<'a> {
    /// A code was made.
    CodeMade { expires: &'a str },
    /// There are no codes.
    NoCodes,
    /// A code was taken back.
    CodeCancelled,
    /// A home is ready to be enrolled.
    DevicePrepared { neighbourhood: &'a str },
    /// The home is a device of its household.
    Enrolled { neighbourhood: &'a str },
    /// The home was a device of its household before.
    EnrolledAlready { neighbourhood: &'a str },
    /// Asks for the passphrase of a backup.
    BackupPassphrase,
    /// Asks for a passphrase to be chosen for a backup.
    NewBackupPassphrase,
    /// A key file was made for a backup.
    BackupKey { path: &'a str },
    /// A backup was made.
    BackupMade { file: &'a str, bytes: u64 },
    /// A backup holds: lines of a label, a tab and a value.
    BackupInside(&'a BackupTold),
    /// What a restore would do.
    WouldRestore { home: &'a str },
    /// A home was restored.
    Restored { device: &'a str, former: &'a str },
    /// A recovery sheet was written.
    SheetMade { file: &'a str },
    /// What moving out means.
    LeaveWarning { founder: bool },
    /// A household has ended all its devices.
    MovedOut,
    /// A household takes another's place.
    InPlaceOf { of: &'a str },
    /// Asks to confirm moving out.
    Confirm,
    /// The household has moved out.
    Left { held: bool, folder: &'a str },
}

/// What is in a backup, for people.
#[derive(Clone, Debug)]
pub struct BackupTold {
    /// The neighbourhood.
    pub neighbourhood: String,
    /// The household.
    pub member: String,
    /// When it was made.
    pub made: String,
    /// How many entries there are.
    pub entries: u64,
    /// Of how many devices.
    pub devices: usize,
    /// How many drafts.
    pub drafts: usize,
    /// How many bytes.
    pub bytes: u64,
}

impl<'a> From<Household<'a>> for Message<'a> {
    fn from(said: Household<'a>) -> Self {
        Self::Household(said)
    }
}

/// Returns what is to be said.
pub fn text(language: Language, said: Household<'_>) -> String {
    match language {
        Language::Chinese => zh(said),
        Language::English => en(said),
    }
}

fn en(said: Household<'_>) -> String {
    match said {
        Household::CodeMade { expires } => format!(
            "For one further device of your household, until {expires}. On that device: linli join CODE. Show it to nobody else, and keep linli node running here until it has joined; linli device then lists it."
        ),
        Household::NoCodes => {
            "No code can be used at present. Make one: linli device add".to_owned()
        }
        Household::CodeCancelled => {
            "The code was taken back. Nobody can use it any more.".to_owned()
        }
        Household::DevicePrepared { neighbourhood } => {
            format!("Becoming a device of your household in “{neighbourhood}”.")
        }
        Household::Enrolled { neighbourhood } => {
            format!("This is a device of your household in “{neighbourhood}” now. Next: linli node")
        }
        Household::EnrolledAlready { neighbourhood } => format!(
            "This is a device of your household in “{neighbourhood}” already; nothing was changed. Next: linli node"
        ),
        Household::BackupPassphrase => "Passphrase of the backup: ".to_owned(),
        Household::NewBackupPassphrase => {
            "Choose a passphrase for the backup (empty for a key file beside it): ".to_owned()
        }
        Household::BackupKey { path } => format!(
            "No passphrase: {path} opens the backup. Keep the two in different places: who has both is your household."
        ),
        Household::BackupMade { file, bytes } => format!(
            "{file}: a backup of {}. Check it: linli backup verify {file}",
            plain::bytes(bytes)
        ),
        Household::BackupInside(told) => [
            ("Neighbourhood", &told.neighbourhood),
            ("Household", &told.member),
            ("Made", &told.made),
            ("Entries", &told.entries.to_string()),
            ("Devices", &told.devices.to_string()),
            ("Drafts", &told.drafts.to_string()),
            ("Size", &plain::bytes(told.bytes)),
        ]
        .map(|(label, value)| format!("{label}\t{value}"))
        .join("\n"),
        Household::WouldRestore { home } => format!(
            "Every hash and signature holds. Restoring would make {home} a new device of this household, with its own key, and fetch from neighbours what was written since. Nothing was changed."
        ),
        Household::Restored { device, former } => format!(
            "Restored, as a new device ({device}). Next: linli node, which fetches what was written since. If the old device is lost: linli device revoke {former} --reason \"lost\""
        ),
        Household::SheetMade { file } => format!(
            "{file}: print it, keep it where you keep papers, then remove the file. Who has the words is your household."
        ),
        Household::LeaveWarning { founder } => format!(
            "Your household moves out: all its devices are ended, neighbours see it as moved out, and this home's keys and store are removed once everything is exported. What you wrote stays with your neighbours unless you erase it first (linli erase). Nothing here can be opened again; only the recovery words can bring the household back.{}",
            if founder {
                " You founded this neighbourhood: until three offices have stewards nobody else can remove a household or make stewards."
            } else {
                ""
            }
        ),
        Household::MovedOut => "moved out".to_owned(),
        Household::InPlaceOf { of } => format!("in the place of {of}"),
        Household::Confirm => "Type yes to go on:".to_owned(),
        Household::Left { held: true, folder } => format!(
            "Your household has moved out; a neighbour knows it. Everything is in {folder}, and this home is gone."
        ),
        Household::Left {
            held: false,
            folder,
        } => format!(
            "Your household has moved out, but no neighbour was reached. Give one of them {folder}/space.bundle (linli import bundle), so that all hear of it. Everything is in {folder}, and this home is gone."
        ),
    }
}

fn zh(said: Household<'_>) -> String {
    match said {
        Household::CodeMade { expires } => format!(
            "给本户的一台新设备用，有效到 {expires}。在那台设备上运行：linli join 设备码。不要给别人看；在它加入之前，请让这里的 linli node 一直运行。加入后 linli device 会列出它。"
        ),
        Household::NoCodes => "现在没有可用的设备码。生成一个：linli device add".to_owned(),
        Household::CodeCancelled => "设备码已经收回，谁也不能再用。".to_owned(),
        Household::DevicePrepared { neighbourhood } => {
            format!("正在成为您家在“{neighbourhood}”的设备。")
        }
        Household::Enrolled { neighbourhood } => {
            format!("这里已经是您家在“{neighbourhood}”的一台设备。下一步：linli node")
        }
        Household::EnrolledAlready { neighbourhood } => format!(
            "这里早已是您家在“{neighbourhood}”的一台设备，什么都没有改动。下一步：linli node"
        ),
        Household::BackupPassphrase => "备份的口令：".to_owned(),
        Household::NewBackupPassphrase => {
            "给备份选一个口令（留空则在旁边生成密钥文件）：".to_owned()
        }
        Household::BackupKey { path } => {
            format!("没有口令：打开备份的是 {path}。请把两者放在不同的地方：两样都有的人就是您家。")
        }
        Household::BackupMade { file, bytes } => format!(
            "{file}：备份，{}。请检查：linli backup verify {file}",
            plain::bytes(bytes)
        ),
        Household::BackupInside(told) => [
            ("小区", &told.neighbourhood),
            ("住户", &told.member),
            ("生成于", &told.made),
            ("条目", &told.entries.to_string()),
            ("设备", &told.devices.to_string()),
            ("草稿", &told.drafts.to_string()),
            ("大小", &plain::bytes(told.bytes)),
        ]
        .map(|(label, value)| format!("{label}\t{value}"))
        .join("\n"),
        Household::WouldRestore { home } => format!(
            "所有散列和签名都对。恢复会让 {home} 成为本户的一台新设备，用自己的新密钥，并从邻居那里取回备份之后写下的内容。什么都没有改动。"
        ),
        Household::Restored { device, former } => format!(
            "已经恢复，是一台新设备（{device}）。下一步：linli node，它会取回备份之后的内容。如果旧设备丢了：linli device revoke {former} --reason \"丢失\""
        ),
        Household::SheetMade { file } => format!(
            "{file}：请打印出来，和重要纸张放在一起，然后删掉这个文件。有这些词的人就是您家。"
        ),
        Household::LeaveWarning { founder } => format!(
            "您家要搬出：本户所有设备都会停用，邻居会看到您家已搬出；全部内容导出后，这里的密钥和存储会被删除。您写过的内容仍在邻居那里，除非您先清除（linli erase）。这里不能再打开；只有恢复词能让您家回来。{}",
            if founder {
                "小区是您家创建的：三个机构都有管理员之前，再没有别人能移出住户或任命管理员。"
            } else {
                ""
            }
        ),
        Household::MovedOut => "已搬出".to_owned(),
        Household::InPlaceOf { of } => format!("接替 {of}"),
        Household::Confirm => "继续请输入“是”：".to_owned(),
        Household::Left { held: true, folder } => {
            format!("您家已经搬出，已有邻居知道。全部内容在 {folder}，这里已经删除。")
        }
        Household::Left {
            held: false,
            folder,
        } => format!(
            "您家已经搬出，但没有连上任何邻居。请把 {folder}/space.bundle 交给一位邻居（linli import bundle），大家才会知道。全部内容在 {folder}，这里已经删除。"
        ),
    }
}

/// Returns what happened, what was kept and what to do next.
pub fn error(language: Language, error: &HouseholdError) -> String {
    let chinese = language == Language::Chinese;
    let pick = |zh: &str, en: &str| if chinese { zh } else { en }.to_owned();
    match error {
        HouseholdError::Code(fault) => code(chinese, fault),
        HouseholdError::Refused(refusal) => refused(chinese, refusal),
        HouseholdError::NotTaken(refusal) => format!(
            "{}{}",
            why_refused(chinese, refusal),
            pick(
                "这里什么都没有留下；请在另一台设备上重新生成一个设备码，再回到那一步输入。",
                " Nothing was kept here; make a new code on the other device, and go back to give it.",
            )
        ),
        HouseholdError::Pending => pick(
            "还没有连上能登记这台设备的节点。文件夹保留着，节点运行时会继续：请让另一台设备的 linli node 运行着，或用 --dial 给出邻居的地址。",
            "Nobody was reached yet who could enrol this device. The home is kept and goes on whenever its node runs: keep linli node running on the other device, or name a neighbour's address with --dial.",
        ),
        HouseholdError::WhereNeeded => pick(
            "恢复词说不出小区在哪里，而标准输入要留给恢复词。什么都没有改动；请加上一位邻居的邀请，或用 --dial 加上邻居或中继的地址。",
            "The words do not tell where the neighbourhood is, and standard input has the words. Nothing was changed; add a neighbour's invitation, or the address of a neighbour or relay with --dial.",
        ),
        HouseholdError::Find(fault) => find(chinese, fault),
        HouseholdError::OwnDevice => pick(
            "这就是正在用的这台设备：停用之后它什么都不能再写。什么都没有改动；请在另一台设备上停用它，确实要这样做请加 --force。",
            "This is the device you are using: revoked, it can write nothing more. Nothing was changed; revoke it from another device, or add --force if you mean it.",
        ),
        HouseholdError::NoKey => pick(
            "这台设备上没有住户密钥。什么都没有写下；请在有密钥的设备上做。",
            "The household's key is not on this device. Nothing was written; do this on the device that holds it.",
        ),
        HouseholdError::Backup { path, source } => {
            format!("{}{}", at(chinese, path), backup(chinese, source))
        }
        HouseholdError::Contents { path, source } => {
            format!("{}{}", at(chinese, path), contents(chinese, source))
        }
        HouseholdError::InTheWay { path } => format!(
            "{}{}",
            at(chinese, path),
            pick(
                "那里已经有别的东西，保持原样。请换一个名字。",
                "Something else stands there, and was left as it is. Name another."
            )
        ),
        HouseholdError::PaperInTheWay { path } => format!(
            "{}{}",
            at(chinese, path),
            pick(
                "那里已经有一个文件，保持原样。请换一个名字，要替换它就加上 --force。",
                "A file stands there, and was left as it is. Name another, or replace it with --force."
            )
        ),
        HouseholdError::PaperTooLong => pick(
            "内容太多，印不成 PDF。请选纯文本。",
            "There is too much for a PDF. Choose plain text.",
        ),
        HouseholdError::Write(fault) => format!(
            "{}{}",
            pick("文件没有写好：", "The file was not written: "),
            unwritten(language, fault)
        ),
        HouseholdError::Make { path, source } => {
            format!(
                "{}{}",
                at(chinese, path),
                refused_by_system(language, source)
            )
        }
        HouseholdError::SheetFormat { path } => format!(
            "{}{}",
            at(chinese, path),
            pick(
                "恢复单的文件名要以 .svg、.html 或 .txt 结尾。什么都没有写下。",
                "A recovery sheet ends in .svg, .html or .txt. Nothing was written."
            )
        ),
        HouseholdError::PassphraseNeeded => pick(
            "打开备份要口令，而没有人可以问。什么都没有改动；请设置 LINLI_BACKUP_PASSPHRASE，或在终端上运行。",
            "The backup is locked with a passphrase and nobody can be asked. Nothing was changed; set LINLI_BACKUP_PASSPHRASE, or run the command on a terminal.",
        ),
        HouseholdError::Declined => pick(
            "没有确认。什么都没有改动。",
            "Not confirmed. Nothing was changed.",
        ),
    }
}

fn code(chinese: bool, fault: &InvitationError) -> String {
    let what = match (fault, chinese) {
        (InvitationError::Prefix, true) => "这不是设备码：设备码以 linlidev1 开头。".to_owned(),
        (InvitationError::Prefix, false) => {
            "This is no code for a device: one begins with linlidev1.".to_owned()
        }
        (InvitationError::MixedCase, true) => "设备码混用了大小写。".to_owned(),
        (InvitationError::MixedCase, false) => {
            "The code mixes capital and small letters.".to_owned()
        }
        (InvitationError::Character { position, .. }, true) => {
            format!("设备码的第 {position} 个字符不会出现在设备码里。")
        }
        (InvitationError::Character { position, .. }, false) => {
            format!("Character {position} of the code does not occur in codes.")
        }
        (InvitationError::Truncated, true) => "设备码缺了结尾。".to_owned(),
        (InvitationError::Truncated, false) => "The end of the code is missing.".to_owned(),
        (InvitationError::TooLong, true) => "这比任何设备码都长。".to_owned(),
        (InvitationError::TooLong, false) => "This is longer than any code.".to_owned(),
        (InvitationError::Checksum { position: Some(at) }, true) => {
            format!("设备码的第 {at} 个字符不对。")
        }
        (InvitationError::Checksum { position: Some(at) }, false) => {
            format!("Character {at} of the code is wrong.")
        }
        (InvitationError::Checksum { position: None }, true) => {
            "设备码有好几个字符不对。".to_owned()
        }
        (InvitationError::Checksum { position: None }, false) => {
            "Several characters of the code are wrong.".to_owned()
        }
        (InvitationError::Version { found }, true) => {
            format!("设备码是第 {found} 版，这个程序不认识：请安装新版。")
        }
        (InvitationError::Version { found }, false) => format!(
            "The code has version {found}, which this program does not know: install a newer one."
        ),
        (InvitationError::Content(_) | InvitationError::Limit { .. }, true) => {
            "设备码的内容没有意义。".to_owned()
        }
        (InvitationError::Content(_) | InvitationError::Limit { .. }, false) => {
            "The code's content makes no sense.".to_owned()
        }
    };
    match chinese {
        true => format!("{what}什么都没有生成；请重新抄一遍，或重新要一个：linli device add。"),
        false => {
            format!("{what} Nothing was made; copy it again, or make another: linli device add.")
        }
    }
}

fn why_refused(chinese: bool, refusal: &protocol::api::Refusal) -> String {
    match (refusal.code.as_str(), chinese) {
        ("expired", true) => "设备码已经过期。".to_owned(),
        ("expired", false) => "The code has expired.".to_owned(),
        ("used-up", true) => {
            "设备码已经用过了。如果不是您用的，请马上运行 linli device 看看多了哪台设备，并停用它。"
                .to_owned()
        }
        ("used-up", false) => "The code has been used. If that was not you, run linli device on the other device at once, and revoke what you do not know.".to_owned(),
        ("unknown-invitation", true) => "对方没有生成过这个设备码。".to_owned(),
        ("unknown-invitation", false) => "The other device did not make this code.".to_owned(),
        _ => node_words(refusal),
    }
}

fn refused(chinese: bool, refusal: &protocol::api::Refusal) -> String {
    let why = why_refused(chinese, refusal);
    match chinese {
        true => format!(
            "{why}文件夹保留着：请在另一台设备上再运行 linli device add，然后在这里用新的设备码运行 linli join。"
        ),
        false => format!(
            "{why} The home is kept: run linli device add on the other device again, and linli join with the new code here."
        ),
    }
}

fn find(chinese: bool, fault: &FindError) -> String {
    match (fault, chinese) {
        (FindError::Address { address }, true) => format!(
            "{} 不是地址；地址像 /ip4/192.0.2.1/tcp/4101。什么都没有生成。",
            plain::line(address)
        ),
        (FindError::Address { address }, false) => format!(
            "{} is no address; one looks like /ip4/192.0.2.1/tcp/4101. Nothing was made.",
            plain::line(address)
        ),
        (FindError::Unknown, true) => "答话的节点不认识这些词的住户。什么都没有生成；请检查恢复词和地址。".to_owned(),
        (FindError::Unknown, false) => "Whoever answers there does not know the household of these words. Nothing was made; check the words and the address.".to_owned(),
        (FindError::Refused(_), true) => "对方不肯说：您家可能已被移出。什么都没有生成；请找管理员。".to_owned(),
        (FindError::Refused(_), false) => "Whoever answers there does not tell: your household may have been removed. Nothing was made; talk to a steward.".to_owned(),
        (FindError::Unreachable | FindError::Network(_), true) => "那里没有人答话。什么都没有生成；请检查地址，确认对方的节点在运行。".to_owned(),
        (FindError::Unreachable | FindError::Network(_), false) => "Nobody answers there. Nothing was made; check the address, and that a node runs there.".to_owned(),
    }
}
