//! How a value looks: made on the server from its kind, shown the same in the table, on the card and
//! in the history.

use domain::words::Word;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::frame::word;
use crate::ui::{Icon, Person, PersonName, Sign};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    Empty,
    Text(String),
    /// A name that the system made: «Клиент № 17».
    Automatic(String),
    /// A record's number.
    Number(String),
    Phone {
        shown: String,
        dial: Option<String>,
    },
    Link {
        shown: String,
        href: String,
    },
    Mail {
        shown: String,
        href: String,
    },
    Person(Person),
    /// A record of another section.
    Record {
        title: String,
        href: String,
    },
    When {
        near: String,
        exact: String,
    },
    /// Several values; `shown` is all of them.
    Several {
        shown: String,
        parts: Vec<Cell>,
    },
    /// What happened last, or comes next: «вчера, звонок», «позвонить, сегодня 16:30».
    Event {
        shown: String,
        hint: String,
        tone: Tone,
        mark: Mark,
    },
    /// Kept although it is likely a mistake.
    Doubtful {
        shown: String,
        why: String,
    },
}

/// How good or bad it is; the words say it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    #[default]
    Plain,
    Good,
    Soon,
    Late,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    Dot,
    Chip,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "n",
            Self::Good => "g",
            Self::Soon => "a",
            Self::Late => "r",
        }
    }
}

impl Cell {
    /// The text alone.
    pub fn text(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Automatic(text) | Self::Number(text) => text,
            Self::Phone { shown, .. }
            | Self::Link { shown, .. }
            | Self::Mail { shown, .. }
            | Self::Doubtful { shown, .. } => shown,
            Self::Person(person) => &person.name,
            Self::Record { title, .. } => title,
            Self::When { near, .. } => near,
            Self::Several { shown, .. } | Self::Event { shown, .. } => shown,
        }
    }
}

/// A kind's cell.
#[cfg(feature = "ssr")]
pub fn cell(
    field: &domain::fields::FieldSpec,
    value: &domain::fields::Value,
    names: &crate::table::names::Names,
    asked: &crate::asked::Asked,
) -> Cell {
    use domain::fields::kinds::{email, lines, link, phone, references};
    use domain::fields::{Kind, Target, Value};
    use domain::words::{exact, near, sentence};

    if value.is_empty() {
        return Cell::Empty;
    }
    let rules = field.kind.rules();
    let shown = rules.show(value, asked.user.lang);
    let typed = value.text().unwrap_or_default();
    let of_lines = |kind: Kind| {
        let one = domain::fields::FieldSpec { kind, ..field.clone() };
        let parts: Vec<Cell> =
            lines::lines(value).map(|line| cell(&one, &Value::Text(line.to_string()), names, asked)).collect();
        several(parts)
    };
    match &field.kind {
        Kind::Integer(_) => Cell::Number(shown),
        Kind::Text | Kind::LongText | Kind::Money | Kind::Date | Kind::YesNo | Kind::Choice(_) => Cell::Text(shown),
        Kind::Phones => of_lines(Kind::Phone),
        Kind::Emails => of_lines(Kind::Email),
        Kind::References(target) => {
            let one = domain::fields::FieldSpec { kind: Kind::Reference(target.clone()), ..field.clone() };
            let ids = references::ids(value).into_iter();
            several(
                ids.map(|id| cell(&one, &Value::Reference(id), names, asked))
                    .filter(|cell| *cell != Cell::Empty)
                    .collect(),
            )
        }
        Kind::Phone => Cell::Phone { shown, dial: phone::dial(typed) },
        Kind::Email => match email::href(typed) {
            Some(href) => Cell::Mail { shown, href },
            None => Cell::Text(shown),
        },
        Kind::Link => match link::href(typed) {
            Some(href) => Cell::Link { shown, href },
            None => Cell::Text(shown),
        },
        Kind::Inn | Kind::Kpp | Kind::Ogrn => match rules.doubt(value) {
            Some(code) => Cell::Doubtful { shown, why: sentence(&code, asked.user.lang) },
            None => Cell::Text(shown),
        },
        Kind::Instant => match value {
            Value::Instant(at) => {
                let moment = asked.moment(*at);
                Cell::When {
                    near: near(moment, asked.now_moment(), asked.user.lang),
                    exact: exact(moment, asked.user.lang),
                }
            }
            Value::Empty | Value::Text(_) | Value::Integer(_) | Value::Reference(_) => Cell::Empty,
        },
        Kind::Reference(target) => match (target, value.number()) {
            (Target::Users, Some(id)) => names.person(id).cloned().map_or(Cell::Empty, Cell::Person),
            (Target::Section(to), Some(id)) => match names.record(to, id) {
                Some(title) => Cell::Record { title: title.to_string(), href: format!("/{to}/{id}") },
                None => Cell::Empty,
            },
            (_, None) => Cell::Empty,
        },
    }
}

#[cfg(feature = "ssr")]
fn several(mut parts: Vec<Cell>) -> Cell {
    match parts.len() {
        0 => Cell::Empty,
        1 => parts.swap_remove(0),
        _ => {
            let shown: Vec<&str> = parts.iter().map(Cell::text).collect();
            Cell::Several { shown: shown.join(", "), parts }
        }
    }
}

/// The value as it is read; links and phones are live.
#[component]
pub fn CellView(cell: Cell) -> impl IntoView {
    match cell {
        Cell::Empty => view! { <span class="mut">"—"</span> }.into_any(),
        Cell::Text(text) => text.into_any(),
        Cell::Automatic(name) => view! { <span class="auto">{name}</span> }.into_any(),
        Cell::Number(number) => number.into_any(),
        Cell::Phone { shown, dial: Some(dial) } => {
            view! { <a class="tel" href=format!("tel:{dial}")>{shown}</a> }.into_any()
        }
        Cell::Phone { shown, dial: None } => shown.into_any(),
        Cell::Mail { shown, href } => view! { <a class="l" href=href>{shown}</a> }.into_any(),
        Cell::Link { shown, href } => {
            view! { <a class="l" href=href target="_blank" rel="noopener noreferrer">{shown}</a> }.into_any()
        }
        Cell::Person(person) => view! { <PersonName person/> }.into_any(),
        Cell::Record { title, href } => view! { <a class="l rec" href=href>{title}</a> }.into_any(),
        Cell::Several { parts, .. } => {
            let parts = parts.into_iter().map(|cell| view! { <span class="part"><CellView cell/></span> });
            view! { <span class="parts">{parts.collect_view()}</span> }.into_any()
        }
        Cell::Event { shown, hint, tone, mark: Mark::Dot } => {
            view! { <span class=format!("event {}", tone.class()) title=hint>{shown}</span> }.into_any()
        }
        Cell::Event { shown, hint, tone, mark: Mark::Chip } => {
            view! { <span class=format!("chip {}", tone.class()) title=hint>{shown}</span> }.into_any()
        }
        Cell::When { near, exact } => view! { <span title=exact>{near}</span> }.into_any(),
        Cell::Doubtful { shown, why } => {
            view! { <span class="doubtful" title=why>{shown}<span class="chip a">{word(Word::Doubtful)}</span></span> }
                .into_any()
        }
    }
}

/// A round button that dials.
#[component]
pub fn CallButton(dial: String, whom: String) -> impl IntoView {
    view! {
        <a class="call" href=format!("tel:{dial}") aria-label=format!("{}: {whom}", word(Word::Call))>
            <Icon sign=Sign::Phone/>
        </a>
    }
}
