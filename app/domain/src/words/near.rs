//! Dates as people say them: «вчера», «12 мар», and exactly where one asks.

use super::count;
use super::lang::Lang;
use super::table::Word;
use crate::moment::{Date, Due, Moment};

const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const SHORT_RU: [&str; 12] = ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SHORT_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn month(date: Date, names: &[&'static str; 12]) -> &'static str {
    names[(date.month.clamp(1, 12) - 1) as usize]
}

/// «сегодня, 10:15», «вчера, 18:40», «12 мар», «12 мар 2025».
pub fn near(moment: Moment, now: Moment, lang: Lang) -> String {
    let (hour, minute) = moment.time();
    match now.date().days() - moment.date().days() {
        0 => format!("{}, {hour:02}:{minute:02}", Word::Today.text(lang)),
        1 => format!("{}, {hour:02}:{minute:02}", Word::Yesterday.text(lang)),
        _ => short_date(moment.date(), now.date(), lang),
    }
}

/// A heading of a day: «Сегодня», «Вчера», «23 ноября», «12 марта 2025».
pub fn near_day(day: Date, today: Date, lang: Lang) -> String {
    match today.days() - day.days() {
        0 => capital(Word::Today.text(lang)),
        1 => capital(Word::Yesterday.text(lang)),
        _ if day.year == today.year => day_of_year(day, lang),
        _ => full_date(day, lang),
    }
}

/// «24 ноября»
pub fn day_of_year(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Ru => format!("{} {}", day.day, month(day, &MONTHS_RU)),
        Lang::En => format!("{} {}", day.day, month(day, &MONTHS_EN)),
    }
}

/// «12 мар 2025»
pub fn middle_date(day: Date, lang: Lang) -> String {
    let name = match lang {
        Lang::Ru => month(day, &SHORT_RU),
        Lang::En => month(day, &SHORT_EN),
    };
    format!("{} {name} {}", day.day, day.year)
}

/// «12 марта 2025»
pub fn full_date(day: Date, lang: Lang) -> String {
    let name = match lang {
        Lang::Ru => month(day, &MONTHS_RU),
        Lang::En => month(day, &MONTHS_EN),
    };
    format!("{} {name} {}", day.day, day.year)
}

/// «сегодня», «вчера», «41 день назад»: how long ago a day was.
pub fn ago(moment: Moment, now: Moment, lang: Lang) -> String {
    match now.date().days() - moment.date().days() {
        0 => Word::Today.text(lang).to_string(),
        1 => Word::Yesterday.text(lang).to_string(),
        past if past > 1 => format!("{} {}", count::days(past, lang), Word::Ago.text(lang)),
        _ => ahead(Due::At(moment), now, lang),
    }
}

/// «просрочено 2 дня», «сегодня 16:30», «завтра», «пт, 27 ноя, 11:00»: what is to come, or should have.
pub fn ahead(due: Due, now: Moment, lang: Lang) -> String {
    let time = match due {
        Due::At(moment) => {
            let (hour, minute) = moment.time();
            Some(format!("{hour:02}:{minute:02}"))
        }
        Due::Day(_) => None,
    };
    let with_time = |day: &str, between: &str| match &time {
        Some(time) => format!("{day}{between}{time}"),
        None => day.to_string(),
    };
    let days = due.date().days() - now.date().days();
    if due.is_over(now) {
        return match (days, lang) {
            (0, _) => with_time(Word::OverdueSince.text(lang), " "),
            (_, Lang::Ru) => format!("{} {}", Word::Overdue.text(lang).to_lowercase(), count::days(-days, lang)),
            (_, Lang::En) => format!("{} {}", count::days(-days, lang), Word::Overdue.text(lang).to_lowercase()),
        };
    }
    match days {
        0 => with_time(Word::Today.text(lang), " "),
        1 => with_time(Word::Tomorrow.text(lang), " "),
        _ => with_time(&far(due.date(), now, lang), ", "),
    }
}

/// The same, where there is little room: a day that is far has no time.
pub fn ahead_short(due: Due, now: Moment, lang: Lang) -> String {
    match due.date().days() - now.date().days() {
        2.. => far(due.date(), now, lang),
        _ => ahead(due, now, lang),
    }
}

/// «пт, 27 ноя»
fn far(day: Date, now: Moment, lang: Lang) -> String {
    format!("{}, {}", weekday(day, lang), short_date(day, now.date(), lang))
}

/// «12 марта 2025, 11:03», or the day alone.
pub fn exact_due(due: Due, lang: Lang) -> String {
    match due {
        Due::At(moment) => exact(moment, lang),
        Due::Day(day) => full_date(day, lang),
    }
}

/// «пт»
fn weekday(day: Date, lang: Lang) -> &'static str {
    // 1970-01-01 was a Thursday.
    let place = (day.days() + 3).rem_euclid(7) as usize;
    match lang {
        Lang::Ru => ["пн", "вт", "ср", "чт", "пт", "сб", "вс"][place],
        Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][place],
    }
}

/// «12 марта 2025, 11:03»
pub fn exact(moment: Moment, lang: Lang) -> String {
    let (hour, minute) = moment.time();
    format!("{}, {hour:02}:{minute:02}", full_date(moment.date(), lang))
}

/// «12 мар», «12 мар 2025»
pub fn short_date(day: Date, today: Date, lang: Lang) -> String {
    let name = match lang {
        Lang::Ru => month(day, &SHORT_RU),
        Lang::En => month(day, &SHORT_EN),
    };
    if day.year == today.year { format!("{} {name}", day.day) } else { format!("{} {name} {}", day.day, day.year) }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_dates_are_said_and_far_ones_written() {
        let at = |text: &str, hour: i64| Moment {
            utc_ms: Date::parse(text).map(Date::days).unwrap_or_default() * crate::moment::DAY_MS + hour * 3_600_000,
            offset_min: 180,
        };
        let now = at("2026-11-24", 12);
        assert_eq!(near(at("2026-11-24", 7), now, Lang::Ru), "сегодня, 10:00");
        assert_eq!(near(at("2026-11-22", 22), now, Lang::Ru), "вчера, 01:00");
        assert_eq!(near(at("2026-03-12", 9), now, Lang::Ru), "12 мар");
        assert_eq!(near(at("2025-03-12", 9), now, Lang::En), "12 Mar 2025");
        assert_eq!(near_day(now.date(), now.date(), Lang::Ru), "Сегодня");
        assert_eq!(ago(at("2026-10-14", 9), now, Lang::Ru), "41 день назад");
        assert_eq!(ahead(Due::At(at("2026-11-22", 9)), now, Lang::Ru), "просрочено 2 дня");
        assert_eq!(ahead(Due::At(at("2026-11-24", 13)), now, Lang::Ru), "сегодня 16:00");
        assert_eq!(ahead(Due::At(at("2026-11-25", 7)), now, Lang::En), "tomorrow 10:00");
        assert_eq!(ahead(Due::At(at("2026-11-27", 8)), now, Lang::Ru), "пт, 27 ноя, 11:00");
        assert_eq!(ahead_short(Due::At(at("2026-11-27", 8)), now, Lang::Ru), "пт, 27 ноя");
        let day = |text: &str| Due::Day(Date::parse(text).expect("a date"));
        assert_eq!(ahead(day("2026-11-24"), now, Lang::Ru), "сегодня");
        assert_eq!(ahead(day("2026-11-23"), now, Lang::Ru), "просрочено 1 день");
        assert_eq!(ahead(day("2026-11-27"), now, Lang::Ru), "пт, 27 ноя");
        assert_eq!(exact(at("2025-03-12", 8), Lang::Ru), "12 марта 2025, 11:00");
    }
}
