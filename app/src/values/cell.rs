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
