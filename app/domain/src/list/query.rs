//! Filters, sort, columns and position of a list. Parsing never fails: what is not understood is
//! dropped and said. Every change is a method that gives a new value, so no part can reset another.

use serde::{Deserialize, Serialize};

use crate::fields::{FieldSpec, Rules, SectionSpec};
use crate::ids::FieldKey;
use crate::limits::{COLUMNS_MAX, FILTER_CHARS_MAX, FILTER_VALUES_MAX};
use crate::list::{Op, Test};

/// Names in a query string that are never a field's.
const RESERVED: [&str; 12] = ["q", "sort", "cols", "at", "view", "n", "in", "edit", "draft", "tab", "dense", "peek"];

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    pub conditions: Vec<Condition>,
    /// One text over the section's search fields.
    pub q: Option<String>,
    /// Newest number first when `None`.
    pub sort: Option<Sort>,
    /// The remembered ones when `None`.
    pub columns: Option<Vec<FieldKey>>,
    /// The cursor of the page, as printed by `Cursor`.
    pub at: Option<String>,
}

/// One field and what was typed for it; several texts mean any of them (with a negation: none of them).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    pub field: FieldKey,
    pub op: Op,
    pub typed: Vec<String>,
    /// Conditions of the same letter are one any-of group.
    pub group: Option<char>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    pub field: FieldKey,
    pub direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    Ascending,
    Descending,
}

/// The name of a part of the query string that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped(pub String);

impl Condition {
    /// What it means, and whether that is turned round; texts that mean nothing are left out.
    pub fn tests(&self, field: &FieldSpec) -> (Vec<Test>, bool) {
        let rules = field.kind.rules();
        let negated = self.op.negates(field.kind.own());
        let op = negated.unwrap_or(self.op);
        (self.typed.iter().filter_map(|typed| read_test(rules, op, typed)).collect(), negated.is_some())
    }

    fn is_own(&self, field: &FieldKey, section: &SectionSpec) -> bool {
        let own = section.field(field).map(|field| field.kind.own());
        self.field == *field && self.group.is_none() && Some(self.op) == own
    }

    /// `name`, `name.not`, `a.name.has`.
    fn name(&self, section: &SectionSpec) -> String {
        let own = section.field(&self.field).map(|field| field.kind.own());
        let group = self.group.map(|letter| format!("{letter}.")).unwrap_or_default();
        let op = if Some(self.op) == own { String::new() } else { format!(".{}", self.op.as_str()) };
        format!("{group}{}{op}", self.field)
    }
}

/// A positive operator's meaning. To be empty needs no text, only a word that the parameter has been given.
fn read_test(rules: &dyn Rules, op: Op, typed: &str) -> Option<Test> {
    match op {
        Op::Empty => Some(Test::Empty),
        Op::Doubtful => Some(Test::Doubtful),
        op => rules.test(op, typed),
    }
}

/// `a.name.has` taken apart: group, field and operator.
fn read_name<'a>(section: &'a SectionSpec, name: &str) -> Option<(Option<char>, &'a FieldSpec, Op)> {
    let (group, rest) = match name.split_once('.') {
        Some((letter, rest)) if letter.len() == 1 && letter.as_bytes()[0].is_ascii_lowercase() => {
            (letter.chars().next(), rest)
        }
        _ => (None, name),
    };
    let (key, op) = match rest.split_once('.') {
        Some((key, op)) => (key, Some(Op::parse(op)?)),
        None => (rest, None),
    };
    let field = section.field_named(key)?;
    let op = op.unwrap_or(field.kind.own());
    field.kind.rules().operators().contains(&op).then_some((group, field, op))
}

impl ListQuery {
    /// Reads decoded pairs. Empty values mean nothing and are not said.
    pub fn parse(section: &SectionSpec, pairs: &[(String, String)]) -> (Self, Vec<Dropped>) {
        let mut query = Self::default();
        let mut dropped = Vec::new();
        let mut values = 0;
        for (name, value) in pairs {
            if value.trim().is_empty() {
                continue;
            }
            let understood = match name.as_str() {
                "q" => query.take_q(value),
                "sort" => query.take_sort(section, value),
                "cols" => query.take_columns(section, value),
                "at" => {
                    query.at = Some(value.clone());
                    true
                }
                name if RESERVED.contains(&name) => true,
                name => {
                    values += 1;
                    values <= FILTER_VALUES_MAX && query.take_condition(section, name, value)
                }
            };
            if !understood && !dropped.iter().any(|Dropped(said)| said == name) {
                dropped.push(Dropped(name.chars().take(64).collect()));
            }
        }
        (query, dropped)
    }

    fn take_q(&mut self, value: &str) -> bool {
        let fits = value.chars().count() <= FILTER_CHARS_MAX;
        if fits {
            self.q = Some(value.trim().to_string());
        }
        fits
    }

    fn take_sort(&mut self, section: &SectionSpec, value: &str) -> bool {
        let (name, direction) = match value.strip_prefix('-') {
            Some(name) => (name, Direction::Descending),
            None => (value, Direction::Ascending),
        };
        let Some(field) = section.field_named(name).filter(|field| field.is_sortable()) else { return false };
        self.sort = Some(Sort { field: field.key.clone(), direction });
        true
    }

    fn take_columns(&mut self, section: &SectionSpec, value: &str) -> bool {
        let names: Vec<&str> = value.split(',').take(COLUMNS_MAX).collect();
        let mut known: Vec<FieldKey> = Vec::new();
        for name in &names {
            if let Some(field) = section.field_named(name)
                && !known.contains(&field.key)
            {
                known.push(field.key.clone());
            }
        }
        let all_known = names.iter().all(|name| section.field_named(name).is_some());
        if !known.is_empty() {
            self.columns = Some(known);
        }
        all_known
    }

    fn take_condition(&mut self, section: &SectionSpec, name: &str, value: &str) -> bool {
        let Some((group, field, op)) = read_name(section, name) else { return false };
        let positive = op.negates(field.kind.own()).unwrap_or(op);
        if value.chars().count() > FILTER_CHARS_MAX || read_test(field.kind.rules(), positive, value).is_none() {
            return false;
        }
        let typed = value.to_string();
        let same =
            |condition: &&mut Condition| condition.field == field.key && condition.op == op && condition.group == group;
        match self.conditions.iter_mut().find(same) {
            Some(condition) if condition.typed.contains(&typed) => {}
            Some(condition) => condition.typed.push(typed),
            None => self.conditions.push(Condition { field: field.key.clone(), op, typed: vec![typed], group }),
        }
        true
    }

    /// As pairs, in the order: filters, q, sort, cols, at.
    pub fn pairs(&self, section: &SectionSpec) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for condition in &self.conditions {
            pairs.extend(condition.typed.iter().map(|typed| (condition.name(section), typed.clone())));
        }
        pairs.extend(self.q.iter().map(|q| ("q".to_string(), q.clone())));
        pairs.extend(self.sort.iter().map(|sort| ("sort".to_string(), sort.print())));
        if let Some(columns) = &self.columns {
            let names: Vec<&str> = columns.iter().map(FieldKey::as_str).collect();
            pairs.push(("cols".to_string(), names.join(",")));
        }
        pairs.extend(self.at.iter().map(|at| ("at".to_string(), at.clone())));
        pairs
    }

    /// As a query string with its question mark; '' for the plain list.
    pub fn print(&self, section: &SectionSpec) -> String {
        encode(&self.pairs(section))
    }

    /// The condition that the field's own input writes.
    fn own_place(&self, section: &SectionSpec, field: &FieldKey) -> Option<usize> {
        self.conditions.iter().position(|condition| condition.is_own(field, section))
    }

    /// What was typed for a field with its own operator.
    pub fn typed(&self, section: &SectionSpec, field: &FieldKey) -> Option<&str> {
        let condition = &self.conditions[self.own_place(section, field)?];
        condition.typed.first().map(String::as_str)
    }

    pub fn is_filtered(&self) -> bool {
        !self.conditions.is_empty() || self.q.is_some()
    }

    /// The same list with another text for this field ('' takes the filter off), from its first page.
    pub fn with_filter(&self, section: &SectionSpec, field: &FieldKey, typed: &str) -> Self {
        let mut query = self.first_page();
        let place = query.own_place(section, field);
        let blank = typed.trim().is_empty();
        match place {
            Some(place) if blank => {
                query.conditions.remove(place);
            }
            Some(place) => query.conditions[place].typed = vec![typed.to_string()],
            None if blank => {}
            None => {
                let own = section.field(field).map(|field| field.kind.own());
                query.conditions.extend(own.map(|op| Condition {
                    field: field.clone(),
                    op,
                    typed: vec![typed.to_string()],
                    group: None,
                }));
            }
        }
        query
    }

    /// The same list without one of its conditions, from its first page.
    pub fn without(&self, condition: &Condition) -> Self {
        let mut query = self.first_page();
        query.conditions.retain(|kept| kept != condition);
        query
    }

    pub fn with_q(&self, typed: &str) -> Self {
        let q = Some(typed.trim().to_string()).filter(|text| !text.is_empty());
        Self { q, ..self.first_page() }
    }

    /// Sorted by this field: ascending first, then descending, then as it was without a sort.
    pub fn with_next_sort(&self, field: &FieldKey) -> Self {
        let sort = match &self.sort {
            Some(sort) if sort.field == *field && sort.direction == Direction::Ascending => {
                Some(Sort { field: field.clone(), direction: Direction::Descending })
            }
            Some(sort) if sort.field == *field => None,
            _ => Some(Sort { field: field.clone(), direction: Direction::Ascending }),
        };
        Self { sort, ..self.first_page() }
    }

    pub fn with_at(&self, cursor: Option<String>) -> Self {
        Self { at: cursor, ..self.clone() }
    }

    pub fn without_filters(&self) -> Self {
        Self { conditions: Vec::new(), q: None, ..self.first_page() }
    }

    fn first_page(&self) -> Self {
        self.with_at(None)
    }

    /// Changes with the filters and the sort: a cursor made for another list is not used.
    pub fn digest(&self, section: &SectionSpec) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let list = Self { columns: None, at: None, ..self.clone() };
        for byte in list.print(section).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("{:08x}", hash >> 32)
    }
}

impl Sort {
    /// `name`, `-name`.
    pub fn print(&self) -> String {
        match self.direction {
            Direction::Ascending => self.field.to_string(),
            Direction::Descending => format!("-{}", self.field),
        }
    }
}

/// Decodes a query string (without its question mark), whatever its percent-spelling.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Encodes pairs, with a question mark where there are any. `,`, `.` and letters stay readable.
pub fn encode(pairs: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(&encode_part(name));
        text.push('=');
        text.push_str(&encode_part(value));
    }
    text
}

fn encode_part(part: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');
    utf8_percent_encode(part, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{Kind, Target};
    use crate::ids::SectionKey;
    use crate::words::{Forms, Label};
    use proptest::prelude::*;

    fn section() -> SectionSpec {
        let field = |key, kind| FieldSpec::new(key, kind, Label::new("", ""));
        SectionSpec {
            key: SectionKey::built_in("clients"),
            table: "clients".into(),
            forms: Forms::default(),
            title: FieldKey::built_in("name"),
            search: vec![],
            owner: None,
            hidden: vec![],
            scope: None,
            fields: vec![
                field("number", Kind::Integer),
                field("name", Kind::Text),
                field("inn", Kind::Inn),
                field("phone", Kind::Phone),
                FieldSpec { target: Some(Target::Users), ..field("responsible", Kind::Reference) },
                field("created", Kind::Instant),
            ],
        }
    }

    fn parse(query: &str) -> (ListQuery, Vec<String>) {
        let (query, dropped) = ListQuery::parse(&section(), &pairs(query));
        (query, dropped.into_iter().map(|Dropped(name)| name).collect())
    }

    /// Links that people have kept: they must go on meaning the same.
    #[test]
    fn old_links_are_understood() {
        for (link, printed) in [
            ("name=%D1%80%D0%BE%D0%BC%D0%B0%D1%88%D0%BA%D0%B0", "?name=%D1%80%D0%BE%D0%BC%D0%B0%D1%88%D0%BA%D0%B0"),
            ("name=a+b&sort=-name", "?name=a%20b&sort=-name"),
            ("responsible=me", "?responsible=me"),
            ("responsible=2&responsible=3", "?responsible=2&responsible=3"),
            ("created=2026-06-01..", "?created=2026-06-01.."),
            ("cols=number,name,phone", "?cols=number,name,phone"),
            ("cols=number%2Cname", "?cols=number,name"),
            ("name.not=a&name.not=b&name.empty=1", "?name.not=a&name.not=b&name.empty=1"),
            ("a.name.has=x&a.phone=912&inn.doubtful=1", "?a.name=x&a.phone=912&inn.doubtful=1"),
            ("created.older=30d&responsible.not=me", "?created.older=30d&responsible.not=me"),
            ("q=%D1%80%D0%BE&inn=77", "?inn=77&q=%D1%80%D0%BE"),
        ] {
            let (query, dropped) = parse(link);
            assert_eq!(query.print(&section()), printed, "{link}");
            assert!(dropped.is_empty(), "{link}: {dropped:?}");
        }
    }

    #[test]
    fn what_is_not_understood_is_dropped_and_said() {
        let (query, dropped) =
            parse("sort=colour&name=x&name.like=y&created=yesterday&cols=number,wings&edit=name&inn=");
        assert_eq!(dropped, ["sort", "name.like", "created", "cols"]);
        let (_, dropped) =
            parse("responsible.has=1&created.older=30&ab.name=x&a.b.c.d=1&inn.starts=%20-&name.within=x");
        assert_eq!(dropped, ["responsible.has", "created.older", "ab.name", "a.b.c.d", "inn.starts", "name.within"]);
        assert_eq!(query.print(&section()), "?name=x&cols=number");
    }

    #[test]
    fn changing_one_part_resets_no_other() {
        let (query, _) = parse("name=x&inn=77&sort=name&cols=number,name&at=abc");
        assert_eq!(
            query.with_filter(&section(), &"inn".into(), "").print(&section()),
            "?name=x&sort=name&cols=number,name"
        );
        assert_eq!(
            query.with_filter(&section(), &"phone".into(), "912").print(&section()),
            "?name=x&inn=77&phone=912&sort=name&cols=number,name"
        );
        assert_eq!(
            query.with_next_sort(&"name".into()).print(&section()),
            "?name=x&inn=77&sort=-name&cols=number,name"
        );
        assert_eq!(
            query.with_next_sort(&"name".into()).with_next_sort(&"name".into()).print(&section()),
            "?name=x&inn=77&cols=number,name"
        );
        assert_eq!(query.without_filters().print(&section()), "?sort=name&cols=number,name");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn any_text_is_parsed_and_what_is_printed_reads_back(text in "([a-z]\\.)?(name|inn|phone|sort|cols|at|q|zzz|created)?(\\.[a-z]{1,8})?=?.{0,30}(&(name|inn|sort|a.name|name.not|created.older)=.{0,12}){0,3}") {
            let (query, _) = parse(&text);
            let (again, dropped) = parse(query.print(&section()).trim_start_matches('?'));
            prop_assert_eq!(&again, &query);
            prop_assert!(dropped.is_empty());
        }
    }
}
