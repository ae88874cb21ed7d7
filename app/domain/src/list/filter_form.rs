//! The form of one filter: which one is open stands in the address, and what the form sends becomes a
//! condition of the list, by the same function in the browser and on the server.

use std::collections::BTreeSet;

use super::query::{Condition, ListQuery, encode};
use crate::fields::{FieldSpec, Op, SectionSpec};
use crate::ids::FieldKey;
use crate::limits::FILTER_VALUES_MAX;

/// What of the filters is open: `filter=new`, `filter=segment`, `filter=created~older`, `filter=3`,
/// `filter=all`; `+3` after it makes an any-of group with the third condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The choice of a field.
    Fields { or: Option<usize> },
    /// A new condition.
    New { field: FieldKey, op: Option<Op>, or: Option<usize> },
    /// A condition that is there, perhaps with another operator.
    Edit { place: usize, op: Option<Op> },
    /// All of them: the phone's sheet.
    Sheet,
}

/// Pasted values are taken up to here: proxies take about 8 KB of address.
const PASTED_BYTES_MAX: usize = 3_500;

/// The name of the parameter.
pub const NAME: &str = "filter";

impl Opened {
    pub fn parse(section: &SectionSpec, text: &str) -> Option<Self> {
        let (rest, or) = match text.split_once('+') {
            Some((rest, place)) => (rest, Some(place.parse().ok()?)),
            None => (text, None),
        };
        let (what, op) = match rest.split_once('~') {
            Some((what, op)) => (what, Some(Op::parse(op)?)),
            None => (rest, None),
        };
        match what {
            "new" => Some(Self::Fields { or }),
            "all" => Some(Self::Sheet),
            place if place.starts_with(|c: char| c.is_ascii_digit()) => {
                Some(Self::Edit { place: place.parse().ok()?, op })
            }
            key => section.listed_field(key).map(|field| Self::New { field: field.key.clone(), op, or }),
        }
    }

    pub fn print(&self) -> String {
        let with_op = |op: &Option<Op>| op.map(|op| format!("~{}", op.as_str())).unwrap_or_default();
        let with_or = |or: &Option<usize>| or.map(|place| format!("+{place}")).unwrap_or_default();
        match self {
            Self::Fields { or } => format!("new{}", with_or(or)),
            Self::New { field, op, or } => format!("{field}{}{}", with_op(op), with_or(or)),
            Self::Edit { place, op } => format!("{place}{}", with_op(op)),
            Self::Sheet => "all".to_string(),
        }
    }

    /// The address of the list with this open.
    pub fn address(&self, section: &SectionSpec, query: &ListQuery) -> String {
        let mut pairs = query.pairs(section);
        pairs.push((NAME.to_string(), self.print()));
        format!("/{}{}", section.key, encode(&pairs))
    }

    /// The field and operator that the form is about, and what it holds.
    pub fn subject<'a>(&self, section: &'a SectionSpec, query: &ListQuery) -> Option<Subject<'a>> {
        let of = |field: &'a FieldSpec, op: Op, typed: Vec<String>| {
            field.kind.rules().operators().contains(&op).then_some(Subject { field, op, typed })
        };
        match self {
            Self::Fields { .. } | Self::Sheet => None,
            Self::New { field, op, .. } => {
                let field = section.field(field)?;
                of(field, op.unwrap_or(field.kind.own()), Vec::new())
            }
            Self::Edit { place, op } => {
                let condition = query.conditions.get(*place)?;
                let field = section.field(&condition.field)?;
                of(field, op.unwrap_or(condition.op), condition.typed.clone())
            }
        }
    }
}

pub struct Subject<'a> {
    pub field: &'a FieldSpec,
    pub op: Op,
    pub typed: Vec<String>,
}

/// What the form sends beside the rest of the query: `_filter` (what was open), `_field`, `_op`, `_value` (any
/// number; a text of several lines is as many), `_from`, `_to`, `_days`. Gives the address to go to, `None` when
/// the pairs are of no such form.
pub fn compose(section: &SectionSpec, pairs: &[(String, String)]) -> Option<String> {
    let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let opened = Opened::parse(section, get("_filter")?)?;
    let rest: Vec<(String, String)> = pairs.iter().filter(|(name, _)| !name.starts_with('_')).cloned().collect();
    let query = ListQuery::parse(section, &rest).0;
    let here = |opened: Opened| Some(opened.address(section, &query));
    // Another field or operator than the one that the inputs were made for: only the form changes.
    let subject = opened.subject(section, &query);
    let field = match (get("_field").and_then(|key| section.listed_field(key)), &subject) {
        (Some(field), Some(subject)) if field.key == subject.field.key => field,
        (Some(field), _) => {
            let field = field.key.clone();
            return match opened {
                Opened::Fields { or } | Opened::New { or, .. } => here(Opened::New { field, op: None, or }),
                Opened::Sheet => here(Opened::New { field, op: None, or: None }),
                // Another field takes the place of the one that is edited.
                Opened::Edit { place, .. } => {
                    let without = query.conditions.get(place).map(|old| query.without(old));
                    let query = without.unwrap_or_else(|| query.clone());
                    Some(Opened::New { field, op: None, or: None }.address(section, &query))
                }
            };
        }
        (None, Some(subject)) => subject.field,
        (None, None) => return here(opened),
    };
    let subject = subject?;
    let op = get("_op").and_then(Op::parse).unwrap_or(subject.op);
    if !field.kind.rules().operators().contains(&op) {
        return here(opened);
    }
    let asks = |op: Op| match opened.clone() {
        Opened::New { field, or, .. } => Opened::New { field, op: Some(op), or },
        Opened::Edit { place, .. } => Opened::Edit { place, op: Some(op) },
        other => other,
    };
    let typed = typed(op, pairs);
    // Another operator may ask for other values. One that takes what was typed needs no second press.
    let fits = |typed: &String| {
        let positive = op.negates(field.kind.own()).unwrap_or(op);
        field.kind.rules().test(positive, typed).is_some()
    };
    if op != subject.op && !op.is_bare() && (typed.is_empty() || !typed.iter().all(fits)) {
        return here(asks(op));
    }
    if typed.is_empty() {
        // Emptied: the condition is taken off.
        return match opened {
            Opened::Edit { place, .. } => {
                let condition = query.conditions.get(place)?.clone();
                Some(format!("/{}{}", section.key, query.without(&condition).print(section)))
            }
            _ => here(asks(op)),
        };
    }
    let condition = Condition { field: field.key.clone(), op, typed, group: None };
    let query = match opened {
        Opened::New { or: Some(place), .. } => query.with_alternative(place, condition),
        Opened::Edit { place, .. } => {
            let group = query.conditions.get(place).and_then(|old| old.group);
            query.with_condition(Some(place), Condition { group, ..condition })
        }
        Opened::New { .. } | Opened::Fields { .. } | Opened::Sheet => query.with_condition(None, condition),
    };
    Some(format!("/{}{}", section.key, query.print(section)))
}

/// The condition's texts, as its operator takes them.
fn typed(op: Op, pairs: &[(String, String)]) -> Vec<String> {
    let get = |name: &str| {
        pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).unwrap_or_default().to_string()
    };
    if op.is_bare() {
        return vec!["1".to_string()];
    }
    let days = get("_days");
    if matches!(op, Op::Older | Op::Newer) {
        return if days.is_empty() { Vec::new() } else { vec![format!("{days}d")] };
    }
    let (from, to) = (get("_from"), get("_to"));
    if !from.is_empty() || !to.is_empty() {
        return vec![format!("{from}..{to}")];
    }
    let values = pairs.iter().filter(|(name, _)| name == "_value");
    let lines = values.flat_map(|(_, value)| value.lines()).map(str::trim).filter(|line| !line.is_empty());
    let mut known = BTreeSet::new();
    lines.filter(|line| known.insert(*line)).map(str::to_string).collect()
}

/// The list with any of the values that were pasted.
pub struct Pasted {
    pub query: ListQuery,
    pub taken: usize,
    /// How many different ones there were.
    pub of: usize,
}

/// Takes what was pasted, one value in a line or a cell: as many as an address may hold, and each once.
pub fn pasted(section: &SectionSpec, field: &FieldSpec, query: &ListQuery, text: &str) -> Option<Pasted> {
    let op = if field.kind.rules().operators().contains(&Op::Is) { Op::Is } else { field.kind.own() };
    let mut known = BTreeSet::new();
    let values = text.split(['\n', '\r', '\t']).map(str::trim).filter(|value| !value.is_empty());
    let given: Vec<&str> = values.filter(|value| known.insert(*value)).collect();
    let mut typed: Vec<String> = Vec::new();
    let mut bytes = 0;
    let name_bytes = field.key.as_str().len() + 5;
    for value in &given {
        // What an address spells with a percent sign takes three bytes for each of its own.
        bytes += name_bytes + value.bytes().map(|byte| if byte.is_ascii_alphanumeric() { 1 } else { 3 }).sum::<usize>();
        if typed.len() == FILTER_VALUES_MAX || bytes > PASTED_BYTES_MAX {
            break;
        }
        if field.kind.rules().test(op, value).is_some() {
            typed.push(value.to_string());
        }
    }
    let taken = typed.len();
    let condition = Condition { field: field.key.clone(), op, typed, group: None };
    let query = || query.with_filter(section, &field.key, "").with_condition(None, condition);
    (taken > 0).then(|| Pasted { query: query(), taken, of: given.len() })
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::list::pairs;
    use crate::list::query::tests::section;

    fn check(sent: &str, expected: &str) {
        assert_eq!(compose(&section(), &pairs(sent)).as_deref(), Some(expected), "{sent}");
    }

    #[test]
    fn what_is_open_reads_back() {
        for text in ["new", "new+2", "created", "created~older", "created~older+1", "0", "3~not", "all"] {
            let opened = Opened::parse(&section(), text).expect("it is read");
            assert_eq!(opened.print(), text);
        }
        for wrong in ["", "wings", "created~wings", "1x", "new+x"] {
            assert_eq!(Opened::parse(&section(), wrong), None, "{wrong}");
        }
    }

    /// A column of a hundred thousand values is read in one go, by a form and when it is pasted.
    #[test]
    fn a_long_column_is_read_in_one_go() {
        let section = section();
        let inn = section.field_named("inn").expect("a field");
        let time = |count: usize| {
            let column = (0..count).map(|place| format!("{place}\n")).collect::<String>();
            let form = [("_filter", "inn"), ("_field", "inn"), ("_op", "is"), ("_value", &column)];
            let form = form.map(|(name, value)| (name.to_string(), value.to_string()));
            let begun = Instant::now();
            assert!(compose(&section, &form).is_some());
            let pasted = pasted(&section, inn, &ListQuery::default(), &column).expect("some are taken");
            assert_eq!(pasted.of, count);
            begun.elapsed()
        };
        time(1_000);
        let (few, many) = (time(10_000), time(100_000));
        assert!(many < few * 40, "{few:?}, {many:?}");
    }

    #[test]
    fn the_form_becomes_a_condition() {
        check("name=x&_filter=inn&_field=inn&_op=is&_value=", "/clients?name=x&filter=inn~is");
        check("name=x&_filter=inn~is&_field=inn&_op=is&_value=77%0D%0A78%0A77", "/clients?name=x&inn.is=77&inn.is=78");
        check("_filter=created&_from=2026-06-01&_to=", "/clients?created=2026-06-01..");
        check("_filter=created~older&_op=older&_days=30", "/clients?created.older=30d");
        check("_filter=name&_op=empty", "/clients?name.empty=1");
        // Another field: only the form changes.
        check("name=x&_filter=inn&_field=phone&_op=is&_value=77", "/clients?name=x&filter=phone");
        check("_filter=new&_field=phone", "/clients?filter=phone");
        check("_filter=new%2B0&name=x&_field=phone", "/clients?name=x&filter=phone%2B0");
    }

    #[test]
    fn a_condition_is_edited_emptied_and_made_a_group() {
        check("name=x&inn=77&_filter=1&_value=78", "/clients?name=x&inn=78");
        check("name=x&inn=77&_filter=1&_op=not", "/clients?name=x&inn=77&filter=1~not");
        check("name=x&inn=77&_filter=1&_op=not&_value=77", "/clients?name=x&inn.not=77");
        check("name=x&inn=77&_filter=1&_field=phone&_value=77", "/clients?name=x&filter=phone");
        check("name=x&inn=77&_filter=1&_value=", "/clients?name=x");
        check("name=x&inn=77&_filter=phone%2B1&_value=912", "/clients?name=x&a.inn=77&a.phone=912");
        check("a.name=x&a.inn=77&_filter=phone%2B1&_value=912", "/clients?a.name=x&a.inn=77&a.phone=912");
        assert_eq!(compose(&section(), &pairs("name=x")), None);
    }
}
