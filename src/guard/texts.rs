//! The places where blocks were made and disposed, as texts of JavaScript.
//!
//! Each place is stored once and never freed, because a signal handler may read it at any time.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

pub struct Text(pub Box<[u8]>);

/// Most programs have few places. A program that generates code may have any number; the places past this limit are not
/// stored.
const MAX_TEXTS: usize = 64 << 10;

static TEXTS: LazyLock<Mutex<HashMap<&'static [u8], &'static Text>>> = LazyLock::new(Mutex::default);

/// The stored text with these bytes, always the same one. `None` if the store is full.
pub fn intern(bytes: &[u8]) -> Option<&'static Text> {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(text) = texts.get(bytes) {
        return Some(text);
    }
    if texts.len() == MAX_TEXTS {
        return None;
    }
    let text: &'static Text = Box::leak(Box::new(Text(bytes.into())));
    texts.insert(&text.0, text);
    Some(text)
}
