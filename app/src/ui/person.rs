//! A person: a coloured circle with initials, and the name.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: i64,
    pub name: String,
}

/// As many as the stylesheet has classes `av-0` … for.
const COLOURS: i64 = 12;

impl Person {
    /// АК for Анна Крылова.
    pub fn initials(&self) -> String {
        self.name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect::<String>().to_uppercase()
    }

    fn class(&self) -> String {
        format!("av av-{}", self.id.rem_euclid(COLOURS))
    }
}

#[component]
pub fn Avatar(person: Person) -> impl IntoView {
    view! { <span class=person.class() aria-hidden="true">{person.initials()}</span> }
}

#[component]
pub fn PersonName(person: Person) -> impl IntoView {
    let name = person.name.clone();
    view! { <span class="who"><Avatar person/>{name}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_two_letters_at_most() {
        let initials = |name: &str| Person { id: 1, name: name.into() }.initials();
        assert_eq!(initials("Анна Крылова"), "АК");
        assert_eq!(initials("анна"), "А");
        assert_eq!(initials("Анна Петровна Крылова"), "АП");
        assert_eq!(initials(""), "");
    }
}
