//! Where blocks were made and disposed, as JavaScript tells it. One text a place, which is never freed: a signal handler may
//! read it at any time.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

pub struct Text(pub Box<[u8]>);

/// Places are few. A program that makes code as it goes may have any number of them; what comes later has no text.
const MOST_TEXTS: usize = 64 << 10;

static TEXTS: LazyLock<Mutex<HashMap<&'static [u8], &'static Text>>> = LazyLock::new(Mutex::default);

/// The same text for the same bytes.
pub fn interned(bytes: &[u8]) -> Option<&'static Text> {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(text) = texts.get(bytes) {
        return Some(text);
    }
    if texts.len() == MOST_TEXTS {
        return None;
    }
    let text: &'static Text = Box::leak(Box::new(Text(bytes.into())));
    texts.insert(&text.0, text);
    Some(text)
}
