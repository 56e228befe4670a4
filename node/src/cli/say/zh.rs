//! What the command line says in Chinese.

use std::path::Path;

use protocol::api::{Completeness, Delivery, Refusal, Status};
use protocol::invitation::InvitationError;
use protocol::words::WordsError;
use tui::client::ClientError;

use super::{Message, governing, helping, household, moderating, names, node_words, why};
use crate::cli::agreement::Unwritten;
use crate::cli::error::CliError;
use crate::cli::language::Language;
use crate::cli::plain;
use crate::refusal;
use crate::running::{EndError, StartError};
use crate::setup::SetupError;

const CHINESE: Language = Language::Chinese;

/// Returns a message.
pub fn text(message: Message<'_>) -> String {
    match message {
        Message::Founded { neighbourhood } => format!("“{neighbourhood}”创建好了。"),
        Message::AfterFounding => "接下来可以：\n  linli post request --title \"…\" --body \"…\"   发一条求助\n  linli invite --uses 1 --expires 7d            邀请一位邻居\n  linli node                                    运行节点".to_owned(),
        Message::WordsFollow => "下面是本户的恢复词。请抄在纸上：只显示这一次，别处都不保存。谁有这些词，谁就能代表本户。".to_owned(),
        Message::JoinPrepared { neighbourhood } => format!("正在加入“{neighbourhood}”。"),
        Message::Admitted { neighbourhood } => format!("已加入“{neighbourhood}”。接下来运行：linli node"),
        Message::AlreadyMember { neighbourhood } => format!("这一户已经是“{neighbourhood}”的成员，什么都没有改动。接下来：linli node"),
        Message::Invited { uses, expires } => format!("可用 {uses} 次，{expires} 前有效。拿到它的人都能加入，请只给该给的人。对方加入之前请让 linli node 一直运行。"),
        Message::NodeRuns { neighbourhood, pending: false } => format!("“{neighbourhood}”的节点正在运行。"),
        Message::NodeRuns { pending: true, .. } => "节点正在运行，等待邀请人接纳。".to_owned(),
        Message::Unserved(refusal) => node_words(refusal),
        Message::SettingStage => "正在布置演示小区：四户人家、一个中继，全在本机，结束时不留任何东西……".to_owned(),
        Message::StageStands { neighbourhood } => format!("演示小区“{neighbourhood}”正在运行，按 Ctrl-C 结束并清除。可以在另一个终端里运行："),
        Message::Stopping => "节点正在停止。".to_owned(),
        Message::Written { id } => format!("已保存在本机：{id}"),
        Message::NotForYou => "（已密封，不是给您家看的）".to_owned(),
        Message::Readers { readers: [] } => "别家都看不到。".to_owned(),
        Message::Readers { readers } => format!("也看得到的人家：{}。看过的收不回来。", readers.join("、")),
        Message::ContactNotWritten { id } => format!("已经发布（{id}），但联系方式没有密封好。请再试：linli details {id} --set \"…\""),
        Message::NothingFound => "还没有内容。".to_owned(),
        Message::KindAndState { kind, state } => match state {
            Some(state) => format!("{}·{}", names::kind(CHINESE, kind), names::state(CHINESE, kind, state)),
            None => names::kind(CHINESE, kind),
        },
        Message::Completeness(completeness) => match completeness {
            Completeness::Complete => "",
            Completeness::Incomplete => "［不完整：还有部分内容没有收到］",
            Completeness::Erased => "［已清除］",
            Completeness::ReadOnly => "［只读：需要更新版本的 linli］",
        }
        .to_owned(),
        Message::TimeAhead => "作者的时钟比本机快。".to_owned(),
        Message::Delivery(delivery) => delivery_line(delivery),
        Message::Conflict { field, values } => format!("{field} 有几个人同时填写：{}", values.join("｜")),
        Message::Labelled { name, value } => format!("{name}：{value}"),
        Message::ChangeExcluded => " [不算数]".to_owned(),
        Message::Unread { unread } => format!("已记下。还没读的：{unread}"),
        Message::Comments => "评论".to_owned(),
        Message::Relay { cut: false } => "中继".to_owned(),
        Message::Relay { cut: true } => "中继（已终止）".to_owned(),
        Message::MemberKind { kind, removed } => {
            let name = names::member(CHINESE, kind);
            let removed = if removed { "（已移出）" } else { "" };
            format!("{name}{removed}")
        }
        Message::Role { role, of, appointment, by } => {
            let (name, given) = (names::role(CHINESE, role), governing::given(CHINESE, by));
            match of {
                Some(of) => format!("{name}：{}（{appointment}）{given}", plain::line(of)),
                None => format!("{name}（{appointment}）{given}"),
            }
        }
        Message::Governing(said) => governing::text(CHINESE, said),
        Message::Moderating(said) => moderating::text(CHINESE, said),
        Message::Helping(said) => helping::text(CHINESE, said),
        Message::Household(said) => household::text(CHINESE, said),
        Message::Founder => "创建者".to_owned(),
        Message::Forked => "有设备的日志分叉了".to_owned(),
        Message::ExcludedFollow => "不算数的声明：".to_owned(),
        Message::Device { this, cut, forked } => {
            let states = [(this, "本设备"), (cut, "已停用"), (forked, "日志分叉")];
            let held = states.iter().filter(|(holds, _)| *holds);
            let held: Vec<&str> = held.map(|(_, name)| *name).collect();
            held.join("，")
        }
        Message::NoPeers => "还没有其他节点。连接一个：linli peers --dial 地址".to_owned(),
        Message::Peer { connected, in_step } => names::peer(CHINESE, connected, in_step),
        Message::Status(status) => status_lines(status),
        Message::ImportError { row, line, column, what } => format!("第 {row} 行（文件第 {line} 行）“{column}”栏：{what}"),
        Message::Imported { imported, skipped, encoding, preview } => {
            let verb = if preview { "将导入" } else { "已导入" };
            format!("{verb} {imported} 条，跳过已有的 {skipped} 条（编码 {encoding}）。")
        }
        Message::Taken { entries } => format!("收到 {entries} 个新条目。"),
        Message::Healthy => "一切正常。".to_owned(),
        Message::TypeWords => "请输入 24 个恢复词，中文或英文：".to_owned(),
        Message::WordsAreRight { member } => format!("恢复词正确，对应的住户是 {member}。"),
        Message::Passphrase => "口令：".to_owned(),
        Message::NewPassphrase => "设一个口令（留空则改用密钥文件）：".to_owned(),
        Message::PassphraseAgain => "再输一遍口令：".to_owned(),
        Message::KeyFileChosen => "没有设口令：用数据文件夹里的密钥文件打开密钥库。能读这个文件夹的人就能代表本户。".to_owned(),
        Message::Welcome { home } => format!("{home} 里还没有内容。\n\n创建一个小区：\n  linli init --found \"小区名\" --household \"户名\" --building 3\n或者用邀请加入：\n  linli join linli1… --household \"户名\" --building 3\n\n全部命令：linli --help"),
        Message::NextCommands => "接下来可以：\n  linli list                                    看看有什么\n  linli post request --title \"…\" --body \"…\"   发一条求助\n  linli invite                                  邀请一位邻居\n  linli node                                    运行节点\n\n全部命令：linli --help".to_owned(),
    }
}

/// Returns what happened, what was kept and what to do next.
pub fn error(error: &CliError) -> String {
    match error {
        CliError::Usage(error) => usage(error),
        CliError::Client(error) => client(error),
        CliError::Start(error) => start(error),
        CliError::End(EndError::DiskFull) => "磁盘满了，节点已停止。保存过的都保留着，最后的改动没有保存。请腾出空间，再启动节点。".to_owned(),
        CliError::End(EndError::Store(_)) => format!("存储出错，节点已停止（{}）。已确认的内容都保留着。请检查磁盘，然后运行：linli doctor。", why(CHINESE, error)),
        CliError::End(EndError::Core) => "节点意外结束。已确认的内容都保留着。请重新启动，并报告这个问题。".to_owned(),
        CliError::Setup(error) => setup(error),
        CliError::NoHome { home } => format!("{} 里还没有内容。请先运行 linli init 或 linli join，或者用 --home 指定别的文件夹。", home.display()),
        CliError::NoFolder => "这个用户没有主目录。请用 --home 指定文件夹。".to_owned(),
        CliError::WrongMode { is_relay: true } => "这是给中继用的。请用 linli relay；邀请中继用 linli invite --relay。".to_owned(),
        CliError::WrongMode { is_relay: false } => "这是给住户用的。请用 linli node 和 linli join。".to_owned(),
        CliError::PassphraseNeeded => "密钥库锁着，又没有人可以输入口令。什么都没有改动。请设置 LINLI_PASSPHRASE，或者在终端里运行。".to_owned(),
        CliError::PassphrasesDiffer => "两次输入的口令不一样。什么都没有创建，请再试一次。".to_owned(),
        CliError::BrokenOff => "已中断，什么都没有改动。".to_owned(),
        CliError::Words(error) => words(error),
        CliError::Invitation(error) => invitation(error),
        CliError::JoinRefused(refusal) => join_refused(refusal),
        CliError::Household(error) => household::error(CHINESE, error),
        CliError::JoinPending => "还没有联系上邀请人。数据已保留，节点一运行就会继续加入：请运行 linli node；如果找不到对方，用 --dial 加上对方的地址。".to_owned(),
        CliError::Name { field } => format!("--{field} 是空的、太长，或者有不能显示的字符。什么都没有改动，请换一个。"),
        CliError::Ambiguous { name, candidates } => format!("“{name}”可能指好几个，请写长一点：{}。", candidates.join("；")),
        CliError::Unknown { name } => format!("这里没有“{name}”。请用 linli list 或 linli roster 查看；如果是新的，可能还在路上。"),
        CliError::Agreement(Unwritten::NoTitle) => "文件是空的。什么都没有发布；第一行写标题。".to_owned(),
        CliError::Agreement(Unwritten::NoRules) => "文件里没有条款。什么都没有发布；每条一行，以 1.、2.、3. 开头。".to_owned(),
        CliError::Agreement(Unwritten::Number { line, found, expected }) => format!(
            "第 {line} 行是第 {expected} 条，却写着 {found}。什么都没有发布；请按 1、2、3 编号。"
        ),
        CliError::Edition { number, newest } if number > newest => format!("这里没有公告的第 {number} 版，最新的是第 {newest} 版。什么都没有登记。新的一版可能还在路上。"),
        CliError::Edition { number, newest } => format!("第 {number} 版有重要更正，签在上面的不算数。什么都没有登记。请在第 {newest} 版上签。"),
        CliError::NoAgreement => "这里还没有公约，也许还没有收到。".to_owned(),
        CliError::NoOffer => "本户在那里没有响应。用 `linli offer` 响应，用 `linli show` 查看。".to_owned(),
        CliError::NobodyToThank => "那里还没有人帮过忙。办好以后再道谢：`linli done`。".to_owned(),
        CliError::NothingToAnswer => "那里没有等您回应的话。用 `linli show` 查看。".to_owned(),
        CliError::NothingToChange => "没有说要改什么。请用 --title、--body、--category 或 --field 名称=内容。".to_owned(),
        CliError::NotText { source_name } => format!("{}不是 UTF-8 文字。什么都没有改动。", input(source_name)),
        CliError::TooLarge { source_name, bytes_max } => format!("{}超过 {}。什么都没有改动，请分成几份。", input(source_name), plain::bytes(*bytes_max as u64)),
        CliError::File { path, source } => format!("读不了 {}：{source}。什么都没有改动。", path.display()),
        CliError::ImportErrors { count } => format!("文件里有 {count} 处错误，所以一条都没有导入。请改好后再导入。"),
        CliError::Findings { count } => format!("检查发现 {count} 个问题。什么都没有改动。请先把整个数据文件夹复制一份。"),
        CliError::OnStage => "演示里的住户都已经安好家，不用再创建或打开。".to_owned(),
        CliError::StageTooSlow => "演示的节点没有在限定时间内连到一起，演示已经清除。请等电脑空闲一些再试。".to_owned(),
        CliError::StageFolder(source) => format!("演示用的临时文件夹无法创建或清除：{source}。请检查临时文件夹（TMPDIR）里以 linli-demo- 开头的文件夹。"),
        CliError::NoStage => "这只在演示里有：linli demo。".to_owned(),
        CliError::FrontEnd(_) => {
            "这个终端用不了。什么都没有改变；请在普通终端里打开，或用命令：linli help。".to_owned()
        }
        CliError::NoCapacity { name, own } if own.is_empty() => {
            format!("您家没有“{name}”这个身份，也没有别的身份。去掉 --as，就以住户的名义发。")
        }
        CliError::NoCapacity { name, own } => {
            format!("您家没有“{name}”这个身份。可以用：{}。", own.join("、"))
        }
        CliError::Unprintable(_) => "内容太多，印不成 PDF。可以改用 --format text。".to_owned(),
        CliError::BytesOnTerminal => "这种格式不是文字，请存到文件：> 文件。".to_owned(),
        CliError::Output(source) => format!("输出写不出去：{source}。节点里的工作已经完成。"),
        CliError::Machine(source) => format!("系统拒绝了：{source}。什么都没有改动。"),
        CliError::ReaderGone => "读取输出的程序已经结束。".to_owned(),
        CliError::OtherAnswer => "节点和本程序的版本不同，不确定有没有改动。请停止节点后再试。".to_owned(),
    }
}

fn usage(error: &clap::Error) -> String {
    use clap::error::{ContextKind, ErrorKind};
    let told = |kind| {
        let value = error.get(kind).map(ToString::to_string);
        plain::line(&value.unwrap_or_default())
    };
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识 {}。", told(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令 {}。", told(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => {
            format!("缺少 {}。", told(ContextKind::InvalidArg))
        }
        ErrorKind::ArgumentConflict => {
            let other = told(ContextKind::PriorArg);
            format!("{} 不能和 {other} 一起用。", told(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = told(ContextKind::InvalidValue);
            format!("{} 不能是“{value}”。", told(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidUtf8 => "命令行里有不是 UTF-8 的文字。".to_owned(),
        _ => "命令没有写完整。".to_owned(),
    };
    format!("{what}什么都没有改动。请看 linli --help。")
}

fn client(error: &ClientError) -> String {
    match error {
        ClientError::Refused(refusal) => refused(refusal),
        ClientError::NotRunning { .. } => {
            "节点在询问时停止了，不确定有没有改动。请再试一次。".to_owned()
        }
        ClientError::Broken(_) => format!(
            "和节点的连接断了（{}）。请求有没有完成还不知道，重复之前请先看看。",
            why(CHINESE, error)
        ),
        ClientError::Unintelligible(_) => "节点和本程序的版本不同。请停止节点后再试。".to_owned(),
        ClientError::Folder { path, source } => {
            format!("打不开 {}：{source}。什么都没有改动。", path.display())
        }
    }
}

fn refused(refusal: &Refusal) -> String {
    let words = node_words(refusal);
    match &refusal.field {
        Some(field) => format!("{words}（字段：{}）", plain::line(field)),
        None => words,
    }
}

fn start(error: &StartError) -> String {
    match error {
        StartError::Absent { home } => self::error(&CliError::NoHome { home: home.clone() }),
        StartError::KeystoreMissing { home } => keystore_missing(home),
        StartError::StoreMissing { home } => store_missing(home),
        StartError::Locked { home, pid } => locked(home, *pid),
        StartError::WrongKey => {
            "口令或密钥文件打不开密钥库。什么都没有改动，请再试一次（注意大小写和输入法）。"
                .to_owned()
        }
        StartError::Keystore(_) => {
            format!("密钥库读不了（{}）。什么都没有改动。", why(CHINESE, error))
        }
        StartError::Settings(_) => format!(
            "设置读不了（{}）。什么都没有改动。请改好或移走 settings.toml。",
            why(CHINESE, error)
        ),
        StartError::StoreNewer { found, known } => format!(
            "数据是更新版本的 linli 写的（{found}，本程序只认识 {known}）。什么都没有改动。请安装新版本。"
        ),
        StartError::StoreOtherKey => "数据是用另一把密钥加密的，密钥库里没有这把密钥。什么都没有改动。请把原来在一起的数据和密钥库放回同一个文件夹。".to_owned(),
        StartError::StoreDamaged(_) => format!(
            "数据损坏了（{}）。什么都没有改动。请先把数据文件夹复制一份，检查磁盘，然后运行：linli doctor。邻居们收到过的内容都还在他们那里。",
            why(CHINESE, error)
        ),
        StartError::DiskFull { home } => disk_full(home),
        StartError::Store(_) => format!("数据打不开（{}）。什么都没有改动。", why(CHINESE, error)),
        StartError::Address { address, .. } => format!(
            "地址 {} 不能用（{}）。什么都没有改动。地址的样子是 /ip4/127.0.0.1/tcp/4101。",
            plain::line(address),
            why(CHINESE, error)
        ),
        StartError::AddressInUse { address } => format!(
            "{} 正被别的程序使用，可能是另一个节点。什么都没有改动。请用 --listen 换一个端口。",
            plain::line(address)
        ),
        StartError::Api(_) => format!(
            "本机接口打不开（{error}：{}）。什么都没有改动。",
            why(CHINESE, error)
        ),
        StartError::File { path, source } => {
            format!("读写不了 {}：{source}。什么都没有改动。", path.display())
        }
    }
}

fn setup(error: &SetupError) -> String {
    match error {
        SetupError::Exists { home } => format!(
            "{} 里已经有一户了，没有动它。请用 --home 指定别的文件夹。",
            home.display()
        ),
        SetupError::KeystoreMissing { home } => keystore_missing(home),
        SetupError::StoreMissing { home } => store_missing(home),
        SetupError::Locked { home, pid } => locked(home, *pid),
        SetupError::Invalid { what } => self::error(&CliError::Name { field: what }),
        SetupError::Keystore(_) => format!(
            "密钥库建不了或打不开（{}）。什么都没有留下。",
            why(CHINESE, error)
        ),
        SetupError::Store(_) => format!(
            "这个数据文件夹用不了（{}）。什么都没有改动。",
            why(CHINESE, error)
        ),
        SetupError::DiskFull { home } => disk_full(home),
        SetupError::Random(_) => {
            "系统给不出随机数，没有它就没有安全的密钥。什么都没有留下。".to_owned()
        }
        SetupError::File { path, source } => {
            format!("读写不了 {}：{source}。什么都没有留下。", path.display())
        }
    }
}

fn keystore_missing(home: &Path) -> String {
    format!(
        "{} 里有数据，但是密钥库 linli.keys 不见了。什么都没有改动。请把密钥库放回去，或者用 --home 指定别的文件夹。",
        home.display()
    )
}

fn store_missing(home: &Path) -> String {
    format!(
        "{} 里有密钥库，但是数据 linli.db 不见了或者是空的。什么都没有改动。数据还在的话请放回去。{}",
        home.display(),
        refusal::ways_out(CHINESE).join("")
    )
}

fn locked(home: &Path, pid: Option<u32>) -> String {
    let who = pid.map_or_else(String::new, |pid| format!("（进程 {pid}）"));
    format!(
        "另一个程序正在使用 {}{who}。什么都没有改动。请先停止它。",
        home.display()
    )
}

fn disk_full(home: &Path) -> String {
    format!(
        "{} 所在的磁盘满了。已确认的内容都保留着，最后的改动没有保存。请腾出空间再试。",
        home.display()
    )
}

fn words(error: &WordsError) -> String {
    match error {
        WordsError::Count { found } => format!("有 {found} 个词，应该是 24 个。"),
        WordsError::Unknown {
            position,
            word,
            candidates,
        } => {
            let word = plain::line(word);
            if candidates.is_empty() {
                format!("第 {position} 个词“{word}”不在词表里。请再看看纸上的字。")
            } else {
                format!(
                    "第 {position} 个词“{word}”不在词表里，可能是：{}。",
                    candidates.join("、")
                )
            }
        }
        WordsError::Checksum => {
            "每个词都在词表里，但合在一起不对：有一个词错了，或者两个词换了位置。请再看看纸上的字。"
                .to_owned()
        }
    }
}

fn invitation(error: &InvitationError) -> String {
    let what = match error {
        InvitationError::Prefix => "这不是邀请：邀请以 linli1 开头。".to_owned(),
        InvitationError::MixedCase => "邀请里大小写混用了。".to_owned(),
        InvitationError::Character { position, .. } => {
            format!("邀请的第 {position} 个字符不会出现在邀请里。")
        }
        InvitationError::Truncated => "邀请的末尾缺了一段。".to_owned(),
        InvitationError::TooLong => "这比任何邀请都长。".to_owned(),
        InvitationError::Checksum {
            position: Some(position),
        } => format!("邀请的第 {position} 个字符错了。"),
        InvitationError::Checksum { position: None } => "邀请里有好几个字符错了。".to_owned(),
        InvitationError::Version { found } => {
            format!("邀请是版本 {found}，本程序不认识，请安装新版本。")
        }
        InvitationError::Content(_) | InvitationError::Limit { .. } => {
            "邀请的内容不通。".to_owned()
        }
    };
    format!("{what}什么都没有创建。请重新复制，或者再要一个邀请。")
}

fn join_refused(refusal: &Refusal) -> String {
    let why = match refusal.code.as_str() {
        "expired" => "邀请过期了。".to_owned(),
        "used-up" => "邀请用完了。".to_owned(),
        "unknown-invitation" => "邀请人不认识这个邀请。".to_owned(),
        _ => format!("邀请人没有接纳（{}）。", node_words(refusal)),
    };
    format!("{why}数据已保留。请再要一个邀请，在同一个文件夹里重新运行 linli join。")
}

fn input(source_name: &str) -> String {
    if source_name == "-" {
        "标准输入".to_owned()
    } else {
        format!("{source_name} ")
    }
}

fn delivery_line(Delivery { relays, homes }: Delivery) -> String {
    let relays = (relays > 0).then(|| format!("{relays} 个中继"));
    let homes = (homes > 0).then(|| format!("{homes} 户"));
    let beyond: Vec<String> = relays.into_iter().chain(homes).collect();
    if beyond.is_empty() {
        return "只存在本机".to_owned();
    }
    format!("已存本机 · 已到 {}", beyond.join("、"))
}

fn status_lines(status: &Status) -> String {
    let member = status.member.as_ref();
    let name = member.map_or_else(|| "-".to_owned(), |member| plain::line(&member.name));
    let neighbourhood = match status.neighbourhood.as_str() {
        "" => "-".to_owned(),
        neighbourhood => plain::line(neighbourhood),
    };
    let mut lines = vec![
        format!("小区\t{neighbourhood}"),
        format!("住户\t{name}"),
        format!("设备\t{}", status.device.short()),
        format!("已连接的节点\t{}", status.peers),
        format!("条目\t{}", status.entries),
        format!("文档\t{}", status.documents),
        format!("邻居还没有收到\t{}", status.unsent),
        format!("占用空间\t{}", plain::bytes(status.store_bytes)),
        format!("前沿摘要\t{}", plain::line(&status.frontier_digest)),
        format!(
            "视图摘要\t{}",
            status
                .view_digest
                .as_deref()
                .map_or_else(|| "-".to_owned(), plain::line)
        ),
    ];
    if status.pending {
        let admission = match status.join_refused {
            Some(_) => "加入\t被拒绝",
            None => "加入\t等待邀请人接纳",
        };
        lines.insert(1, admission.to_owned());
    }
    if status.memory_is_short {
        lines.push(
            "内存\t这个节点占用太多内存：别人暂时连不上它；如果一直这样，请重新启动".to_owned(),
        );
    }
    for member in &status.declined {
        let name = plain::line(&member.name);
        lines.push(format!("写得太多\t{name}：暂时不再收它写的"));
    }
    lines.join("\n")
}
