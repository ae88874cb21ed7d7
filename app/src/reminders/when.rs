//! When a reminder comes: what a person means by the clock on the wall, as an instant.

use domain::moment::Due;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ZonedDateTime};

use super::fields::{DAILY, MONTHLY, WEEKLY};

/// An instant, and what was meant by it: `2026-11-25T10:00`, to the minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub utc_ms: i64,
    pub wall: String,
}

const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;
const TEN: i8 = 10;
const STEPS_MAX: i64 = 60;

impl When {
    /// What a clock on the wall shows. An hour that the clocks skip is the one after it; of an hour that comes
    /// twice the first is meant.
    fn at(wall: DateTime, zone: &TimeZone) -> Option<Self> {
        if !YEARS.contains(&wall.year()) {
            return None;
        }
        let zoned = zone.to_ambiguous_zoned_datetime(wall).compatible().ok()?;
        Some(Self { utc_ms: zoned.timestamp().as_millisecond(), wall: wall.strftime("%Y-%m-%dT%H:%M").to_string() })
    }

    /// A whole day, wherever the one is who is reminded.
    fn day(date: jiff::civil::Date) -> Option<Self> {
        let wall = date.strftime("%Y-%m-%d").to_string();
        let day = domain::moment::Date::parse(&wall).filter(|_| YEARS.contains(&date.year()))?;
        Some(Self { utc_ms: Due::day_ms(day), wall })
    }

    /// `2026-11-25` and `10:00`; without a time the whole day.
    pub fn typed(date: &str, time: &str, zone: &TimeZone) -> Option<Self> {
        let date: jiff::civil::Date = date.trim().parse().ok()?;
        match time.trim() {
            "" => Self::day(date),
            time => Self::at(date.to_datetime(time.parse().ok()?), zone),
        }
    }

    /// `hour`, `tomorrow`, `week`: the quick choices.
    pub fn quick(choice: &str, now_ms: i64, zone: &TimeZone) -> Option<Self> {
        let now = ZonedDateTime::new(Timestamp::from_millisecond(now_ms).ok()?, zone.clone());
        let in_days = |days: i64| {
            let date = now.date().checked_add(Span::new().days(days)).ok()?;
            Self::at(date.at(TEN, 0, 0, 0), zone)
        };
        match choice {
            "hour" => {
                let then = now.checked_add(Span::new().hours(1)).ok()?;
                let wall = then.datetime().with().second(0).subsec_nanosecond(0).build().ok()?;
                // The instant, not the clock: an hour is an hour.
                let utc_ms = then.timestamp().as_millisecond() / 60_000 * 60_000;
                Some(Self { utc_ms, ..Self::at(wall, zone)? })
            }
            "tomorrow" => in_days(1),
            "week" => in_days(7),
            _ => None,
        }
    }

    /// The first time after now that a repeated one comes.
    pub fn next(wall: &str, repeats: i64, now_ms: i64, zone: &TimeZone) -> Option<Self> {
        // A whole day has no time.
        let day = (!wall.contains('T')).then(|| wall.parse::<jiff::civil::Date>().ok()).flatten();
        let first: DateTime = match day {
            Some(day) => day.to_datetime(jiff::civil::Time::midnight()),
            None => wall.parse().ok()?,
        };
        let step = |count: i64| match repeats {
            DAILY => Some(Span::new().days(count)),
            WEEKLY => Some(Span::new().weeks(count)),
            MONTHLY => Some(Span::new().months(count)),
            _ => None,
        };
        // Counted from the first: the 31st comes again after a February.
        let days = (ZonedDateTime::new(Timestamp::from_millisecond(now_ms).ok()?, zone.clone()).datetime() - first)
            .total((jiff::Unit::Day, first))
            .ok()?
            .max(0.0) as i64;
        let least = match repeats {
            DAILY => days,
            WEEKLY => days / 7,
            _ => days / 31,
        };
        // A month has fewer days than are counted here: some more steps come to the day that is meant, after a hundred
        // years too.
        (least.max(1)..least.max(1) + STEPS_MAX).find_map(|count| {
            let next = first.checked_add(step(count)?).ok()?;
            let when = if day.is_some() { Self::day(next.date())? } else { Self::at(next, zone)? };
            (when.utc_ms > now_ms).then_some(when)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("an instant").as_millisecond()
    }

    #[test]
    fn ten_o_clock_stays_ten_o_clock() {
        // The clocks of Berlin go forward on 2026-03-29.
        let berlin = zone("Europe/Berlin");
        let saturday = ms("2026-03-28T12:00:00Z");
        let tomorrow = When::quick("tomorrow", saturday, &berlin).expect("a time");
        assert_eq!((tomorrow.utc_ms, tomorrow.wall.as_str()), (ms("2026-03-29T08:00:00Z"), "2026-03-29T10:00"));
        let today = When::typed("2026-03-28", "10:00", &berlin).expect("a time");
        assert_eq!(today.utc_ms, ms("2026-03-28T09:00:00Z"));
        let daily = When::next("2026-03-28T10:00", DAILY, saturday, &berlin).expect("a time");
        assert_eq!(daily, tomorrow);
    }

    #[test]
    fn an_hour_that_is_skipped_is_the_one_after_it() {
        let berlin = zone("Europe/Berlin");
        let skipped = When::typed("2026-03-29", "02:30", &berlin).expect("a time");
        assert_eq!((skipped.utc_ms, skipped.wall.as_str()), (ms("2026-03-29T01:30:00Z"), "2026-03-29T02:30"));
        let twice = When::typed("2026-10-25", "02:30", &berlin).expect("a time");
        assert_eq!(twice.utc_ms, ms("2026-10-25T00:30:00Z"));
        let hour = When::quick("hour", ms("2026-03-29T00:30:00Z"), &berlin).expect("a time");
        assert_eq!(hour.utc_ms, ms("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        let moscow = zone("Europe/Moscow");
        for (date, time) in [
            ("0001-01-01", "10:00"),
            ("9999-12-31", "10:00"),
            ("2026-02-30", "10:00"),
            ("2026-02-20", "25:00"),
            ("", ""),
        ] {
            assert_eq!(When::typed(date, time, &moscow), None, "{date} {time}");
        }
        let day = When::typed("2026-11-25", "", &moscow).expect("a day");
        assert_eq!((day.wall.as_str(), day.utc_ms), ("2026-11-25", ms("2026-11-25T23:59:59.999Z")));
        let next = When::next("2026-11-25", WEEKLY, day.utc_ms, &moscow).expect("a day");
        assert_eq!((next.wall.as_str(), next.utc_ms), ("2026-12-02", ms("2026-12-02T23:59:59.999Z")));
    }

    #[test]
    fn a_month_later_is_the_same_day_where_there_is_one() {
        let moscow = zone("Europe/Moscow");
        let next = |now: &str| When::next("2026-01-31T09:00", MONTHLY, ms(now), &moscow).expect("a time").wall;
        assert_eq!(next("2026-02-01T00:00:00Z"), "2026-02-28T09:00");
        assert_eq!(next("2026-03-01T00:00:00Z"), "2026-03-31T09:00");
        assert_eq!(
            When::next("2020-01-01T09:00", WEEKLY, ms("2026-11-24T12:00:00Z"), &moscow).map(|when| when.wall),
            Some("2026-11-25T09:00".to_string())
        );
    }
}
