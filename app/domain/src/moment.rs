//! Instants and dates without a clock and without time-zone data: the server adds the offset.

use serde::{Deserialize, Serialize};

/// An instant, with the reader's offset from UTC at that instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub utc_ms: i64,
    pub offset_min: i32,
}

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Date {
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// When something is to be done: at an instant, or on a day, wherever the one is who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    At(Moment),
    Day(Date),
}

/// The thousandth of a second that marks a whole day. What is to be done at an instant has whole minutes.
pub const DAY_MARK_MS: i64 = 999;

impl Due {
    /// A whole day as it lies among instants: the last thousandth of that day in UTC.
    pub fn day_ms(day: Date) -> i64 {
        (day.days() + 1) * DAY_MS - 1
    }

    /// The day that an instant stands for; `None` of any other.
    pub fn day_of(utc_ms: i64) -> Option<Date> {
        let last = utc_ms.rem_euclid(1000) == DAY_MARK_MS && utc_ms.rem_euclid(DAY_MS) == DAY_MS - 1;
        last.then(|| Date::from_days(utc_ms.div_euclid(DAY_MS)))
    }

    /// The day of it, for the reader.
    pub fn date(self) -> Date {
        match self {
            Self::At(moment) => moment.date(),
            Self::Day(day) => day,
        }
    }

    /// A day is over when the next one has begun for the reader.
    pub fn is_over(self, now: Moment) -> bool {
        match self {
            Self::At(moment) => moment.utc_ms < now.utc_ms,
            Self::Day(day) => day < now.date(),
        }
    }
}

impl Moment {
    fn local_ms(self) -> i64 {
        self.utc_ms + i64::from(self.offset_min) * 60_000
    }

    /// The reader's date.
    pub fn date(self) -> Date {
        Date::from_days(self.local_ms().div_euclid(DAY_MS))
    }

    /// The reader's hour and minute.
    pub fn time(self) -> (i64, i64) {
        let minutes = self.local_ms().rem_euclid(DAY_MS) / 60_000;
        (minutes / 60, minutes % 60)
    }
}

impl Date {
    /// Reads `2026-06-01`; years 1 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |part: &str, long: usize| part.len() == long && part.bytes().all(|byte| byte.is_ascii_digit());
        if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
            return None;
        }
        let date = Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
        let real = date.year >= 1 && (1..=12).contains(&date.month) && date.day >= 1;
        (real && Self::from_days(date.days()) == date).then_some(date)
    }

    /// Days since 1970-01-01 (H. Hinnant's civil calendar arithmetic).
    pub fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = i64::from(self.month);
        let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year: year as i32, month: month as u32, day: day as u32 }
    }

    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        assert_eq!(Date::parse("2024-02-29").map(Date::days), Some(19_782));
        for wrong in ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "0000-01-01", "2026-06-01x", ""]
        {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_instant_is_read_in_the_readers_zone() {
        // 2026-11-24T22:30Z is already the 25th in Moscow.
        let late = Moment { utc_ms: 1_795_559_400_000, offset_min: 180 };
        assert_eq!(late.date().iso(), "2026-11-25");
        assert_eq!(late.time(), (1, 30));
    }

    #[test]
    fn a_whole_day_is_one_for_every_reader() {
        let day = Date::parse("2026-11-25").expect("a date");
        assert_eq!(Due::day_of(Due::day_ms(day)), Some(day));
        assert_eq!(Due::day_of(Due::day_ms(day) + 1), None);
        // 23:30 of that day in Kaliningrad; in Vladivostok it is the next morning already.
        let now = |offset_min| Moment { utc_ms: day.days() * DAY_MS + (21 * 60 + 30) * 60_000, offset_min };
        assert!(!Due::Day(day).is_over(now(120)) && Due::Day(day).is_over(now(600)));
    }

    proptest! {
        #[test]
        fn days_and_dates_are_one_to_one(days in -719_162i64..2_932_896) {
            let date = Date::from_days(days);
            prop_assert_eq!(date.days(), days);
            prop_assert_eq!(Date::parse(&date.iso()), Some(date));
        }
    }
}
