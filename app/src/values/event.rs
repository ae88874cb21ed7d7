//! A field kept from other records, as one reads it: «вчера, звонок», «позвонить, сегодня 16:30».

use domain::fields::{FieldSpec, Recency, Take, Value};
use domain::limits::RECENT_DAYS;
use domain::words::{ago, ahead_short, exact, exact_due};
use store::record::Record;

use super::cell::{Cell, Mark, Tone};
use super::names::Names;
use super::of_kind::cell;
use crate::reader::Reader;

/// The cell of a field of this record.
pub fn cell_of(field: &FieldSpec, record: &Record, names: &Names, reader: &Reader) -> Cell {
    let value = record.value(&field.key);
    match (&field.recency, field.rollup().map(|rollup| &rollup.take)) {
        (Some(recency), _) => last(field, Some(recency), record, names, reader),
        (None, Some(Take::Latest(_))) if !value.is_empty() => last(field, None, record, names, reader),
        (None, Some(Take::Earliest(_))) if !value.is_empty() => next(field, record, names, reader),
        _ => cell(field, value, names, reader),
    }
}

fn last(field: &FieldSpec, recency: Option<&Recency>, record: &Record, names: &Names, reader: &Reader) -> Cell {
    let lang = reader.lang;
    let hint = recency.map(|recency| recency.hint.get(lang).to_string()).unwrap_or_default();
    let Value::Instant(at) = *record.value(&field.key) else {
        let shown = recency.map(|recency| recency.never.get(lang).to_string()).unwrap_or_default();
        return Cell::Event { shown, hint, tone: Tone::Plain, mark: Mark::Dot };
    };
    let (moment, now) = (reader.moment(at), reader.now_moment());
    let source = names.source(&field.key, record.id).cloned().unwrap_or_default();
    let days = recency.and_then(|recency| recency.days.as_ref());
    let usual = days.and_then(|key| record.value(key).number()).unwrap_or(RECENT_DAYS);
    let tone = match now.date().days() - moment.date().days() {
        _ if recency.is_none() => Tone::Plain,
        days if days <= usual => Tone::Good,
        days if days <= 2 * usual => Tone::Soon,
        _ => Tone::Late,
    };
    let tried = recency.and_then(|recency| recency.tried.as_ref()).and_then(|(key, said)| {
        let tried = record.value(key).number().filter(|tried| *tried > at)?;
        Some(format!("{} {}", ago(reader.moment(tried), now, lang), said.get(lang)))
    });
    let said: Vec<String> =
        [ago(moment, now, lang), source.what.clone()].into_iter().filter(|part| !part.is_empty()).collect();
    let hint: Vec<String> =
        [Some(exact(moment, lang)), source.with.clone(), Some(source.text.clone()), tried, Some(hint)]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
    Cell::Event { shown: said.join(", "), hint: hint.join("\n"), tone, mark: Mark::Dot }
}

fn next(field: &FieldSpec, record: &Record, names: &Names, reader: &Reader) -> Cell {
    let lang = reader.lang;
    let Value::Instant(at) = *record.value(&field.key) else { return Cell::Empty };
    let (due, now) = (reader.due(at), reader.now_moment());
    let source = names.source(&field.key, record.id).cloned().unwrap_or_default();
    let said: Vec<String> =
        [source.what.clone(), ahead_short(due, now, lang)].into_iter().filter(|part| !part.is_empty()).collect();
    let hint = [exact_due(due, lang), source.text.clone(), source.with.unwrap_or_default()];
    Cell::Event {
        shown: said.join(", "),
        hint: hint.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"),
        tone: tone_ahead(at, reader),
        mark: Mark::Chip,
    }
}

/// Overdue, today, later.
pub fn tone_ahead(at: i64, reader: &Reader) -> Tone {
    let (due, now) = (reader.due(at), reader.now_moment());
    match due {
        due if due.is_over(now) => Tone::Late,
        due if due.date() == now.date() => Tone::Soon,
        _ => Tone::Plain,
    }
}
