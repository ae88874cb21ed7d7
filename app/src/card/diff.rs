//! Two values beside each other: which words of the new one are new. Long texts are shown around what changed.

use similar::{ChangeTag, TextDiff};

use super::api::Piece;

/// A text up to here is shown whole.
const WHOLE_CHARS_MAX: usize = 240;
/// So much of what did not change is shown around what did.
const AROUND_CHARS: usize = 40;

/// The old value and the new one in pieces.
pub fn compared(old: &str, new: &str) -> (Vec<Piece>, Vec<Piece>) {
    let diff = TextDiff::from_words(old, new);
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
    pieces.into_iter().enumerate().map(shorten).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_words(old: &str, new: &str) -> Vec<String> {
        compared(old, new).1.into_iter().filter(|piece| piece.changed).map(|piece| piece.text).collect()
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
        let (_, after) = compared(&long, &format!("{long}конец"));
        let text: String = after.iter().map(|piece| piece.text.as_str()).collect();
        assert!(text.starts_with('…') && text.ends_with("конец"), "{text}");
        assert!(text.chars().count() < 2 * WHOLE_CHARS_MAX);
    }
}
