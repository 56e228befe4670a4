//! What the command line says of offices, powers and motions, in both languages.

use protocol::api::{ActedAs, CutLoss, GovernanceView, MotionStands};

use super::{Message, names};
use crate::cli::language::Language;
use crate::cli::plain;
use crate::cli::undoing::Looked;

/// Something to say of offices, powers and motions.
#[derive(Clone, Copy, Debug)]
pub enum Governing<'a> {
    /// Somebody, in the capacity in which it acted.
    Acting { by: &'a str, acted_as: &'a ActedAs },
    /// What is done, and to whom.
    Doing { act: &'a str, of: &'a str },
    /// Where a dangerous act stands.
    MotionStands(&'a MotionStands),
    /// There are no motions.
    NoMotions,
    /// How a motion stands.
    MotionState {
        state: &'a str,
        why: Option<&'a str>,
    },
    /// Who moved something.
    MovedBy {
        by: &'a str,
        acted_as: &'a ActedAs,
        time: &'a str,
    },
    /// Who co-signed something.
    CoSignedBy {
        by: &'a str,
        acted_as: &'a ActedAs,
        time: &'a str,
    },
    /// What a motion waits for.
    MotionWaits {
        signed: usize,
        needed: usize,
        complete: bool,
        id: &'a str,
    },
    /// How much a motion undoes.
    MotionUndoes { entries: u64 },
    /// What a cut would undo.
    Loss { loss: &'a CutLoss, looked: Looked },
    /// What somebody else wrote that goes with it.
    LostAnswers { by: &'a str, count: u64 },
    /// Somebody whose admission goes with it.
    LostAdmission { member: &'a str },
    /// Heading of offices.
    OfficesFollow,
    /// Who acts and speaks for an office.
    Office {
        name: &'a str,
        stewards: &'a [String],
        spokespeople: &'a [String],
        added_as: &'a ActedAs,
    },
    /// Heading of what may be done in each capacity.
    PowersFollow,
    /// What may be done in a capacity.
    Powers {
        capacity: &'a str,
        may: &'a [String],
    },
    /// Who decides about dangerous acts.
    Governance(&'a GovernanceView),
    /// A statement that does not count.
    Excluded {
        id: &'a str,
        act: Option<&'a str>,
        by: &'a str,
        acted_as: Option<&'a ActedAs>,
        reason: &'a str,
    },
}

impl<'a> From<Governing<'a>> for Message<'a> {
    fn from(said: Governing<'a>) -> Self {
        Self::Governing(said)
    }
}

/// Returns what is to be said.
pub fn text(language: Language, said: Governing<'_>) -> String {
    let chinese = language == Language::Chinese;
    let pick = |zh: String, en: String| if chinese { zh } else { en };
    match said {
        Governing::Acting { by, acted_as } => acting(language, by, acted_as),
        Governing::Doing { act, of: "" } => names::act(language, act),
        Governing::Doing { act, of } => {
            format!("{}{}{of}", names::act(language, act), colon(language))
        }
        Governing::MotionStands(stands) => match chinese {
            true => stands_zh(stands),
            false => stands_en(stands),
        },
        Governing::NoMotions => pick("还没有动议。".to_owned(), "No motions yet.".to_owned()),
        Governing::MotionState { state, why } => {
            let state = names::motion_state(language, state);
            match why {
                Some(why) => format!("{state}{}{}", colon(language), names::why(language, why)),
                None => state,
            }
        }
        Governing::MovedBy { by, acted_as, time } => {
            let who = acting(language, by, acted_as);
            pick(
                format!("{who} 提出，{time}"),
                format!("moved by {who}, {time}"),
            )
        }
        Governing::CoSignedBy { by, acted_as, time } => {
            let who = acting(language, by, acted_as);
            pick(
                format!("{who} 联署，{time}"),
                format!("co-signed by {who}, {time}"),
            )
        }
        Governing::MotionWaits {
            complete: true, id, ..
        } => pick(
            format!("署名够了。接下来：linli motion enact {id}"),
            format!("Enough offices have signed. Next: linli motion enact {id}"),
        ),
        Governing::MotionWaits {
            signed, needed, id, ..
        } => pick(
            format!("需要 {needed} 个机构署名，现在有 {signed} 个。接下来：linli cosign {id}"),
            format!(
                "{signed} of {needed} offices that it takes have signed. Next: linli cosign {id}"
            ),
        ),
        Governing::MotionUndoes { entries } => pick(
            format!("这里有 {entries} 条记录因此不算数"),
            match entries {
                1 => "undoes 1 entry that is here".to_owned(),
                _ => format!("undoes {entries} entries that are here"),
            },
        ),
        Governing::Loss { loss, looked } => loss_of(language, loss, looked),
        Governing::LostAnswers { by, count } => pick(
            format!("{by} 在里面写的 {count} 条也看不到了"),
            format!("{by}: {count} written in or about them would go as well"),
        ),
        Governing::LostAdmission { member } => pick(
            format!("{member} 是它接纳的，也不再算数"),
            format!("{member} was admitted by it, and would be no member any more"),
        ),
        Governing::OfficesFollow => pick("机构：".to_owned(), "Offices:".to_owned()),
        Governing::Office {
            name,
            stewards,
            spokespeople,
            added_as,
        } => {
            let added = names::acted_as(language, added_as);
            let (stewards, spokespeople) =
                (listed(language, stewards), listed(language, spokespeople));
            pick(
                format!("{name}  管理员：{stewards}  发言人：{spokespeople}  添加：{added}"),
                format!(
                    "{name}  stewards: {stewards}  spokespeople: {spokespeople}  added by: {added}"
                ),
            )
        }
        Governing::PowersFollow => pick("谁可以做什么：".to_owned(), "Who may do what:".to_owned()),
        Governing::Powers { capacity, may } => {
            let may: Vec<String> = may
                .iter()
                .map(|power| names::power(language, power))
                .collect();
            let capacity = ActedAs {
                capacity: capacity.to_owned(),
                office: None,
                building: None,
                appointment: None,
                motion: None,
            };
            format!(
                "{}{}{}",
                names::acted_as(language, &capacity),
                colon(language),
                listed(language, &may)
            )
        }
        Governing::Governance(governance) => match chinese {
            true => governance_zh(governance),
            false => governance_en(governance),
        },
        Governing::Excluded {
            id,
            act,
            by,
            acted_as,
            reason,
        } => {
            let who =
                acted_as.map_or_else(|| by.to_owned(), |acted_as| acting(language, by, acted_as));
            let act = act.map(|act| format!("  {}", names::act(language, act)));
            let (act, reason) = (act.unwrap_or_default(), names::why(language, reason));
            format!("{id}  {who}{act}{}{reason}", colon(language))
        }
    }
}

/// Somebody, in the capacity in which it acted. The quorum is nobody in particular.
pub(super) fn acting(language: Language, by: &str, acted_as: &ActedAs) -> String {
    let acted_as = names::acted_as(language, acted_as);
    match (by.is_empty(), language) {
        (true, _) => acted_as,
        (false, Language::Chinese) => format!("{by}（{acted_as}）"),
        (false, Language::English) => format!("{by}, {acted_as}"),
    }
}

fn listed(language: Language, names: &[String]) -> String {
    match (names.is_empty(), language) {
        (true, _) => "–".to_owned(),
        (false, Language::Chinese) => names.join("、"),
        (false, Language::English) => names.join(", "),
    }
}

pub(super) const fn colon(language: Language) -> &'static str {
    match language {
        Language::Chinese => "：",
        Language::English => ": ",
    }
}

fn stands_zh(stands: &MotionStands) -> String {
    let id = stands.id.short();
    if stands.alone {
        return format!(
            "已经生效，不用别人署名：{id}（这不是动议：三个机构都有管理员之前，由创建者一家决定）"
        );
    }
    match stands.state.as_str() {
        "in-force" => format!("动议已生效：{id}"),
        _ if stands.signed >= stands.needed => {
            format!("动议 {id} 署名够了，还没有生效。接下来：linli motion enact {id}")
        }
        _ => format!(
            "动议 {id} 待联署：需要 {} 个机构署名，现在有 {} 个。请其他机构的管理员运行：linli cosign {id}",
            stands.needed, stands.signed
        ),
    }
}

fn stands_en(stands: &MotionStands) -> String {
    let id = stands.id.short();
    if stands.alone {
        return format!(
            "It is in force already, and nobody needs to sign it: {id} (no motion: until stewards of three offices are appointed, the founder decides alone)"
        );
    }
    match stands.state.as_str() {
        "in-force" => format!("The motion is in force: {id}"),
        _ if stands.signed >= stands.needed => format!(
            "Enough offices have signed the motion {id}, but it is not in force. Next: linli motion enact {id}"
        ),
        _ => format!(
            "The motion {id} is open: {} of {} offices that it takes have signed. Stewards of other offices run: linli cosign {id}",
            stands.signed, stands.needed
        ),
    }
}

fn governance_zh(governance: &GovernanceView) -> String {
    match governance.founder_alone {
        true => "重大的事由创建者一家决定，直到三个机构都有管理员。".to_owned(),
        false => format!(
            "重大的事用动议：{} 个有管理员的机构里要有 {} 个署名（linli motion list）。",
            governance.offices.len(),
            governance.needed
        ),
    }
}

fn loss_of(language: Language, loss: &CutLoss, looked: Looked) -> String {
    let CutLoss {
        entries,
        statements,
        documents,
        elsewhere,
        ..
    } = loss;
    match (language, looked) {
        (Language::Chinese, Looked::Relay) => {
            "不会作废邻居写的任何东西：中继不写内容，也不改名册。别家以后不再从它这里收发。什么都没有改动。".to_owned()
        }
        (Language::English, Looked::Relay) => {
            "This would undo nothing that homes wrote: a relay writes no documents and no statements. Homes would exchange nothing more with it. Nothing was changed.".to_owned()
        }
        (Language::Chinese, Looked::Role) => format!(
            "会作废以这个角色做的 {entries} 条记录（其中 {statements} 条是名册上的），以这个角色写的 {documents} 份内容看不到了，另有 {elsewhere} 份内容里以这个角色说的不再算数。这户以自己名义写的都还在。什么都没有改动。"
        ),
        (Language::Chinese, Looked::Logs) => format!(
            "会作废 {entries} 条记录（其中 {statements} 条是名册上的），{documents} 份内容和评论看不到了，别人的 {elsewhere} 份内容里有它写的也不再算数。什么都没有改动。"
        ),
        (Language::English, looked) => {
            let one_or = |count: &u64, one: &str, many: &str| match count {
                1 => one.to_owned(),
                _ => format!("{count} {many}"),
            };
            let statements = one_or(
                statements,
                "1 of them a statement of the roster",
                "of them statements of the roster",
            );
            let entries = one_or(entries, "1 entry", "entries");
            if looked == Looked::Role {
                let documents = one_or(documents, "1 document that speaks", "documents that speak");
                let elsewhere = one_or(elsewhere, "1 other loses", "others lose");
                return format!(
                    "This would undo {entries} made in this role, {statements}: {documents} in it would be shown no longer, and {elsewhere} what was said in it there. What the household wrote for itself stays. Nothing was changed."
                );
            }
            let documents = one_or(
                documents,
                "1 document or comment",
                "documents and comments",
            );
            let elsewhere = one_or(
                elsewhere,
                "1 document of others loses",
                "documents of others lose",
            );
            format!(
                "This would undo {entries}, {statements}: {documents} would be shown no longer, and {elsewhere} what it wrote there. Nothing was changed."
            )
        }
    }
}

fn governance_en(governance: &GovernanceView) -> String {
    match governance.founder_alone {
        true => "The founder decides about dangerous acts alone until three offices have stewards."
            .to_owned(),
        false => format!(
            "Dangerous acts are motions: {} of {} offices with stewards have to sign (linli motion list).",
            governance.needed,
            governance.offices.len()
        ),
    }
}

/// Whoever gave a role, behind it.
pub fn given(language: Language, by: Option<&str>) -> String {
    match (by, language) {
        (None, _) => String::new(),
        (Some(by), Language::Chinese) => format!("，任命：{}", plain::line(by)),
        (Some(by), Language::English) => format!(", given by {}", plain::line(by)),
    }
}
