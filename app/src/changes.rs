//! What is changed on a page is told here, as record and version; whatever shows it listens to what it shows, and nothing
//! else is asked for anew.

use std::collections::BTreeMap;

use domain::fields::SectionSpec;
use domain::ids::RecordRef;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct Changes {
    told: RwSignal<Told>,
    /// How often lists were to be asked for anew.
    anew: RwSignal<u32>,
    /// How often something was to be told later.
    later: StoredValue<u32>,
}

/// What was told while the page lives.
#[derive(Clone, Debug, Default)]
struct Told {
    /// How often something was changed of which nobody knows what it is.
    anything: u32,
    /// How often a record of a section was.
    of_section: BTreeMap<String, u32>,
    /// The version that a record has come to.
    versions: BTreeMap<(String, i64), i64>,
}

/// What was ticked off stands in its place for so long: nothing moves under the hand.
const LATER_MS: u32 = 3_000;

pub fn provide_changes() {
    provide_context(Changes::new());
}

pub fn use_changes() -> Changes {
    use_context().unwrap_or_else(Changes::new)
}

impl Changes {
    fn new() -> Self {
        Self { told: RwSignal::default(), anew: RwSignal::new(0), later: StoredValue::new(0) }
    }

    /// Something was changed, and nobody here knows what.
    pub fn tell(self) {
        self.told.update(|told| told.anything += 1);
    }

    /// A record of this section was made or changed.
    pub fn tell_of(self, section: &str) {
        self.told.update(|told| *told.of_section.entry(section.to_string()).or_default() += 1);
    }

    /// A record has come to this version.
    pub fn tell_version(self, section: &str, id: i64, version: i64) {
        self.told.update(|told| {
            told.versions.insert((section.to_string(), id), version);
        });
    }

    /// Records of this section, when nothing more is ticked off for some seconds.
    pub fn tell_later(self, section: &'static str) {
        self.later.update_value(|later| *later += 1);
        let own = self.later.get_value();
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(LATER_MS).await;
            if self.later.try_get_value() == Some(own) {
                self.tell_of(section);
            }
        });
    }

    /// For what shows something of everything.
    pub fn told(self) -> u64 {
        self.told.with(|told| {
            let sections: u32 = told.of_section.values().sum();
            let versions: i64 = told.versions.values().sum();
            u64::from(told.anything + sections) + versions.unsigned_abs()
        })
    }

    /// For what shows records of these sections.
    pub fn told_of(self, sections: &[&str]) -> u32 {
        self.told.with(|told| {
            let of = |section: &&str| told.of_section.get(*section).copied().unwrap_or_default();
            told.anything + sections.iter().map(of).sum::<u32>()
        })
    }

    /// For what shows a record: beside the changes of these sections, the version that it has come to.
    pub fn told_of_record(self, record: &RecordRef, sections: &[&str]) -> (u32, i64) {
        let key = (record.section.to_string(), record.id);
        (self.told_of(sections), self.told.with(|told| told.versions.get(&key).copied().unwrap_or_default()))
    }

    /// Lists are to be asked for anew: records have come or gone.
    pub fn ask_anew(self) {
        self.anew.update(|anew| *anew += 1);
    }

    pub fn anew(self) -> u32 {
        self.anew.get()
    }
}

/// The sections that a record of this one shows something of: its own, and those that it keeps something from.
pub fn shown_by(section: &SectionSpec) -> Vec<String> {
    let kept = section.fields.iter().filter_map(|field| field.rollup()).map(|rollup| rollup.of.to_string());
    let mut shown: Vec<String> = std::iter::once(section.key.to_string()).chain(kept).collect();
    shown.sort();
    shown.dedup();
    shown
}
