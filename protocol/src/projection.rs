//! stub
use crate::api::DocumentView; use crate::kind::Kinds; use crate::replica::ReadDocument;
pub struct Projected { pub view: DocumentView, pub digest: [u8;32], pub title: String, pub search_text: String, pub building: Option<String>, pub category: Option<String>, pub until_ms: Option<i64>, pub hidden: bool }
pub fn project(_:&Kinds,_:&ReadDocument)->Projected{unimplemented!()}
pub fn state(_:&Kinds,_:&DocumentView,_:i64)->Option<String>{None}
