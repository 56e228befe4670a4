//! stub
use crate::document::Touch; use crate::id::*; use crate::roster::Standing;
#[derive(Debug, Clone)] pub struct Kinds;
impl Kinds { pub fn standard()->Self{Self} }
pub struct Editor<'a> { pub member: MemberId, pub standing: Option<&'a Standing>, pub time_ms: i64, pub creates: bool }
pub struct PolicyBreach;
pub fn judge(_:&Kinds,_:u16,_:MemberId,_:&Editor<'_>,_:&[Touch<'_>],_: impl Fn(EntryId)->Option<MemberId>)->Result<(),PolicyBreach>{Ok(())}
