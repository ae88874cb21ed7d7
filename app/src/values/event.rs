//! A field kept from other records, as one reads it: «вчера, звонок», «позвонить, сегодня 16:30».

use domain::fields::{FieldSpec, Rhythm, SectionSpec, Take, Value};
use domain::limits::RHYTHM_DAYS;
use domain::words::{Word, ago, ahead_short, exact};
use store::record::Record;

use super::cell::{Cell, Mark, Tone};
use super::names::Names;
use super::of_kind::cell;
use crate::reader::Reader;

/// The cell of a field of this record.
pub fn cell_of(section: &SectionSpec, field: &FieldSpec, record: &Record, names: &Names, reader: &Reader) -> Cell {
    let value = record.value(&field.key);
    match field.rollup().map(|rollup| &rollup.take) {
        Some(Take::Latest(_)) => last(section, field, record, names, reader),
        Some(Take::Earliest(_)) if !value.is_empty() => next(field, record, names, reader),
        _ => cell(field, value, names, reader),
    }
}

fn last(section: &SectionSpec, field: &FieldSpec, record: &Record, names: &Names, reader: &Reader) -> Cell {
    let lang = reader.lang;
    let Value::Instant(at) = *record.value(&field.key) else {
        // Only where one talks at all.
        return match &field.rhythm {
            Some(_) => Cell::Event {
                shown: Word::NeverTalked.text(lang).to_string(),
                hint: Word::CountsAsTalk.text(lang).to_string(),
                tone: Tone::Plain,
                mark: Mark::Dot,
            },
            None => Cell::Empty,
        };
    };
    let (moment, now) = (reader.moment(at), reader.now_moment());
    let source = names.source(&field.key, record.id).cloned().unwrap_or_default();
    let rhythm = field.rhythm.as_ref().and_then(Rhythm::own).and_then(|key| record.value(key).number());
    let days = now.date().days() - moment.date().days();
    let (first, second) = rhythm.map_or((RHYTHM_DAYS, 2 * RHYTHM_DAYS), |rhythm| (rhythm, 2 * rhythm));
    let tone = match days {
        days if days <= first => Tone::Good,
        days if days <= second => Tone::Soon,
        _ => Tone::Late,
    };
    // Attempts since then, apart from the talk.
    let attempts = section.fields.iter().filter(|other| {
        let same = |rollup: &domain::fields::Rollup| Some(&rollup.of) == field.rollup().map(|own| &own.of);
        other.key != field.key && other.rollup().is_some_and(same)
    });
    let attempt = attempts.filter_map(|other| record.value(&other.key).number()).filter(|tried| *tried > at).max();
    let tried = attempt.map(|tried| format!("{} {}", ago(reader.moment(tried), now, lang), Word::NoAnswer.text(lang)));
    let said: Vec<String> =
        [ago(moment, now, lang), source.what.clone()].into_iter().filter(|part| !part.is_empty()).collect();
    let hint: Vec<String> = [
        Some(exact(moment, lang)),
        source.with.clone(),
        Some(source.text.clone()),
        tried,
        Some(Word::CountsAsTalk.text(lang).to_string()),
    ]
    .into_iter()
    .flatten()
    .filter(|part| !part.is_empty())
    .collect();
    Cell::Event { shown: said.join(", "), hint: hint.join("\n"), tone, mark: Mark::Dot }
}

fn next(field: &FieldSpec, record: &Record, names: &Names, reader: &Reader) -> Cell {
    let lang = reader.lang;
    let Value::Instant(at) = *record.value(&field.key) else { return Cell::Empty };
    let (moment, now) = (reader.moment(at), reader.now_moment());
    let source = names.source(&field.key, record.id).cloned().unwrap_or_default();
    let said: Vec<String> =
        [source.what.clone(), ahead_short(moment, now, lang)].into_iter().filter(|part| !part.is_empty()).collect();
    let hint = [exact(moment, lang), source.text.clone(), source.with.unwrap_or_default()];
    Cell::Event {
        shown: said.join(", "),
        hint: hint.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"),
        tone: tone_ahead(at, reader),
        mark: Mark::Chip,
    }
}

/// Overdue, today, later.
pub fn tone_ahead(at: i64, reader: &Reader) -> Tone {
    match at {
        at if at < reader.now => Tone::Late,
        at if reader.moment(at).date() == reader.now_moment().date() => Tone::Soon,
        _ => Tone::Plain,
    }
}
