//! Two values beside each other: which words of the new one are new. Long texts are shown around what changed.

use std::time::{Duration, Instant};

use similar::{ChangeTag, TextDiff};

use super::view::Piece;
use crate::refusal::Refusal;

/// A text up to here is shown whole.
const WHOLE_CHARS_MAX: usize = 240;
/// So much of what did not change is shown around what did.
const AROUND_CHARS: usize = 40;

/// Of a text that changed everywhere so much is shown.
const SHOWN_CHARS_MAX: usize = 720;
/// What comparing the texts of one page may take.
const PAGE_TIME_MAX: Duration = Duration::from_millis(100);
const PAGE_BYTES_MAX: usize = 400_000;

/// What is left for comparing the texts of one page. Beyond it a text is all old, and then all new.
pub struct Budget {
    until: Instant,
    bytes: usize,
}

impl Budget {
    pub fn of_page() -> Self {
        Self { until: Instant::now() + PAGE_TIME_MAX, bytes: PAGE_BYTES_MAX }
    }

    fn takes(&mut self, bytes: usize) -> bool {
        let left = self.bytes.checked_sub(bytes).filter(|_| Instant::now() < self.until);
        self.bytes = left.unwrap_or(self.bytes);
        left.is_some()
    }
}

/// Comparing is work for a processor: it is done beside the requests, which wait for what is read and sent.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::Failed)
}

/// The old value and the new one in pieces.
pub fn compared(old: &str, new: &str, budget: &mut Budget) -> (Vec<Piece>, Vec<Piece>) {
    let whole = |text: &str| match text.is_empty() {
        true => Vec::new(),
        false => vec![Piece { text: text.to_string(), changed: true }],
    };
    if !budget.takes(old.len() + new.len()) {
        return (shortened(whole(old)), shortened(whole(new)));
    }
    let diff = TextDiff::configure().deadline(budget.until).diff_words(old, new);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for change in diff.iter_all_changes() {
        let text = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                add(&mut before, text, false);
                add(&mut after, text, false);
            }
            ChangeTag::Delete => add(&mut before, text, true),
            ChangeTag::Insert => add(&mut after, text, true),
        }
    }
    (shortened(before), shortened(without_gaps(after)))
}

fn add(pieces: &mut Vec<Piece>, text: &str, changed: bool) {
    match pieces.last_mut().filter(|last| last.changed == changed) {
        Some(last) => last.text.push_str(text),
        None => pieces.push(Piece { text: text.to_string(), changed }),
    }
}

/// A blank between two new words is new as well.
fn without_gaps(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let between = joined.last().is_some_and(|last| last.changed) && pieces.peek().is_some_and(|next| next.changed);
        let changed = piece.changed || between && piece.text.trim().is_empty();
        add(&mut joined, &piece.text, changed);
    }
    joined
}

/// A text that is only named: its beginning.
pub fn brief(text: String) -> String {
    match text.char_indices().nth(WHOLE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn shortened(pieces: Vec<Piece>) -> Vec<Piece> {
    let chars = |piece: &Piece| piece.text.chars().count();
    if pieces.iter().map(chars).sum::<usize>() <= WHOLE_CHARS_MAX {
        return pieces;
    }
    let last = pieces.len() - 1;
    let shorten = |(place, piece): (usize, Piece)| {
        let limit = if piece.changed { WHOLE_CHARS_MAX } else { 2 * AROUND_CHARS };
        if chars(&piece) <= limit {
            return piece;
        }
        let half = limit / 2;
        let letters: Vec<char> = piece.text.chars().collect();
        let head: String = if place == 0 && !piece.changed { String::new() } else { letters[..half].iter().collect() };
        let tail: String = if place == last && !piece.changed {
            String::new()
        } else {
            letters[letters.len() - half..].iter().collect()
        };
        Piece { text: format!("{head}…{tail}"), changed: piece.changed }
    };
    let mut left = SHOWN_CHARS_MAX;
    let mut shown: Vec<Piece> = Vec::new();
    for piece in pieces.into_iter().enumerate().map(shorten) {
        let Some(rest) = left.checked_sub(chars(&piece)) else {
            shown.push(Piece { text: "…".to_string(), changed: piece.changed });
            break;
        };
        left = rest;
        shown.push(piece);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_words(old: &str, new: &str) -> Vec<String> {
        compared(old, new, &mut Budget::of_page())
            .1
            .into_iter()
            .filter(|piece| piece.changed)
            .map(|piece| piece.text)
            .collect()
    }

    #[test]
    fn only_new_words_are_marked() {
        assert_eq!(new_words("Москва, ул. Лесная, 5", "127006, Москва, ул. Лесная, д. 5"), ["127006, ", "д. "]);
        assert_eq!(new_words("", "Тула"), ["Тула"]);
        assert!(new_words("Тула", "").is_empty());
        assert_eq!(new_words("+7 922 827-91-47", "+7 343 781-74-10"), ["343 781-74-10"]);
    }

    #[test]
    fn a_long_text_is_shown_around_what_changed() {
        let long = "слово ".repeat(400);
        let (_, after) = compared(&long, &format!("{long}конец"), &mut Budget::of_page());
        let text: String = after.iter().map(|piece| piece.text.as_str()).collect();
        assert!(text.starts_with('…') && text.ends_with("конец"), "{text}");
        assert!(text.chars().count() < 2 * WHOLE_CHARS_MAX);
    }

    /// What is beyond the time or the size that a page has is all old, and then all new; and it is said in brief.
    #[test]
    fn a_page_of_long_texts_has_a_budget() {
        let text =
            |seed: usize| (0..3_000).map(|place| format!("{} ", (place * seed * 7919) % 9973)).collect::<String>();
        let chars = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.chars().count()).sum::<usize>();
        let mut budget = Budget { until: Instant::now() + Duration::from_secs(3600), ..Budget::of_page() };
        let compared_ones = (1..100).filter(|seed| {
            let (old, new) = compared(&text(*seed), &text(seed + 1), &mut budget);
            assert!(chars(&old) <= SHOWN_CHARS_MAX + 1 && chars(&new) <= SHOWN_CHARS_MAX + 1);
            old.len() > 1
        });
        let compared_ones = compared_ones.count();
        assert!((1..99).contains(&compared_ones), "{compared_ones} of 99: there is room for some");
        let mut over = Budget { until: Instant::now(), ..Budget::of_page() };
        let (old, new) = compared("Тула, Лесная", "Тверь, Лесная", &mut over);
        assert!(old.len() == 1 && old[0].changed && new.len() == 1 && new[0].changed);
        assert_eq!(brief("щ".repeat(20_000)).chars().count(), WHOLE_CHARS_MAX + 1);
    }
}
