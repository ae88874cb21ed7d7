//! What a section is beside its declaration: one value for each, all of them in `sections`. The pages of any section
//! get it handed and know none.

use domain::ids::RecordRef;
use leptos::prelude::*;

/// Is told which sections are there.
pub type CardParts = fn(&dyn Fn(&str) -> bool) -> Parts;

#[derive(Clone, Copy)]
pub struct SectionCode {
    pub key: &'static str,
    /// What stands on its card, as far as the sections that it comes from are there.
    pub parts: CardParts,
    /// What its own form means. `None`: every input is its field.
    #[cfg(feature = "ssr")]
    pub read_form: Option<own_form::ReadForm>,
}

/// Is told whose card it is.
pub type Part = fn(RecordRef) -> AnyView;

#[derive(Clone, Copy, Default)]
pub struct Parts {
    /// Under the name.
    pub next: Option<Part>,
    /// What belongs to it, under its data.
    pub below_data: Option<Part>,
    /// What happened.
    pub stream: Option<Part>,
    /// What happened last, and where to write: beside a list.
    pub latest: Option<Part>,
    /// What comes.
    pub ahead: Option<Part>,
    /// Sections that the parts above show: they need no panel.
    pub shown: &'static [&'static str],
}

#[cfg(feature = "ssr")]
mod own_form {
    use std::pin::Pin;

    use domain::change::{Pairs, Patch};
    use domain::fields::Section;
    use domain::ids::RecordId;
    use store::Db;
    use store::write::Act;

    use crate::reader::Reader;
    use crate::refusal::Refusal;

    /// A form that was sent. `id` is the record's that it changes.
    pub struct OwnForm<'a> {
        pub reader: &'a Reader,
        pub db: &'a Db,
        pub section: &'a Section,
        pub id: Option<RecordId>,
        pub pairs: Pairs,
    }

    /// What is done to the record, and what goes along in the same commit.
    #[derive(Default)]
    pub struct Meaning {
        pub patch: Patch,
        pub also: Vec<Act>,
    }

    impl From<Patch> for Meaning {
        fn from(patch: Patch) -> Self {
            Self { patch, also: Vec::new() }
        }
    }

    type Read<'a> = Pin<Box<dyn Future<Output = Result<Meaning, Refusal>> + Send + 'a>>;
    pub type ReadForm = for<'a> fn(OwnForm<'a>) -> Read<'a>;
}

#[cfg(feature = "ssr")]
pub use own_form::{Meaning, OwnForm};
