//! A record without a name is found by the one that it shows.

use crate::fields::fold;
use crate::ids::RecordId;
use crate::words::{Forms, Lang};

/// Reads a text as the name that a record without one shows: «клиент 17», «№ 17» and «17» are
/// `Some(Some(17))`, «клиент» is any of them: `Some(None)`.
pub fn automatic_name(forms: &Forms, typed: &str, lang: Lang) -> Option<Option<RecordId>> {
    let folded = fold::key(typed)?;
    let word = fold::key(forms.one.get(lang))?;
    let (after_word, has_word) = match folded.strip_prefix(&word) {
        Some(rest) => (rest, true),
        None => (folded.as_str(), false),
    };
    let number = after_word.trim_start().trim_start_matches(['№', '#']).trim_start_matches("no.").trim_start();
    if number.is_empty() {
        return has_word.then_some(None);
    }
    crate::ids::record_id(number).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Label;

    #[test]
    fn a_nameless_record_is_found_by_what_it_shows() {
        let forms = Forms { one: Label::new("Клиент", "Client"), ..Forms::default() };
        let read = |typed| automatic_name(&forms, typed, Lang::Ru);
        for typed in ["клиент 17", "Клиент № 17", "Клиент №\u{202f}17", "№ 17", "№17", "17", " 17 "]
        {
            assert_eq!(read(typed), Some(Some(17)), "{typed}");
        }
        assert_eq!(read("клиент"), Some(None));
        assert_eq!(read("Клиент №"), Some(None));
        for typed in ["", "№", "клиентура", "17а", "ромашка 17"] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
