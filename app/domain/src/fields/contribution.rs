//! What a section adds to the declaration of another one, which need not know it: fields that are kept there from its
//! records, and lists that they make possible.

use super::field::FieldSpec;
use super::section::{ReadyView, SectionSpec};
use crate::ids::{FieldKey, SectionKey};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub from: SectionKey,
    pub to: SectionKey,
    fields: Vec<(Place, FieldSpec)>,
    views: Vec<ReadyView>,
    /// Fields whose filters look through one of these too.
    also: Vec<(FieldKey, FieldKey)>,
    searched: Vec<FieldKey>,
}

/// Where a field stands among those that are there already.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Before(FieldKey),
    Last,
}

impl Contribution {
    pub fn new(from: &'static str, to: &'static str) -> Self {
        Self {
            from: SectionKey::built_in(from),
            to: SectionKey::built_in(to),
            fields: Vec::new(),
            views: Vec::new(),
            also: Vec::new(),
            searched: Vec::new(),
        }
    }

    pub fn before(mut self, key: &'static str, field: FieldSpec) -> Self {
        self.fields.push((Place::Before(FieldKey::built_in(key)), field));
        self
    }

    pub fn last(mut self, field: FieldSpec) -> Self {
        self.fields.push((Place::Last, field));
        self
    }

    pub fn view(mut self, view: ReadyView) -> Self {
        self.views.push(view);
        self
    }

    /// The filter of `field` looks through `other` too, and so does the search.
    pub fn found_with(mut self, field: &'static str, other: &'static str) -> Self {
        self.also.push((FieldKey::built_in(field), FieldKey::built_in(other)));
        self.searched.push(FieldKey::built_in(other));
        self
    }
}

impl SectionSpec {
    /// Takes it in. What it adds goes with the section that it comes from: while that one is off, it is nowhere.
    pub fn receive(&mut self, contribution: Contribution) {
        let Contribution { from, fields, views, also, searched, .. } = contribution;
        for (place, field) in fields {
            let found = match place {
                Place::Before(key) => self.fields.iter().position(|field| field.key == key),
                Place::Last => None,
            };
            self.fields.insert(found.unwrap_or(self.fields.len()), field.of_feature(from.as_str()));
        }
        for (key, other) in also {
            if let Some(field) = self.fields.iter_mut().find(|field| field.key == key) {
                field.also.push(other);
            }
        }
        self.views.extend(views);
        self.search.extend(searched);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Kind;
    use crate::words::Label;

    #[test]
    fn what_is_added_stands_in_its_place_and_goes_with_its_section() {
        let field = |key| FieldSpec::new(key, Kind::Text, Label::new("", ""));
        let mut things = SectionSpec { fields: vec![field("name"), field("note")], ..SectionSpec::default() };
        let added = Contribution::new("visits", "things")
            .before("note", field("visited"))
            .last(field("visitor"))
            .found_with("name", "visitor");
        things.receive(added);
        let keys: Vec<&str> = things.fields.iter().map(|field| field.key.as_str()).collect();
        assert_eq!(keys, ["name", "visited", "note", "visitor"]);
        let of_visits = |field: &FieldSpec| field.feature.as_deref() == Some("visits");
        assert_eq!(things.fields.iter().map(of_visits).collect::<Vec<_>>(), [false, true, false, true]);
        assert_eq!(
            (things.fields[0].also.as_slice(), things.search.len()),
            ([FieldKey::from("visitor")].as_slice(), 1)
        );
    }
}
