//! Where a page of a list begins. Records with a value come first, those without it last, in both
//! directions and on both databases; each segment is walked by (key, id).

use crate::fields::Value;

/// More records than any base has.
const BEFORE_MAX: i64 = 1 << 40;

/// Which way the page goes from the cursor's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    Forward,
    Back,
}

/// A record's place in the order of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The sorted column's value; `Empty` in the second segment.
    pub key: Value,
    pub id: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub walk: Walk,
    pub place: Place,
    /// How many records stand before the page; told to the reader, never relied on.
    pub before: i64,
}

impl Cursor {
    /// `1.<digest>.f.<id>.<before>.t<text>`: version, list, direction, record, position, key.
    pub fn print(&self, digest: &str) -> String {
        let walk = match self.walk {
            Walk::Forward => 'f',
            Walk::Back => 'b',
        };
        let key = match &self.place.key {
            Value::Empty => "e".to_string(),
            Value::Text(text) => format!("t{text}"),
            Value::Integer(number) | Value::Instant(number) | Value::Reference(number) => format!("i{number}"),
        };
        format!("1.{digest}.{walk}.{}.{}.{key}", self.place.id, self.before)
    }

    /// `None` for a cursor of another version, another list, or no cursor at all.
    pub fn parse(text: &str, digest: &str) -> Option<Self> {
        let mut parts = text.splitn(6, '.');
        if parts.next()? != "1" || parts.next()? != digest {
            return None;
        }
        let walk = match parts.next()? {
            "f" => Walk::Forward,
            "b" => Walk::Back,
            _ => return None,
        };
        let id = parts.next()?.parse().ok()?;
        let before = parts.next()?.parse().ok().filter(|before| (0..=BEFORE_MAX).contains(before))?;
        let key = parts.next()?;
        let key = match key.split_at_checked(1)? {
            ("e", "") => Value::Empty,
            ("t", text) if !text.contains('\0') => Value::Text(text.to_string()),
            ("i", number) => Value::Integer(number.parse().ok()?),
            _ => return None,
        };
        Some(Self { walk, place: Place { key, id }, before })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cursor_of_another_list_is_not_used() {
        let cursor = Cursor { walk: Walk::Forward, place: Place { key: Value::Empty, id: 5 }, before: 50 };
        assert_eq!(Cursor::parse(&cursor.print("aa"), "aa"), Some(cursor.clone()));
        assert_eq!(Cursor::parse(&cursor.print("aa"), "bb"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_failing(text in ".{0,40}") {
            let _ = Cursor::parse(&text, "aa");
        }

        #[test]
        fn a_printed_cursor_reads_back(text in "[^\0]{0,20}", id in 1i64.., before in 0i64..BEFORE_MAX, back: bool) {
            let walk = if back { Walk::Back } else { Walk::Forward };
            let cursor = Cursor { walk, place: Place { key: Value::Text(text), id }, before };
            prop_assert_eq!(Cursor::parse(&cursor.print("00"), "00"), Some(cursor));
        }
    }
}
