//! What the command line says of moderation, the agreement and blocks, in both languages.

use protocol::api::ActedAs;

use super::governing::{acting, colon};
use super::{Message, names};
use crate::cli::language::Language;

/// Something to say of moderation, the agreement and blocks.
#[derive(Clone, Copy, Debug)]
pub enum Moderating<'a> {
    /// There are no acts of moderation.
    NoActs,
    /// An act, and how it stands.
    Act {
        act: &'a str,
        of: &'a str,
        state: &'a str,
    },
    /// Who acted, under which rule.
    ActedUnder {
        by: &'a str,
        acted_as: &'a ActedAs,
        rule: u32,
        time: &'a str,
    },
    /// Who appealed; the appeal follows.
    Appealed { by: &'a str, time: &'a str },
    /// Who decided what; the reason follows.
    Decided {
        outcome: &'a str,
        by: &'a str,
        acted_as: &'a ActedAs,
        time: &'a str,
    },
    /// How to see what an act takes out of view, and how to appeal.
    OutOfView { id: &'a str },
    /// The household blocks the author.
    Blocked,
    /// There is no agreement.
    NoAgreement,
    /// Which version it is, and who published it.
    Published {
        version: u32,
        by: &'a str,
        acted_as: &'a ActedAs,
        time: &'a str,
    },
    /// Who has signed.
    SignedBy {
        signed: usize,
        unsigned: usize,
        own: bool,
    },
    /// The household blocks nobody.
    NoBlocks,
}

impl<'a> From<Moderating<'a>> for Message<'a> {
    fn from(said: Moderating<'a>) -> Self {
        Self::Moderating(said)
    }
}

/// Returns what is to be said.
pub fn text(language: Language, said: Moderating<'_>) -> String {
    let chinese = language == Language::Chinese;
    let pick = |zh: String, en: String| if chinese { zh } else { en };
    match said {
        Moderating::NoActs => pick(
            "还没有管理记录。".to_owned(),
            "No acts of moderation yet.".to_owned(),
        ),
        Moderating::Act { act, of, state } => {
            let act = match (act, chinese) {
                ("mute", true) => "禁言",
                ("mute", false) => "mute",
                (_, true) => "隐藏",
                (_, false) => "hide",
            };
            let state = names::state(language, "moderation", state);
            format!("{act}{}{of}  [{state}]", colon(language))
        }
        Moderating::ActedUnder {
            by,
            acted_as,
            rule,
            time,
        } => {
            let who = acting(language, by, acted_as);
            pick(
                format!("{who} 依据公约第 {rule} 条，{time}"),
                format!("by {who}, under rule {rule}, {time}"),
            )
        }
        Moderating::Appealed { by, time } => pick(
            format!("{by} 申诉，{time}："),
            format!("{by} appeals, {time}:"),
        ),
        Moderating::Decided {
            outcome,
            by,
            acted_as,
            time,
        } => {
            let who = acting(language, by, acted_as);
            let said = match (outcome, chinese) {
                ("upheld", true) => "裁定维持",
                ("upheld", false) => "upheld by",
                ("lifted", true) => "裁定撤销",
                ("lifted", false) => "lifted by",
                (_, true) => "恢复",
                (_, false) => "restored by",
            };
            pick(
                format!("{who} {said}，{time}："),
                format!("{said} {who}, {time}:"),
            )
        }
        Moderating::OutOfView { id } => pick(
            format!(
                "这份内容已被隐藏。仍要看：linli show {id} --hidden；申诉：linli appeal {id} --body …"
            ),
            format!(
                "This is out of view. To see it anyway: linli show {id} --hidden; to appeal: linli appeal {id} --body …"
            ),
        ),
        Moderating::Blocked => pick(
            "本户屏蔽了作者；只有这个节点知道。".to_owned(),
            "Your household blocks the author; only this node knows.".to_owned(),
        ),
        Moderating::NoAgreement => pick(
            "还没有公约。发布：linli agreement publish 文件".to_owned(),
            "There is no agreement yet. To publish one: linli agreement publish FILE".to_owned(),
        ),
        Moderating::Published {
            version,
            by,
            acted_as,
            time,
        } => {
            let who = acting(language, by, acted_as);
            pick(
                format!("第 {version} 版，{who} 发布，{time}"),
                format!("version {version}, published by {who}, {time}"),
            )
        }
        Moderating::SignedBy {
            signed,
            unsigned,
            own,
        } => {
            let next = match (own, chinese) {
                (true, true) => "本户已签。",
                (true, false) => "Your household has signed.",
                (false, true) => "本户还没有签：linli agreement sign",
                (false, false) => "Your household has not signed: linli agreement sign",
            };
            pick(
                format!("{signed} 户已签，{unsigned} 户未签。{next}"),
                format!("{signed} have signed, {unsigned} have not. {next}"),
            )
        }
        Moderating::NoBlocks => pick(
            "本户没有屏蔽任何成员。".to_owned(),
            "Your household blocks nobody.".to_owned(),
        ),
    }
}
