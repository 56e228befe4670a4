//! stub
use crate::document::Touch; use crate::id::*; use crate::roster::Standing; use crate::intent::Intents; use std::collections::BTreeMap;
#[derive(Debug, Clone)] pub struct Kinds;
#[derive(Debug)] pub struct Kind{pub code:u16}
impl Kinds { pub fn standard()->Self{Self} pub fn by_name(&self,_:&str)->Option<&'static Kind>{None} }
pub struct Editor<'a> { pub member: MemberId, pub standing: Option<&'a Standing>, pub time_ms: i64, pub creates: bool }
pub struct PolicyBreach;
#[derive(Debug, thiserror::Error)] #[error("x")] pub struct DraftError { pub field: String }
pub struct Drafted { pub kind: u16, pub intents: Intents, pub deps: Vec<EntryId>, pub warnings: Vec<String> }
pub fn judge(_:&Kinds,_:u16,_:MemberId,_:&Editor<'_>,_:&[Touch<'_>],_: impl Fn(EntryId)->Option<MemberId>)->Result<(),PolicyBreach>{Ok(())}
pub fn create(_:&Kinds,_:&crate::api::Draft,_:&Editor<'_>)->Result<Drafted,DraftError>{ unimplemented!() }
pub fn edit(_:&Kinds,_:&crate::replica::ReadDocument,_:&BTreeMap<String,serde_json::Value>,_:&Editor<'_>)->Result<Drafted,DraftError>{ unimplemented!() }
