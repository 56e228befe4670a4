//! Refusals and findings in Chinese.

use protocol::bundle::InvalidBundle;
use protocol::invitation::WriteInvitationError;
use protocol::kind::{DraftError, Fault, Untimely, Warning, Who};
use protocol::roster::Reason;
use protocol::session::frame::RefusedReason;

use super::{Finding, Refusal};
use crate::import::requests::{
    BODY_BYTES_MAX, ImportError, ROWS_MAX, RowFault, SHORT_CHARACTERS_MAX, TITLE_CHARACTERS_MAX,
};
use crate::import::{COLUMNS_MAX, FILE_BYTES_MAX};
use crate::settings::SettingsError;
use crate::store::{Problem, QUERY_CHARS_MAX, QueryError, StoreFault, UNSEALABLE};

/// Says what happened, what was kept and what to do next.
pub fn refusal(refusal: &Refusal) -> String {
    let text = match refusal {
        Refusal::RelayWrites => "中继不写内容。什么都没有改动。",
        Refusal::RelayInvites => "中继不能邀请人。什么都没有改动。",
        Refusal::RelayRoster => "中继不能改名册。什么都没有改动。",
        Refusal::Pending => {
            "您家还没有被小区接纳。什么都没有写下；请让节点运行着，等邀请您的邻居接纳。"
        }
        Refusal::NotCertified => "这台设备已经不属于您家。什么都没有写下。",
        Refusal::NeedsMotion { command } => {
            return format!(
                "这件事需要一项动议，由不同机构的管理员联署。什么都没有写下；请由管理员提出：{command}。"
            );
        }
        Refusal::FounderDecides { founder } => {
            return format!(
                "三个机构都有管理员之前，这件事由创建者（{founder}）一家决定。什么都没有写下；请找他们。"
            );
        }
        Refusal::NothingOfRelay => {
            "中继什么都不写，没有可以作废的。什么都没有改动；停用中继时不要写从何时起。"
        }
        Refusal::NotOfIt => {
            "这一条不是它写的，或者不在这里。什么都没有改动；编号请看 linli list 和 linli history。"
        }
        Refusal::NotSteward => {
            "只有机构的管理员能提出和联署动议。什么都没有写下；管理员是谁，请看 linli roster。"
        }
        Refusal::NoMotion => "这里没有这项动议，可能还在路上。请看 linli motion list。",
        Refusal::MotionLapsed => {
            "这项动议已经失效：另一项动议占了它的位置。什么都没有写下；如果还需要，请重新提出。"
        }
        Refusal::MotionIncomplete { signed, needed } => {
            return format!(
                "需要 {needed} 个机构署名，现在有 {signed} 个。什么都没有写下；请其他机构的管理员运行 linli cosign。"
            );
        }
        Refusal::MotionVoid(reason) => {
            return format!(
                "动议也做不到这件事：{}。什么都没有写下；请看 linli roster。",
                no_right(*reason)
            );
        }
        Refusal::RemovedAlready => {
            "这个成员已被移出。什么都没有写下；重新接纳请用 linli motion readmit。"
        }
        Refusal::NotRemoved => {
            "这个成员没有被移出。什么都没有写下；如果它接替另一户，请用 --successor-of 写明。"
        }
        Refusal::NotGuest => "这个成员不是访客。什么都没有写下；谁是访客，请看 linli roster。",
        Refusal::NoRight(reason) => {
            return format!("您家不能这样做：{}。什么都没有写下。", no_right(*reason));
        }
        Refusal::NotServed => {
            "邻居的节点不再接纳这台设备：它被停用了，或者您家被移出了小区。这里存的都保留着，但您写的只留在本机。请问问邻居或管理员。被停用的设备，请在您家另一台设备上用 linli device add 生成设备码，在空文件夹里重新加入；被移出的住户可以由管理员接回，或者凭新的邀请重新加入。"
        }
        Refusal::KeyReused => "这台设备的密钥在别处用过，必须更换。什么都没有写下。",
        Refusal::NoHouseholdKey => {
            "这件事要用住户密钥，而这台设备上没有。什么都没有写下；请用有密钥的那台设备，或在另一个文件夹用恢复词：linli join --words -。"
        }
        Refusal::NoNotice => {
            "只有公告才需要确认收到，这不是公告。什么也没有写；有哪些公告，看 linli list notices。"
        }
        Refusal::NotKnocking => {
            "替别家记下确认的，只能是发公告的人、管理员，或那一栋的楼长。什么也没有写；请把签好的纸交给他们（看 linli roster），或者请那一家自己确认。"
        }
        Refusal::NoDocument => "这里没有这份内容，可能还在路上。",
        Refusal::NoDetails => {
            "没有要写的私密内容。要清除以前写的，请用 linli details 编号 --erase 或 linli door --erase。"
        }
        Refusal::DetailsTooLong { bytes, bytes_max } => {
            return format!(
                "私密内容有 {bytes} 字节，最多 {bytes_max} 字节。什么都没有写下；请写短一些。"
            );
        }
        Refusal::NothingToErase => "您家没有在这里写过私密内容。",
        Refusal::Moderation(refusal) => return refusal.in_chinese(),
        Refusal::NoName => "没有写这户叫什么。什么都没有写下；请写上名字。",
        Refusal::NoConsent => {
            "没有写这户是怎么同意的。什么都没有写下；请写清楚，例如“12月3日的纸条，在楼长的夹子里”。"
        }
        Refusal::ConsentTooLong { bytes_max } => {
            return format!(
                "写同意的话太长了，最多 {bytes_max} 字节。什么都没有写下；请写短一点。"
            );
        }
        Refusal::Proxies { max } => {
            return format!("一次最多写 {max} 个代办人。什么都没有写下；请少写几个。");
        }
        Refusal::NoRecord => "名册里没有这个没有设备的住户。请看 linli household list。",
        Refusal::RecordEnded => {
            "这户的登记已经结束了。什么都没有写下；这户又同意了的话，请用 linli household record 重新登记。"
        }
        Refusal::NotActing => {
            "这个成员没有代这户办事。什么都没有写下；谁在代办，请看 linli household list。"
        }
        Refusal::NoMember => "名册里没有这个成员。请看 linli roster。",
        Refusal::NoAppointment => "名册里没有这项任命。请看 linli roster。",
        Refusal::CodeLifetime => "设备码最多有效一天。没有生成设备码；一般十分钟就够。",
        Refusal::NoCode => "这里没有这个设备码。请看 linli device codes。",
        Refusal::CodeName { detail } => {
            return format!("这不是设备码的名称（{detail}）；请看 linli device codes。");
        }
        Refusal::OneSuccessor => {
            "接替另一户的只能是一户：这样的邀请只用一次，而且是邀请住户。没有发出邀请。"
        }
        Refusal::BackupLock => "备份要有口令，或 64 位十六进制的密钥。没有生成备份。",
        Refusal::Memory => "内存不够，无法处理口令。没有生成备份；请关掉别的程序再试。",
        Refusal::BackupTooLarge { bytes_max } => {
            return format!(
                "内容超过了备份能装下的 {bytes_max} 字节。没有生成备份；请在节点停下时复制整个文件夹。"
            );
        }
        Refusal::NoDevice => "您家没有这台设备。请看 linli roster。",
        Refusal::Draft(error) => return draft(error),
        Refusal::Entry(_) => "内容太长，一个条目放不下。什么都没有写下，请写短一点。",
        Refusal::NoKind { name } => return format!("没有叫“{name}”的内容种类。"),
        Refusal::Cursor => "这不是列表里的位置。",
        Refusal::Prefix => "名称的开头最多 64 个十六进制数字。",
        Refusal::Search(QueryError::TooLong { found }) => {
            return format!("搜索词最多 {QUERY_CHARS_MAX} 个字，这里有 {found} 个。");
        }
        Refusal::Address => "这不是地址；地址的样子是 /ip4/192.168.1.5/tcp/4101。",
        Refusal::Uses { max } => return format!("一个邀请可以用 1 到 {max} 次。"),
        Refusal::Addresses(error) => return format!("这些地址放不进邀请：{}。", addresses(error)),
        Refusal::Base => {
            "文档里没有这次修改的出发点。什么都没有写下；请留好文字，重新打开文档再放进去。"
        }
        Refusal::NoEntry => "文档里没有这个条目。什么都没有写下；请再看看它的历史。",
        Refusal::DraftName => "草稿的名称由 1 到 96 个字母、数字、- 和 _ 组成。什么都没有改动。",
        Refusal::DraftTooLarge { bytes_max } => {
            return format!(
                "草稿超过 {bytes_max} 字节。以前保存的保留着；请写短一点，或者把一部分存到文件里。"
            );
        }
        Refusal::Drafts { max } => {
            return format!("已经有 {max} 份草稿。它们都保留着；请先丢掉一些。");
        }
        Refusal::Marks { max } => return format!("一次最多标记 {max} 份。什么都没有改动。"),
        Refusal::SettingsUnreadable(error) => {
            return format!(
                "{}。什么都没有改动；请改好或移走数据文件夹里的 settings.toml。",
                settings(error)
            );
        }
        Refusal::SettingsUnwritable => {
            "设置写不下去。以前的设置保留着；请检查磁盘和数据文件夹的权限。"
        }
        Refusal::NoRole => {
            "角色有 steward（管理员）、moderator（版主）、building-lead（楼长）和 spokesperson（发言人）。"
        }
        Refusal::NoOffice { role } => return format!("{role} 属于一个机构，请用 --office 写明。"),
        Refusal::NoBuilding => "楼长属于一栋楼，请用 --building 写明。",
        Refusal::ReasonTooLong { bytes_max } => return format!("理由最多 {bytes_max} 字节。"),
        Refusal::Table(error) => return format!("{}。一条都没有导入。", table(error)),
        Refusal::Bundle(error) => return bundle(error),
        Refusal::BundleEntries(_) => "文件里有验证不过的条目。在它之前的都保留了；请再要一份文件。",
        Refusal::Join(reason) => join(*reason),
        Refusal::Random => "系统给不出随机数。什么都没有改动，请再试一次。",
        Refusal::DiskFull => {
            "磁盘满了，节点停止运行。这次改动没有保存，以前保存的都保留着。请腾出空间，启动节点后再试。"
        }
        Refusal::Storage => {
            "存储出错，节点停止运行。这次请求什么都没有改动，以前确认过的都保留着。请检查磁盘，然后运行 linli doctor。"
        }
        Refusal::Stopping => "节点正在停止。什么都没有改动；请启动节点后再试。",
        Refusal::Busy => "节点正忙，没有接受请求。什么都没有改动，请再试一次。",
        Refusal::Connections => "连接的程序太多。什么都没有改动，请稍后再试。",
        Refusal::Listeners { max } => return format!("已经有 {max} 个程序在听，请先停掉一个。"),
        Refusal::Json { detail } => return format!("请求的内容不是这里要的 JSON（{detail}）。"),
        Refusal::Query { detail } => return format!("看不懂网址里的参数（{detail}）。"),
        Refusal::DocumentName { detail } => return format!("文档的名称不对（{detail}）。"),
        Refusal::MemberName { detail } => {
            return format!("成员的编号不对（{detail}）；请看 linli roster。");
        }
        Refusal::EntryName { detail } => {
            return format!("动议的编号不对（{detail}）；请看 linli motion list。");
        }
        Refusal::TooLarge { bytes_max } => {
            return format!("内容超过 {bytes_max} 字节。什么都没有改动，请减少一些。");
        }
        Refusal::BrokenOff => "内容没有传完就断了。什么都没有改动，请再发一次。",
        Refusal::TooSlow => "内容没有按时传完。什么都没有改动，请再发一次。",
        Refusal::NoPath => "没有这个路径；请看 /v1/openapi.json。",
        Refusal::NoMethod => "这个路径要用别的方法；请看 /v1/openapi.json。",
    };
    text.to_owned()
}

/// Says what the author of a draft should look at again.
pub fn warning(warning: &Warning) -> String {
    match warning {
        Warning::LikelyDuplicate { of, title } => format!(
            "您家好像已经在“{title}”（{}）里求助过同样的事；如果是，请把一条并到另一条，两条都还看得到。",
            of.short()
        ),
        Warning::PhoneNumber { field } => {
            format!("{field}：这里像是有电话号码，而所有人都看得到；请删掉，只告诉帮忙的人。")
        }
    }
}

/// Says why a fact would change nothing, and what to do.
const fn untimely(why: Untimely) -> &'static str {
    match why {
        Untimely::NoSuchOffer => "求助里没有这个响应；请再看看求助，照抄它的名称",
        Untimely::NotYourOffer => "这是别家的响应；请让帮手或求助人来做",
        Untimely::OwnRequest => "这是您自己的求助；请等邻居响应，或者取消它",
        Untimely::Expired => "已经过期；求助人可以延期",
        Untimely::Over => "已经结束；求助人十四天内可以重新打开，或者另发一条",
        Untimely::StillOpen => "还没有结束；请直接修改，或者先取消",
        Untimely::Full => "要的人手已经够了；请先放一位帮手走，或者多要几位",
        Untimely::Accepted => "这个响应已经接受过；请等帮手确认时间",
        Untimely::NotAccepted => "这个响应还没有被接受；请求助人先接受",
        Untimely::Withdrawn => "这个响应已经不算数；帮手可以再响应一次",
        Untimely::UnderWay => "时间已经确认过；办好以后请说一声",
        Untimely::Done => "已经办好；请求助人确认",
        Untimely::NotDone => "还没有办好；请先说办好了",
        Untimely::NoGoods => "只有借东西可以不用约；请接受这个响应",
        Untimely::TooLateToReopen => "结束已经超过十四天；请另发一条求助",
        Untimely::NothingToAnswer => "没有指明要回应的是哪一条；请再看看求助，照抄它的名称",
    }
}

/// Says what is wrong with a draft and what to do.
pub fn draft(error: &DraftError) -> String {
    let field = &error.field;
    let what = match &error.fault {
        Fault::Kind { known } => format!("没有这种内容；可以用：{}", known.join("、")),
        Fault::Unknown { known } => format!("没有这个字段；可以用：{}", known.join("、")),
        Fault::Missing => "没有填；请填上".to_owned(),
        Fault::Text => "不是文字；请写文字".to_owned(),
        Fault::Chars { chars, chars_max } => {
            format!("有 {chars} 个字，最多 {chars_max} 个；请写短一点，或者把一部分写进评论")
        }
        Fault::Bytes { bytes, max } => {
            format!("和其他内容一起有 {bytes} 字节，最多 {max}；请写短一点，或者把一部分写进评论")
        }
        Fault::Choice { words } => format!("只能是：{}", words.join("、")),
        Fault::Number { min, max } => format!("要写 {min} 到 {max} 之间的整数"),
        Fault::Flag => "要写 true 或 false".to_owned(),
        Fault::Name => "不是任何东西的名称；请照程序显示的抄".to_owned(),
        Fault::NoSuchFact => "文档里没有这一条；请再看看文档，照抄它的名称".to_owned(),
        Fault::Capacity => "不是您家的角色；请写自己角色的任命，或者不写".to_owned(),
        Fault::Proxy => {
            "不是您家可以代办的、没有设备的住户；请让管理员征得这户同意后登记您家，或者不写"
                .to_owned()
        }
        Fault::Fact => "不是列表里的一条；请写一个有字段的对象，或者这种对象的列表".to_owned(),
        Fault::NotAllowed { who } => match who {
            Who::Nobody => "写下以后谁都不能改；请写评论，或者另写一份",
            Who::Creator => "只有作者本户能改；请告诉作者，或者写评论",
            Who::Members => "只有住户和机构能做；请找他们帮忙",
            Who::Others => "建立的人自己不能做，访客也不能；请找别人",
            Who::Everyone => "只有成员能做；请先加入小区",
        }
        .to_owned(),
        Fault::ReadOnly => "这份内容在这里不能改；请更新程序，或者等它到齐".to_owned(),
        Fault::Rule { breach } => rule(breach.field).to_owned(),
        Fault::Untimely { why } => untimely(*why).to_owned(),
        Fault::Full => "一户在一份文档里能写的已经写满；请另写一份".to_owned(),
        Fault::Draft { .. } => "一个条目放不下；请一次少改一些".to_owned(),
    };
    format!("{field}：{what}。")
}

/// Says what is wrong with a row of an imported file.
pub fn row_fault(fault: RowFault) -> String {
    match fault {
        RowFault::CellsMissing { found, expected } => {
            format!("这一行只有 {found} 格，应该有 {expected} 格；请补上缺的逗号。")
        }
        RowFault::CellsExtra { expected } => {
            format!("这一行超过 {expected} 格；里面有逗号的格子请加引号。")
        }
        RowFault::TextAfterQuote => "引号后面还有字；属于内容的引号请写两遍。".to_owned(),
        RowFault::TitleMissing => "没有标题；每条求助都要有。".to_owned(),
        RowFault::TitleTooLong { characters } => {
            format!("标题有 {characters} 个字，最多 {TITLE_CHARACTERS_MAX} 个；请移一些到正文。")
        }
        RowFault::BodyTooLong { bytes } => format!(
            "正文和其他列一起有 {bytes} 字节，最多 {BODY_BYTES_MAX}；请写短一点，或者分成两条。"
        ),
        RowFault::TooLong { characters } => {
            format!("有 {characters} 个字，最多 {SHORT_CHARACTERS_MAX} 个；请写短一点。")
        }
        RowFault::UrgentUnclear => "请写 是 或 否（yes 或 no）。".to_owned(),
        RowFault::NumberUnclear => "请写整数，如 2。".to_owned(),
        RowFault::NameUnclear => "这不是文档的名称；请留空，或者写全 64 位。".to_owned(),
        RowFault::KindUnknown => {
            "请写种类：request 求助、notice 公告、plan 节庆策划、standing-offer 长期帮忙。"
                .to_owned()
        }
        RowFault::OtherKind => {
            "种类和命令里的不一样；请按它的种类导入，或者用 documents。".to_owned()
        }
        RowFault::NotJson => {
            "这一行不是 JSON 文档；每份文档一行，是有 kind 和 fields 的对象。".to_owned()
        }
        RowFault::NoFrontMatter => {
            "这一页没有说明是什么；请用 ---、title: … 这样的几行和 --- 开头。".to_owned()
        }
        RowFault::ExpiresUnclear => {
            "请写日期，如 2026-03-01，或者时刻，如 2026-03-01T18:00:00+08:00。".to_owned()
        }
        RowFault::HouseholdUnknown => "这里没有登记过叫这个名称的、没有设备的住户；\
            请让管理员登记后写它的称呼，或者留空，作为自己家的求助。"
            .to_owned(),
        RowFault::HouseholdUnclear => "有几户没有设备的住户都叫这个名字；\
            请写 linli household list --json 给出的 64 位。"
            .to_owned(),
        RowFault::NotItsProxy => "您家不是这户没有设备的住户的代办人；\
            请让管理员征得这户同意后登记您家，或者留空，作为自己家的求助。"
            .to_owned(),
    }
}

/// Says what the doctor found or looked at.
pub fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Store(Problem::Page(line)) => format!("数据库的页不对（{line}）。"),
        Finding::Store(Problem::Table(table)) => {
            format!("表 {table} 有一部分被改动、挪动或丢失了。")
        }
        Finding::Store(Problem::Reference { table, parent }) => {
            format!("表 {table} 里有一行指向表 {parent} 里没有的行。")
        }
        Finding::Store(Problem::Head { log }) => format!("日志 {log} 最新的条目不见了。"),
        Finding::Store(Problem::Fault(StoreFault::Damaged { what, .. })) => {
            format!("数据损坏了：{}。", damage(what))
        }
        Finding::Store(Problem::Fault(fault)) => store_fault(fault),
        Finding::NotOpened { why } => format!("数据打不开：{why}。"),
        Finding::Readable {
            entries,
            pages_whole,
            pages,
        } => format!("{pages} 页中有 {pages_whole} 页完好，{entries} 个条目还读得出"),
        Finding::KeyReused => "这台设备的密钥在别处用过：请停用它，另外登记一台。".to_owned(),
        Finding::EntriesChecked { entries } => format!("{entries} 个条目和它们的名称"),
        Finding::FormChecked => "数据库的页、索引和校验和".to_owned(),
        Finding::Sealed { key_in_home: false } => {
            "数据的加密：没有口令或密钥文件，拿到磁盘也读不出任何内容".to_owned()
        }
        Finding::Sealed { key_in_home: true } => {
            "数据的加密；但密钥就在数据文件夹里（当初选择了不设口令，也没有另放密钥文件）：复制了文件夹的人什么都读得到".to_owned()
        }
    }
}

/// Says what is wrong with the store.
pub fn store_fault(fault: &StoreFault) -> String {
    match fault {
        StoreFault::Damaged { what, .. } => format!(
            "数据损坏了（{}）。linli doctor 会说出哪些坏了。请在另一个文件夹里恢复备份，或者用恢复词重新加入，从邻居那里取回他们收到过的内容。",
            damage(what)
        ),
        StoreFault::Full => {
            "磁盘满了：这次改动没有保存，以前保存的都完好。请腾出空间再试。".to_owned()
        }
        StoreFault::InUse => "另一个程序打开着数据库：请停止它，或者通过它的接口使用。".to_owned(),
        StoreFault::Denied(_) => "数据库文件不能写：请检查它的主人、权限和文件夹。".to_owned(),
        StoreFault::Disk(_) => "磁盘读写出错：再次启动节点之前请检查磁盘。".to_owned(),
        StoreFault::Failed(_) => "数据库没有回答；linli doctor 会说得更多。".to_owned(),
    }
}

/// What is left to do when a store is lost.
pub const WAYS_OUT: [&str; 5] = [
    "请先把这个数据文件夹复制一份，再在新文件夹里重新建；邻居们收到过的内容都还在他们那里。",
    "有备份：linli --home 文件夹 backup restore 备份文件。",
    "有恢复词：linli --home 文件夹 join --words - --dial 地址（邻居或中继的地址；也可以换成邻居的邀请）。",
    "家里有另一台设备：在那台上运行 linli device add，在这里运行 linli --home 文件夹 join 设备码。",
    "新设备加入以后，请撤销原来这台：linli device revoke 设备 --reason \"数据丢失\"。",
];

/// Says where damage was met. Places that only a developer knows keep their names.
pub fn damage(what: &str) -> String {
    match what {
        "a page does not have the form of a page" => "有一页不是数据库的页",
        "the file is not a store" => "文件不是 linli 的数据",
        "the file is cut off" => "文件被截断了",
        "the first page was changed" => "第一页被改动了",
        UNSEALABLE => "有一页用数据的密钥打不开：它被改动过、挪动过，或者是从别处放进来的",
        "the file is not a database" => "文件不是数据库",
        "a column holds something else than was written" => "有一列不是写下的内容",
        other => other,
    }
    .to_owned()
}

fn rule(field: &str) -> &'static str {
    match field {
        "building" => "只给一栋楼的公告没有写是哪栋楼；请写上，或者发给全小区",
        "level" => "只有管理员、楼长和发言人能发紧急公告；请选“重要”，或者请他们发",
        "expires_ms" => "紧急公告最多 72 小时；请把结束时间提前，或者选“重要”",
        "ends_ms" => "结束早于开始；请把结束时间推后",
        "reason" => "紧急求助没有写理由；请用几个字说明为什么不能等",
        _ => "不符合这种内容的规则",
    }
}

fn no_right(reason: Reason) -> &'static str {
    match reason {
        Reason::NotSenior => "对要取消的东西没有决定权",
        Reason::WrongTarget => "所指的东西不存在，或者不是这一类",
        Reason::Removed => "这个成员已经被移出",
        Reason::Limit { .. } => "有一项太长或太多",
        Reason::NeedsQuorum => "需要不同机构的管理员联署",
        Reason::Suspended => "它依赖更新版本写的内容，请更新程序",
        _ => "没有这项权利",
    }
}

fn addresses(error: &WriteInvitationError) -> String {
    match error {
        WriteInvitationError::Limit { .. } => "太多或太长".to_owned(),
        WriteInvitationError::TooLong { characters } => {
            format!("邀请会有 {characters} 个字符，太长了；请少写几个，或者写短一点")
        }
    }
}

fn settings(error: &SettingsError) -> String {
    match error {
        SettingsError::Read(_) => "设置读不了".to_owned(),
        SettingsError::Syntax(_) | SettingsError::Form => "看不懂 settings.toml".to_owned(),
        SettingsError::TooLong => "settings.toml 太长".to_owned(),
        SettingsError::Language { code } => {
            format!("settings.toml 里的语言是 {code:?}，只能写 \"zh\" 或 \"en\"")
        }
        SettingsError::HouseholdMib { mib } => {
            format!("settings.toml 给每户 {mib} MiB，只能写 1 到 1048576")
        }
        SettingsError::Write(_) => "设置写不下去".to_owned(),
    }
}

fn table(error: &ImportError) -> String {
    match error {
        ImportError::TooLarge { bytes } => {
            format!("文件有 {bytes} 字节，最多 {FILE_BYTES_MAX}；请看看是不是选错了，或者分成几份")
        }
        ImportError::Encoding { encoding, offset } => {
            format!("文件不是文字：第 {offset} 字节不符合 {encoding}；请另存为 UTF-8 的 CSV 再试")
        }
        ImportError::Binary { line } => {
            format!("文件不是文字：第 {line} 行里有零字节；请另存为 UTF-8 的 CSV 再试")
        }
        ImportError::Empty => "文件是空的；第一行要写列名，例如：标题,内容,类别".to_owned(),
        ImportError::UnclosedQuote { row, line } => {
            format!("第 {row} 行（文件第 {line} 行）的引号没有关上；请关上，属于内容的引号请写两遍")
        }
        ImportError::Headings { line } => {
            format!("列名里引号后面还有字（文件第 {line} 行）；属于内容的引号请写两遍")
        }
        ImportError::TooManyColumns => {
            format!("第一行超过 {COLUMNS_MAX} 列；请删掉和求助无关的列")
        }
        ImportError::NoTitle { found } => format!(
            "没有叫 标题、名称、title 或 name 的列；请在第一行写一个。现有的列：{}",
            found.join("、")
        ),
        ImportError::ColumnTwice { first, second } => {
            format!("“{first}”和“{second}”两列意思一样；请改名或删掉一列")
        }
        ImportError::NoDocuments => {
            "没有叫 id 和 kind 的列；导出的表格才有，可以先导出一份看看".to_owned()
        }
        ImportError::TooManyRows => format!("文件超过 {ROWS_MAX} 行；请分成几份"),
    }
}

fn bundle(error: &InvalidBundle) -> String {
    match error {
        InvalidBundle::Magic => "这不是条目包。什么都没有改动。".to_owned(),
        InvalidBundle::CutOff { read } => {
            format!("文件在 {read} 字节后断了。在它之前的都保留了；请再要一份文件。")
        }
        InvalidBundle::TooLong { read } => {
            format!("{read} 字节后有一段太长。在它之前的都保留了；请再要一份文件。")
        }
        InvalidBundle::Frame(_) => {
            "文件里有一段读不懂。在它之前的都保留了；请再要一份文件。".to_owned()
        }
    }
}

/// Says why the inviter's node refused.
fn join(reason: RefusedReason) -> &'static str {
    match reason {
        RefusedReason::InvitationExpired => {
            "邀请过期了。您的密钥保留着；请再要一个邀请，重新加入。"
        }
        RefusedReason::InvitationUsedUp => "邀请用完了。您的密钥保留着；请再要一个邀请，重新加入。",
        RefusedReason::InvitationUnknown => {
            "回答的节点没有发过这个邀请。您的密钥保留着；请连接邀请您的那一户。"
        }
        RefusedReason::Removed => "您家或这台设备已被移出小区。这里存的都保留着；请找管理员。",
        RefusedReason::Version => "对方节点的版本不同。什么都没有改动；请更新较旧的一方。",
        RefusedReason::NotAdmitted | RefusedReason::InvalidRequest | RefusedReason::Unable => {
            "对方节点没能接纳您。您的密钥保留着；请再要一个邀请，重新加入。"
        }
    }
}
