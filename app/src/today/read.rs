//! The day from the lists that it is made of. What is switched off has no part in it.

use std::collections::BTreeMap;

use domain::fields::kinds::phone;
use domain::fields::{Section, Value};
use domain::ids::{FieldKey, RecordId};
use domain::limits::TODAY_ROWS;
use domain::list::{ListQuery, pairs};
use domain::moment::Due;
use domain::words::{Lang, Word, ahead, day_of_year, days, exact, exact_due, grouped};
use store::Conn;
use store::list::{Count, Page, Shelf};
use store::record::{self, Record};

use super::view::{Line, Part, Tick, TodayView};
use crate::asked::Asked;
use crate::counters::Counters;
use crate::notes::mentioned::{count_unread, mentions_of};
use crate::notes::queries::last_words;
use crate::notes::text_of;
use crate::refusal::Refusal;
use crate::values::Names;
use crate::values::Tone;
use crate::values::count::count_text;
use crate::{clients, notes, reminders};

/// The words of a line end here.
const WORDS_CHARS_MAX: usize = 90;

pub async fn today() -> Result<TodayView, Refusal> {
    let asked = Asked::here()?;
    let mut conn = asked.server.db.read().await?;
    let lang = asked.lang;
    let date = asked.now_moment().date();
    let mut parts = Vec::new();
    if let Ok(section) = asked.section(reminders::KEY) {
        parts.extend(of_reminders(&mut conn, &asked, section).await?);
    }
    if asked.section(notes::KEY).is_ok() {
        parts.extend(of_mentions(&mut conn, &asked).await?);
    }
    for (word, list, order) in
        [(Word::TodaySilent, "silent", "last_touch"), (Word::TodayUnplanned, "unplanned", "-last_touch")]
    {
        let section = asked.section(clients::KEY)?;
        if let Some(list) = section.view(list) {
            let query = format!("responsible=me&{list}&sort={order}");
            parts.extend(of_clients(&mut conn, &asked, word, &query).await?);
        }
    }
    Ok(TodayView { title: format!("{}, {}", Word::TodayTitle.text(lang), day_of_year(date, lang)), parts })
}

async fn page(
    conn: &mut Conn,
    asked: &Asked,
    section: &Section,
    query: &str,
) -> Result<Option<(ListQuery, Page)>, Refusal> {
    let (query, dropped) = ListQuery::parse(section, &pairs(query));
    // What it asks for is switched off.
    if !dropped.is_empty() {
        return Ok(None);
    }
    let keys: Vec<FieldKey> = section.fields.iter().map(|field| field.key.clone()).collect();
    let midnight = |date| asked.midnight(date);
    let page = store::list::page(conn, section, &query, &keys, Shelf::InUse, &asked.of_list(&midnight)).await?;
    Ok(Some((query, page)))
}

/// The clients that lines are about, with whom to call there.
struct Clients {
    section: Section,
    records: BTreeMap<RecordId, Record>,
    names: Names,
    words: BTreeMap<RecordId, String>,
}

impl Clients {
    async fn find(conn: &mut Conn, asked: &Asked, ids: &[RecordId]) -> Result<Self, Refusal> {
        let records = record::load_some(conn, asked.section(clients::KEY)?, ids).await?;
        Self::of(conn, asked, records).await
    }

    async fn of(conn: &mut Conn, asked: &Asked, records: Vec<Record>) -> Result<Self, Refusal> {
        let section = asked.section(clients::KEY)?.clone();
        let names = Names::of_records(conn, asked, &section, &records).await?;
        let words = match asked.section(notes::KEY) {
            Ok(notes) if notes.field_named("text").is_some() => last_words(conn, &records).await?,
            _ => BTreeMap::new(),
        };
        Ok(Self { section, records: records.into_iter().map(|one| (one.id, one)).collect(), names, words })
    }

    /// A line without its reason.
    fn line(&self, asked: &Asked, id: RecordId) -> Option<Line> {
        let record = self.records.get(&id).filter(|record| record.trashed.is_none())?;
        let value = |key: &str| record.value(&FieldKey::from(key));
        let person = self.section.field_named("contact").and_then(|field| {
            let name = self.names.called(field.kind.target()?, value("contact").number()?)?;
            Some(name.to_string())
        });
        let contacts = value("contact_phones").text().and_then(|phones| phones.lines().next());
        let phone = contacts.or(value("phone").text());
        let phone = phone.and_then(|typed| {
            let field = self.section.field_named("phone")?;
            let shown = field.kind.rules().show(&Value::Text(typed.to_string()), asked.lang);
            Some((shown, phone::dial(typed)?))
        });
        Some(Line {
            client: id,
            href: format!("/{}/{id}", clients::KEY),
            title: self.section.title_of(record.value(&self.section.title), id, asked.lang),
            reason: String::new(),
            words: self.words.get(&id).map(|words| shortened(words)),
            person,
            phone,
            chip: String::new(),
            exact: String::new(),
            tone: Tone::Plain,
            tick: None,
        })
    }
}

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= WORDS_CHARS_MAX {
        return line.to_string();
    }
    format!("{}…", line.chars().take(WORDS_CHARS_MAX).collect::<String>().trim_end())
}

async fn of_reminders(conn: &mut Conn, asked: &Asked, section: &Section) -> Result<Vec<Part>, Refusal> {
    let lang = asked.lang;
    let today = asked.now_moment().date();
    let mut parts = Vec::new();
    let (Some(overdue), Some(open)) = (section.view("overdue"), section.view("open")) else { return Ok(parts) };
    let overdue = format!("responsible=me&{overdue}&sort=when");
    let later = format!("responsible=me&{open}&when={}&sort=when", today.iso());
    for (word, query) in [(Word::TodayOverdue, overdue), (Word::TodayTitle, later)] {
        let Some((query, page)) = page(conn, asked, section, &query).await? else { continue };
        let client = |record: &Record| record.value(&FieldKey::from("client")).number();
        let when = |record: &Record| record.value(&FieldKey::from("when")).number().unwrap_or_default();
        // What is late already stands above.
        let late = word == Word::TodayOverdue;
        let records: Vec<&Record> = page
            .records
            .iter()
            .filter(|record| late || !asked.due(when(record)).is_over(asked.now_moment()))
            .take(TODAY_ROWS)
            .collect();
        let ids: Vec<RecordId> = records.iter().filter_map(|record| client(record)).collect();
        let clients = Clients::find(conn, asked, &ids).await?;
        let owned: Vec<Record> = records.iter().map(|record| (*record).clone()).collect();
        let names = Names::of_records(conn, asked, section, &owned).await?;
        let lines = records.iter().map(|record| {
            let shown = reminders::read::view(asked, section, record, &names, None);
            let of_client = client(record).and_then(|client| clients.line(asked, client));
            // Of a record that belongs to no client.
            let mut line = of_client.unwrap_or_else(|| {
                let own = || (section.forms.automatic_name(record.id, lang), shown.href.clone());
                let (title, href) = shown.of.clone().unwrap_or_else(own);
                Line { href, title, ..Line::default() }
            });
            let of = shown.of.filter(|(_, href)| *href != line.href).map(|(name, _)| name);
            let due = asked.due(when(record));
            line.reason = [Some(shown.what), of].into_iter().flatten().collect::<Vec<_>>().join(" · ");
            line.person = shown.with.or(line.person);
            line.chip = match due {
                due if late => ahead(due, asked.now_moment(), lang),
                Due::Day(_) => Word::UntilEvening.text(lang).to_string(),
                Due::At(moment) => {
                    let (hour, minute) = moment.time();
                    format!("{hour:02}:{minute:02}")
                }
            };
            line.exact = exact_due(due, lang);
            line.tone = if late { Tone::Late } else { Tone::Soon };
            line.tick = Some(Tick::Reminder { id: record.id, version: record.version });
            line
        });
        let lines: Vec<Line> = lines.collect();
        let count = if late { count_text(page.count) } else { grouped(lines.len() as i64) };
        parts.extend(part(word, count, Some(format!("/{}{}", section.key, query.print(section))), lines, lang));
    }
    Ok(parts)
}

async fn of_mentions(conn: &mut Conn, asked: &Asked) -> Result<Option<Part>, Refusal> {
    let lang = asked.lang;
    let mentions = mentions_of(conn, asked, true).await?;
    let ids: Vec<RecordId> = mentions.iter().filter_map(|mention| mention.client).collect();
    let clients = Clients::find(conn, asked, &ids).await?;
    let lines = mentions.iter().take(TODAY_ROWS).map(|mention| {
        let of_client = mention.client.and_then(|client| clients.line(asked, client));
        let mut line = of_client.unwrap_or_else(|| Line {
            href: mention.href.clone(),
            title: mention.title.clone(),
            ..Line::default()
        });
        let by = mention.note.by.as_ref().map(|by| format!("{}: ", by.name)).unwrap_or_default();
        line.reason = format!("{by}{}", shortened(&text_of(&mention.note.text)));
        line.words = None;
        line.chip = format!("{}, {}", mention.day.to_lowercase(), mention.note.time);
        line.exact = mention.note.exact.clone();
        line.tick = Some(Tick::Mention { note: mention.note.id });
        line
    });
    let lines: Vec<Line> = lines.collect();
    let count = grouped(mentions.len() as i64);
    Ok(part(Word::MentionedYou, count, Some("/mentions".into()), lines, lang))
}

async fn of_clients(conn: &mut Conn, asked: &Asked, word: Word, query: &str) -> Result<Option<Part>, Refusal> {
    let lang = asked.lang;
    let section = asked.section(clients::KEY)?;
    let Some((query, page)) = page(conn, asked, section, query).await? else { return Ok(None) };
    let records: Vec<Record> = page.records.into_iter().take(TODAY_ROWS / 2).collect();
    let clients = Clients::of(conn, asked, records.clone()).await?;
    let today = asked.now_moment().date();
    let lines = records.iter().filter_map(|record| {
        let mut line = clients.line(asked, record.id)?;
        let moment = asked.moment(record.value(&FieldKey::from("last_touch")).number()?);
        let silent = days(today.days() - moment.date().days(), lang);
        let rhythm = record.value(&FieldKey::from("rhythm")).number().unwrap_or(domain::limits::RECENT_DAYS);
        let last = clients.names.source(&FieldKey::from("last_touch"), record.id);
        let what = last.map(|last| last.what.clone()).filter(|what| !what.is_empty());
        line.reason = match (word, what) {
            (Word::TodaySilent, _) => format!("{silent}, {} {rhythm}", Word::UsuallyEvery.text(lang)),
            (_, Some(what)) => format!("{what} {silent} {}, {}", Word::Ago.text(lang), Word::NoNextStep.text(lang)),
            (_, None) => Word::NoNextStep.text(lang).to_string(),
        };
        line.words = last.map(|last| shortened(&last.text)).filter(|text| !text.is_empty()).or(line.words);
        line.chip = silent;
        line.exact = exact(moment, lang);
        Some(line)
    });
    let lines: Vec<Line> = lines.collect();
    let href = format!("/{}{}", section.key, query.print(section));
    Ok(part(word, count_text(page.count), Some(href), lines, lang))
}

fn part(word: Word, count: String, href: Option<String>, lines: Vec<Line>, lang: Lang) -> Option<Part> {
    (!lines.is_empty()).then(|| Part { name: word.text(lang).to_string(), count, href, lines })
}

pub async fn counters_here() -> Result<Counters, Refusal> {
    counters(&Asked::here()?).await
}

/// Overdue and today's reminders, and mentions that were not read.
pub async fn counters(asked: &Asked) -> Result<Counters, Refusal> {
    let mut conn = asked.server.db.read().await?;
    let mut counters = Counters::default();
    if let Ok(section) = asked.section(reminders::KEY) {
        let count = async |conn: &mut Conn, query: &str| -> Result<i64, Refusal> {
            let (query, dropped) = ListQuery::parse(section, &pairs(query));
            if !dropped.is_empty() {
                return Ok(0);
            }
            let midnight = |date| asked.midnight(date);
            let Count { records, .. } = store::list::count_of(conn, section, &query, &asked.of_list(&midnight)).await?;
            Ok(records)
        };
        let until = asked.now_moment().date().iso();
        if let (Some(overdue), Some(open)) = (section.view("overdue"), section.view("open")) {
            counters.overdue = count(&mut conn, &format!("responsible=me&{overdue}")).await?;
            counters.today = count(&mut conn, &format!("responsible=me&{open}&when=..{until}")).await?;
        }
    }
    if asked.section(notes::KEY).is_ok() {
        counters.mentions = count_unread(&mut conn, asked).await?;
        counters.today += counters.mentions;
    }
    Ok(counters)
}
