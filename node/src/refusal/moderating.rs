//! Why an act of moderation, an appeal or a signature under the agreement is refused, with the words
//! for it in each language.

/// Why moderation and the agreement do not allow something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModerationRefusal {
    /// Only moderators and stewards moderate.
    NotModerator,
    /// Only stewards decide appeals.
    NotDecider,
    /// Who acted does not decide about the own act.
    OwnAct,
    /// Nobody decides about what hides the own words.
    OwnWords,
    /// Only whoever wrote what is hidden appeals.
    NotSubject,
    /// The document is not of a kind that is hidden.
    NotHideable,
    /// It is hidden already.
    HiddenAlready,
    /// The member is muted already.
    MutedAlready,
    /// The agreement in force has no such clause.
    NoClause {
        /// How many it has.
        clauses: usize,
    },
    /// There is no such act here.
    NoAct,
    /// There was an appeal already, or nothing is left to appeal.
    NothingToAppeal,
    /// There is no appeal to decide.
    NoAppeal,
    /// It is in view again already.
    LiftedAlready,
    /// A steward has upheld it.
    Upheld,
    /// Another agreement is in force.
    NotInForce,
    /// Nobody blocks itself.
    BlocksItself,
}

use ModerationRefusal::*;

impl ModerationRefusal {
    /// One of each.
    #[cfg(test)]
    pub(super) const ALL: [Self; 16] = [
        NotModerator,
        NotDecider,
        OwnAct,
        OwnWords,
        NotSubject,
        NotHideable,
        HiddenAlready,
        MutedAlready,
        NoClause { clauses: 7 },
        NoAct,
        NothingToAppeal,
        NoAppeal,
        LiftedAlready,
        Upheld,
        NotInForce,
        BlocksItself,
    ];

    /// Returns the stable word for programs.
    pub(super) const fn code(self) -> &'static str {
        match self {
            NotModerator | NotDecider | OwnAct | OwnWords | NotSubject => "not-allowed",
            NoAct => "not-found",
            _ => "invalid",
        }
    }

    /// Returns the field at fault.
    pub(super) const fn field(self) -> Option<&'static str> {
        match self {
            NoClause { .. } => Some("rule"),
            NoAct => Some("moderation"),
            NotInForce => Some("agreement"),
            BlocksItself => Some("member"),
            _ => None,
        }
    }

    pub(super) fn in_english(self) -> String {
        let said = match self {
            NotModerator => {
                "Moderators and stewards do this, and the founder while it decides alone. Nothing was changed; linli roster shows whom to ask."
            }
            NotDecider => {
                "Stewards decide appeals, and the founder while it decides alone. Nothing was changed; linli roster shows whom to ask."
            }
            OwnAct => {
                "Your household acted, so another steward decides the appeal. Nothing was changed."
            }
            OwnWords => {
                "This is about what your household wrote, so somebody else decides. Nothing was changed; linli appeal ID appeals."
            }
            NotSubject => {
                "Only the household whose words are out of view appeals. Nothing was changed."
            }
            NotHideable => {
                "What governs the neighbourhood stays in view: agreements are not hidden, and acts of moderation neither hidden nor erased. Nothing was changed."
            }
            HiddenAlready => "This is out of view already. Nothing was changed.",
            MutedAlready => "This member is muted already. Nothing was changed.",
            NoClause { clauses } => {
                return format!(
                    "The agreement in force has the rules 1 to {clauses}. Nothing was changed; linli agreement show has them."
                );
            }
            NoAct => {
                "There is no such act of moderation here, and nothing of that name is hidden. linli moderation lists all acts."
            }
            NothingToAppeal => {
                "There is nothing to appeal: there was an appeal already, or it is in view again. Nothing was changed; linli moderation shows how it stands."
            }
            NoAppeal => {
                "There is no appeal to decide. Nothing was changed; linli moderation shows how it stands."
            }
            LiftedAlready => "This act was lifted already, and stays so. Nothing was changed.",
            Upheld => {
                "A steward has upheld this act, so only a steward lifts it: linli decide ID lifted. Nothing was changed."
            }
            NotInForce => {
                "Another agreement is in force. Nothing was signed; linli agreement show has it."
            }
            BlocksItself => "A household does not block itself. Nothing was changed.",
        };
        said.to_owned()
    }

    pub(super) fn in_chinese(self) -> String {
        let said = match self {
            NotModerator => {
                "这由版主和管理员来做；创建者独自做主期间也可以。什么都没有改；找谁请看 linli roster。"
            }
            NotDecider => {
                "申诉由管理员裁定；创建者独自做主期间也可以。什么都没有改；找谁请看 linli roster。"
            }
            OwnAct => "这件事是本户做的，申诉要由另一位管理员裁定。什么都没有改。",
            OwnWords => {
                "这件事涉及本户写的内容，要由别人裁定。什么都没有改；要申诉请用 linli appeal 编号。"
            }
            NotSubject => "只有内容被隐藏的那一户能申诉。什么都没有改。",
            NotHideable => {
                "管理小区的文件始终可见：公约不能隐藏，管理记录不能隐藏也不能删去。什么都没有改。"
            }
            HiddenAlready => "这份内容已经隐藏。什么都没有改。",
            MutedAlready => "这个成员已经被禁言。什么都没有改。",
            NoClause { clauses } => {
                return format!(
                    "现行公约的条款是第 1 到 {clauses} 条。什么都没有改；条款请看 linli agreement show。"
                );
            }
            NoAct => {
                "这里没有这条管理记录，也没有这样被隐藏的内容。全部记录请看 linli moderation。"
            }
            NothingToAppeal => {
                "没有可以申诉的：已经申诉过，或者已经恢复。什么都没有改；情况请看 linli moderation。"
            }
            NoAppeal => "没有要裁定的申诉。什么都没有改；情况请看 linli moderation。",
            LiftedAlready => "这条记录已经撤销，不再改变。什么都没有改。",
            Upheld => {
                "管理员已经裁定维持，只有管理员能撤销：linli decide 编号 lifted。什么都没有改。"
            }
            NotInForce => "现行公约是另一份。什么都没有签；请看 linli agreement show。",
            BlocksItself => "不能屏蔽自己这一户。什么都没有改。",
        };
        said.to_owned()
    }
}
