//! Deals from the database to what is shown.

use domain::fields::{Outcome, Section, Value};
use domain::ids::{FieldKey, RecordRef};
use domain::limits::PANEL_ROWS;
use domain::list::{ListQuery, pairs};
use domain::moment::Date;
use domain::words::{Word, short_date};
use store::list::Shelf;
use store::record::{self, Record};

use super::fields::KEY;
use super::view::{DealView, DealsView};
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::values::title_cell;

/// Those that are open, the nearest first; then those that were closed last.
pub async fn deals(of: RecordRef) -> Result<DealsView, Refusal> {
    let asked = Asked::here()?;
    let section = asked.section(KEY)?;
    let mut conn = asked.server.db.read().await?;
    // Whoever may not see the record learns of no deal of it.
    record::load(&mut conn, asked.section(of.section.as_str())?, of.id).await?.ok_or(Refusal::NotFound)?;
    let (field, value) = section.pointing(&of).ok_or(Refusal::NotFound)?;
    let midnight = |date| asked.midnight(date);
    let reader = asked.of_list(&midnight);
    let keys: Vec<FieldKey> = section.fields.iter().map(|field| field.key.clone()).collect();
    let mut shown: Vec<Record> = Vec::new();
    let mut all = 0;
    for part in ["outcome=1&sort=expected", "outcome.not=1&sort=-closed"] {
        let query = ListQuery::parse(section, &pairs(&format!("{field}={value}&{part}"))).0;
        let page = store::list::page(&mut conn, section, &query, &keys, Shelf::InUse, &reader).await?;
        all += page.count.records;
        let room = PANEL_ROWS.saturating_sub(shown.len());
        shown.extend(page.records.into_iter().take(room));
    }
    let open = ListQuery::parse(section, &pairs(&format!("{field}={value}&outcome=1"))).0;
    let sum = match section.field_named("amount") {
        Some(amount) => store::list::sum_of(&mut conn, section, &open, amount, &reader).await?.1,
        None => None,
    };
    let money = |sum: i64| {
        let shown =
            section.field_named("amount").map(|field| field.kind.rules().show(&Value::Integer(sum), asked.lang));
        format!("{} {}", Word::OpenFor.text(asked.lang), shown.unwrap_or_default())
    };
    let href = ListQuery::parse(section, &pairs(&format!("{field}={value}"))).0.print(section);
    Ok(DealsView {
        others: all - shown.len() as i64,
        deals: shown.iter().map(|deal| view(&asked, section, deal)).collect(),
        open_sum: sum.map(money),
        href: format!("/{KEY}{href}"),
    })
}

fn view(asked: &Asked, section: &Section, deal: &Record) -> DealView {
    let (lang, today) = (asked.lang, asked.now_moment().date());
    let value = |key: &str| deal.value(&FieldKey::from(key));
    let shown =
        |key: &str| section.field_named(key).map(|field| field.kind.rules().show(value(key), lang)).unwrap_or_default();
    let is_open = *value("outcome") == Outcome::Open.value();
    let expected = value("expected").number().map(Date::from_days).filter(|_| is_open);
    let closed = value("closed").number().filter(|_| !is_open).map(|at| asked.moment(at).date());
    let is_late = expected.is_some_and(|day| day < today);
    let when = match (expected, closed) {
        (Some(day), _) if is_late => format!("{} {}", Word::WasExpected.text(lang), short_date(day, today, lang)),
        (Some(day), _) => format!("{} {}", Word::Until.text(lang), short_date(day, today, lang)),
        (None, Some(day)) => format!("{} {}", Word::ClosedOn.text(lang), short_date(day, today, lang)),
        (None, None) => String::new(),
    };
    DealView {
        id: deal.id,
        href: format!("/{KEY}/{}", deal.id),
        title: title_cell(section, deal, lang).text().to_string(),
        amount: shown("amount"),
        when,
        is_late,
        stage: shown("stage"),
        tone: if *value("outcome") == Outcome::Won.value() { "g" } else { "n" }.to_string(),
    }
}
