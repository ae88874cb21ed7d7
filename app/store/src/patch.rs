//! What somebody wants to write, read by rights and kinds: before any record is looked at.

use std::collections::BTreeMap;

use domain::change::{Input, Patch, Source};
use domain::fields::kinds::references;
use domain::fields::{FieldSpec, Kind, Section, Value};
use domain::ids::{FieldKey, RecordId};
use domain::problem::{Code, Problem};
use domain::rights::{Action, Actor, may};

use crate::act::Refusal;
use crate::context::Context;

/// A value for a field.
#[derive(Clone, Debug)]
pub(crate) struct Given<'a> {
    pub field: &'a FieldSpec,
    pub value: Value,
    /// The value is the record that this act makes.
    pub made: Option<usize>,
}

impl Given<'_> {
    /// Puts in the number of the record that an earlier act has made.
    pub fn resolve(&mut self, made: impl Fn(usize) -> Option<RecordId>) -> Result<(), Refusal> {
        let Some(act) = self.made else { return Ok(()) };
        let unknown = || Refusal::Problems(vec![Problem::at(&self.field.key, Code::UnknownRecord)]);
        let id = made(act).filter(|_| self.field.kind != Kind::Record).ok_or_else(unknown)?;
        self.value = if self.field.kind.is_references() { references::value(vec![id]) } else { Value::Reference(id) };
        Ok(())
    }
}

pub(crate) fn allow(actor: &Actor, action: Action<'_>) -> Result<(), Refusal> {
    if may(actor, action) { Ok(()) } else { Err(Refusal::Forbidden) }
}

/// Every field may be written by this actor, and its kind has read what was typed.
pub(crate) fn read<'a>(section: &'a Section, context: &Context, patch: &Patch) -> Result<Vec<Given<'a>>, Refusal> {
    let mut values: Vec<Given<'a>> = Vec::new();
    let mut problems = Vec::new();
    let by_hand = context.source == Source::Form;
    for (key, input) in &joined(section, &patch.fields) {
        let Some(field) = section.field(key) else {
            problems.push(Problem::at(key, Code::UnknownField));
            continue;
        };
        // Loading a base brings values that only the system sets otherwise.
        if context.source != Source::Seed {
            if !section.access.may_write(field) || (field.is_by_form() && matches!(input, Input::Typed(_))) {
                problems.push(Problem::at(key, Code::ReadOnly));
                continue;
            }
            allow(&context.actor, Action::WriteField(&section.access, field))?;
        }
        let rules = field.kind.rules();
        let mut made = None;
        let read = match input {
            Input::Typed(text) => rules.parse(text),
            Input::Value(value) => Ok(value.clone()),
            Input::Stamp(stamp) => Ok(stamp.value(context.now, context.actor.id)),
            Input::Made(act) => {
                made = Some(*act);
                Ok(Value::Empty)
            }
        };
        match read {
            Err(code) => problems.push(Problem::at(key, code)),
            Ok(value) if made.is_none() && field.refuses(&value, by_hand).is_some() => {
                problems.extend(field.refuses(&value, by_hand).map(|code| Problem::at(key, code)));
            }
            Ok(value) => {
                let typed = matches!(input, Input::Typed(_)) && !patch.accept.contains(key);
                match rules.doubt(&value).filter(|_| typed) {
                    Some(code) => problems.push(Problem::at(key, code)),
                    None => {
                        // A field that stands twice in a form: the last one counts.
                        values.retain(|earlier| earlier.field.key != field.key);
                        values.push(Given { field, value, made });
                    }
                }
            }
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(Refusal::Problems(problems)) }
}

/// What a form has in several inputs of one field of several values, as one text.
fn joined(section: &Section, fields: &[(FieldKey, Input)]) -> Vec<(FieldKey, Input)> {
    let mut joined: Vec<(FieldKey, Input)> = Vec::new();
    // Where a field of several values stands: a form may have any number of inputs.
    let mut places: BTreeMap<&FieldKey, usize> = BTreeMap::new();
    for (key, input) in fields {
        let earlier = places.get(key).map(|place| &mut joined[*place].1);
        match (earlier, input) {
            (Some(Input::Typed(text)), Input::Typed(more)) => {
                text.push('\n');
                text.push_str(more);
            }
            _ => {
                if section.field(key).is_some_and(|field| field.kind.is_several()) {
                    places.entry(key).or_insert(joined.len());
                }
                joined.push((key.clone(), input.clone()));
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use domain::fields::{Kind, SectionSpec};
    use domain::words::Label;

    use super::*;

    /// A form of a megabyte takes ten times as long as one of a hundred kilobytes, and not a hundred times.
    #[test]
    fn a_form_of_any_number_of_inputs_is_read_in_one_go() {
        let phones = FieldSpec::new("phones", Kind::Phones, Label::new("", ""));
        let section = Section::from(SectionSpec { fields: vec![phones], ..SectionSpec::default() });
        let fields = |count: usize| -> Vec<(FieldKey, Input)> {
            let unknown = (0..count).map(|place| FieldKey::from(format!("a{place}").as_str()));
            let several = (0..count).map(|_| FieldKey::from("phones"));
            unknown.zip(several).flat_map(|(a, b)| [a, b]).map(|key| (key, Input::Typed("1".into()))).collect()
        };
        let time = |count: usize| {
            let fields = fields(count);
            let begun = Instant::now();
            assert_eq!(super::joined(&section, &fields).len(), count + 1);
            begun.elapsed()
        };
        time(1_000);
        let (few, many) = (time(3_000), time(30_000));
        assert!(many < few * 40, "{few:?}, {many:?}");
    }
}
