//! The frame of a request.

use std::collections::BTreeMap;

use domain::ids::SectionKey;

use super::{Frame, SignedIn};
use crate::appearance::UserView;
use crate::asked::User;
use crate::counters::Counters;
use crate::progress::Progress;
use crate::ui::Person;

/// What a page begins with, beside who opens it.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    pub views: BTreeMap<SectionKey, UserView>,
    pub people: Vec<Person>,
    pub job: Option<Progress>,
    pub counters: Counters,
}

impl Frame {
    pub fn of(user: Option<&User>, beginning: Beginning) -> Self {
        let Some(user) = user else { return Self::default() };
        let Beginning { views, people, job, counters } = beginning;
        Self {
            user: Some(SignedIn {
                person: Person { id: user.id, name: user.name.clone() },
                login: user.login.clone(),
                role: user.role,
                zone: user.zone_name.clone(),
                theme: user.theme,
            }),
            lang: user.lang,
            sections: user.sees.sections.iter().map(|section| section.spec.clone()).collect(),
            access: user.sees.sections.iter().map(|section| (section.key.clone(), section.access.clone())).collect(),
            views,
            people,
            job,
            counters,
        }
    }
}
