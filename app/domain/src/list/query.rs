//! Filters, sort, columns and position of a list. Parsing never fails: what is not understood is
//! dropped and said. Every change is a method that gives a new value, so no part can reset another.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fields::{Access, FieldSpec, Op, Rules, SectionSpec, Test};
use crate::ids::FieldKey;
use crate::limits::{COLUMNS_MAX, DROPPED_MAX, FILTER_CHARS_MAX, FILTER_VALUES_MAX};

/// Names in a query string that are never a field's.
const RESERVED: [&str; 15] =
    ["q", "sort", "cols", "at", "view", "n", "in", "edit", "draft", "tab", "dense", "peek", "filter", "job", "group"];
/// A column is as narrow as this, or as wide.
const WIDTHS_PX: std::ops::RangeInclusive<u16> = 56..=800;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    pub conditions: Vec<Condition>,
    /// One text over the section's search fields.
    pub q: Option<String>,
    /// Newest number first when `None`.
    pub sort: Option<Sort>,
    /// The remembered ones when `None`.
    pub columns: Option<Vec<Shown>>,
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

/// A column that is shown; as wide as its kind when nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub field: FieldKey,
    pub width_px: Option<u16>,
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

impl Shown {
    pub fn of(field: &FieldKey) -> Self {
        Self { field: field.clone(), width_px: None }
    }

    /// `inn`, `name:320`
    fn parse(section: &SectionSpec, text: &str) -> Option<Self> {
        let (name, width) = match text.split_once(':') {
            Some((name, width)) => (name, Some(width.parse().ok().filter(|width| WIDTHS_PX.contains(width))?)),
            None => (text, None),
        };
        section.listed_field(name).map(|field| Self { field: field.key.clone(), width_px: width })
    }

    /// Reads columns with commas between them, each once; whether all were understood.
    pub fn parse_all(section: &SectionSpec, text: &str) -> (Vec<Self>, bool) {
        let mut known: Vec<Self> = Vec::new();
        let mut all = true;
        for part in text.split(',').take(COLUMNS_MAX) {
            match Self::parse(section, part) {
                Some(shown) if known.iter().all(|other| other.field != shown.field) => known.push(shown),
                Some(_) => {}
                None => all = false,
            }
        }
        (known, all)
    }

    pub fn print_all(columns: &[Self]) -> String {
        let print = |shown: &Self| match shown.width_px {
            Some(width) => format!("{}:{width}", shown.field),
            None => shown.field.to_string(),
        };
        columns.iter().map(print).collect::<Vec<_>>().join(",")
    }

    /// The same column this wide, as far as columns may be.
    pub fn with_width(&self, width_px: i32) -> Self {
        let width = width_px.clamp(i32::from(*WIDTHS_PX.start()), i32::from(*WIDTHS_PX.end()));
        Self { field: self.field.clone(), width_px: u16::try_from(width).ok() }
    }
}

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
    let field = section.listed_field(key)?;
    let own = field.kind.own();
    // To be one number is a range of one: links from when whole numbers had no ranges.
    let op = match op {
        Some(Op::Is) if own == Op::Within => own,
        Some(op) => op,
        None => own,
    };
    field.kind.rules().operators().contains(&op).then_some((group, field, op))
}

/// An end of a range that has an input of its own: `created.from`, `created.to`.
#[derive(Clone, Copy)]
enum Half {
    From,
    To,
}

fn read_half<'a>(section: &'a SectionSpec, name: &str) -> Option<(Option<char>, &'a FieldSpec, Half)> {
    let (name, half) = match name.rsplit_once('.')? {
        (name, "from") => (name, Half::From),
        (name, "to") => (name, Half::To),
        _ => return None,
    };
    let (group, field, op) = read_name(section, &format!("{name}.within"))?;
    (op == Op::Within).then_some((group, field, half))
}

impl ListQuery {
    /// Reads decoded pairs. Empty values mean nothing and are not said.
    pub fn parse(section: &SectionSpec, pairs: &[(String, String)]) -> (Self, Vec<Dropped>) {
        let mut query = Self::default();
        let mut dropped = Vec::new();
        let mut said: BTreeSet<&str> = BTreeSet::new();
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
            if !understood && said.len() < DROPPED_MAX && said.insert(name) {
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
        let Some(field) = section.listed_field(name).filter(|field| field.is_sortable()) else { return false };
        self.sort = Some(Sort { field: field.key.clone(), direction });
        true
    }

    fn take_columns(&mut self, section: &SectionSpec, value: &str) -> bool {
        let (known, all) = Shown::parse_all(section, value);
        if !known.is_empty() {
            self.columns = Some(known);
        }
        all
    }

    fn take_condition(&mut self, section: &SectionSpec, name: &str, value: &str) -> bool {
        if let Some((group, field, half)) = read_half(section, name) {
            return self.take_half(group, field, half, value.trim());
        }
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

    /// One end of a range, from an input of its own: it joins the other end.
    fn take_half(&mut self, group: Option<char>, field: &FieldSpec, half: Half, value: &str) -> bool {
        let place = self.conditions.iter().position(|condition| {
            condition.field == field.key && condition.op == Op::Within && condition.group == group
        });
        let other = place.and_then(|place| self.conditions[place].typed.first()).cloned().unwrap_or_default();
        let (from, to) = other.split_once("..").unwrap_or((&other, &other));
        let typed = match half {
            Half::From => format!("{value}..{to}"),
            Half::To => format!("{from}..{value}"),
        };
        if typed.chars().count() > FILTER_CHARS_MAX || field.kind.rules().test(Op::Within, &typed).is_none() {
            return false;
        }
        let condition = Condition { field: field.key.clone(), op: Op::Within, typed: vec![typed], group };
        match place {
            Some(place) => self.conditions[place] = condition,
            None => self.conditions.push(condition),
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
            pairs.push(("cols".to_string(), Shown::print_all(columns)));
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

    /// The same list without a condition and all of its any-of group.
    pub fn without_all_of(&self, condition: &Condition) -> Self {
        let mut query = self.first_page();
        let same_group = |kept: &Condition| kept.group.is_some() && kept.group == condition.group;
        query.conditions.retain(|kept| kept != condition && !same_group(kept));
        query
    }

    /// The same list without one of its conditions, from its first page.
    pub fn without(&self, condition: &Condition) -> Self {
        let mut query = self.first_page();
        query.conditions.retain(|kept| kept != condition);
        query
    }

    /// The same list with this condition in the place of another, or as one more, from its first page.
    pub fn with_condition(&self, place: Option<usize>, condition: Condition) -> Self {
        let mut query = self.first_page();
        match place.and_then(|place| query.conditions.get_mut(place)) {
            Some(old) => *old = condition,
            None => query.conditions.push(condition),
        }
        query.joined()
    }

    /// Conditions of one field, operator and group are one: any of their texts.
    fn joined(mut self) -> Self {
        let mut joined: Vec<Condition> = Vec::new();
        for condition in std::mem::take(&mut self.conditions) {
            let same = |other: &&mut Condition| {
                other.field == condition.field && other.op == condition.op && other.group == condition.group
            };
            match joined.iter_mut().find(same) {
                Some(other) => {
                    let new = condition.typed.into_iter().filter(|typed| !other.typed.contains(typed));
                    let new: Vec<String> = new.collect();
                    other.typed.extend(new);
                }
                None => joined.push(condition),
            }
        }
        self.conditions = joined;
        self
    }

    /// The same list where a condition and a new one are an any-of group.
    pub fn with_alternative(&self, place: usize, condition: Condition) -> Self {
        let mut query = self.clone();
        let used: Vec<char> = query.conditions.iter().filter_map(|condition| condition.group).collect();
        let free = ('a'..='z').find(|letter| !used.contains(letter));
        let Some(first) = query.conditions.get_mut(place) else { return query.with_condition(None, condition) };
        let group = first.group.or(free);
        first.group = group;
        query.with_condition(None, Condition { group, ..condition })
    }

    /// With other columns; where the page stands does not change.
    pub fn with_columns(&self, columns: Option<Vec<Shown>>) -> Self {
        Self { columns, ..self.clone() }
    }

    /// What a record made from this list begins with: fields that must be one value. Never its name, number or
    /// employee, who is the one that makes it.
    pub fn presets<'a>(
        &'a self,
        section: &'a SectionSpec,
        access: &'a Access,
    ) -> impl Iterator<Item = (&'a FieldKey, &'a str)> {
        self.conditions.iter().filter_map(|condition| {
            let field = section.field(&condition.field)?;
            let is_one = condition.op == Op::Is && condition.group.is_none() && condition.typed.len() == 1;
            let its_own = field.key == section.title || Some(&field.key) == section.owner.as_ref();
            let typed = condition.typed.first().filter(|typed| *typed != "me")?;
            (is_one && !its_own && access.may_write(field)).then_some((&condition.field, typed.as_str()))
        })
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
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':');
    utf8_percent_encode(part, KEPT).to_string()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::fields::{Integer, Kind, Target};
    use crate::ids::SectionKey;
    use crate::words::{Forms, Label};
    use proptest::prelude::*;

    pub(in crate::list) fn section() -> SectionSpec {
        let field = |key, kind| FieldSpec::new(key, kind, Label::new("", ""));
        SectionSpec {
            key: SectionKey::built_in("clients"),
            table: "clients".into(),
            forms: Forms::default(),
            title: FieldKey::built_in("name"),
            search: vec![],
            row_filters: vec![],
            owner: None,
            fields: vec![
                field("number", Kind::Integer(Integer::ANY)),
                field("name", Kind::Text),
                field("inn", Kind::Inn),
                field("phone", Kind::Phone),
                field("responsible", Kind::Reference(Target::Users)),
                field("created", Kind::Instant),
            ],
            ..SectionSpec::default()
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
            ("cols=number,name:320,name,inn:80", "?cols=number,name:320,inn:80"),
            ("created.from=2026-06-01", "?created=2026-06-01.."),
            ("created.to=2026-06-30&created.from=2026-06-01", "?created=2026-06-01..2026-06-30"),
            ("name.not=a&name.not=b&name.empty=1", "?name.not=a&name.not=b&name.empty=1"),
            ("a.name.has=x&a.phone=912&inn.doubtful=1", "?a.name=x&a.phone=912&inn.doubtful=1"),
            ("created.older=30d&responsible.not=me", "?created.older=30d&responsible.not=me"),
            ("q=%D1%80%D0%BE&inn=77", "?inn=77&q=%D1%80%D0%BE"),
            ("number=17&number.not=5", "?number=17&number.not=5"),
            ("number.is=17", "?number=17"),
            ("number.from=10&number.to=20", "?number=10..20"),
        ] {
            let (query, dropped) = parse(link);
            assert_eq!(query.print(&section()), printed, "{link}");
            assert!(dropped.is_empty(), "{link}: {dropped:?}");
        }
    }

    #[test]
    fn what_is_not_understood_is_dropped_and_said() {
        let (query, dropped) = parse(
            "sort=colour&name=x&name.like=y&created=yesterday&cols=number,wings&edit=name&inn=&created.from=x&name.to=1",
        );
        assert_eq!(dropped, ["sort", "name.like", "created", "cols", "created.from", "name.to"]);
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

    #[test]
    fn of_many_parts_that_mean_nothing_some_are_named_and_none_is_compared_with_all() {
        let pairs = |count: usize| -> Vec<(String, String)> {
            (0..count).map(|place| (format!("a{place}"), "1".to_string())).collect()
        };
        let time = |count: usize| {
            let pairs = pairs(count);
            let begun = std::time::Instant::now();
            assert_eq!(ListQuery::parse(&SectionSpec::default(), &pairs).1.len(), DROPPED_MAX);
            begun.elapsed()
        };
        time(1_000);
        let (few, many) = (time(3_000), time(30_000));
        assert!(many < few * 40, "{few:?}, {many:?}");
    }
}
