//! Who reads, and when: all that the look of a value depends on beside the value.

use std::sync::Arc;

use domain::fields::Registry;
use domain::ids::UserId;
use domain::moment::{DAY_MS, Date, Due, Moment};
use domain::words::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;

#[derive(Clone, Debug)]
pub struct Reader {
    pub id: UserId,
    pub lang: Lang,
    pub zone: TimeZone,
    /// One instant for all that is read: milliseconds since 1970-01-01T00:00Z.
    pub now: i64,
    /// The system as the reader may see it.
    pub sees: Arc<Registry>,
}

impl Reader {
    pub fn moment(&self, utc_ms: i64) -> Moment {
        let seconds = Timestamp::from_millisecond(utc_ms)
            .map(|instant| self.zone.to_offset(instant).seconds())
            .unwrap_or_default();
        Moment { utc_ms, offset_min: seconds / 60 }
    }

    /// Of an instant that may stand for a whole day.
    pub fn due(&self, utc_ms: i64) -> Due {
        Due::day_of(utc_ms).map_or_else(|| Due::At(self.moment(utc_ms)), Due::Day)
    }

    pub fn now_moment(&self) -> Moment {
        self.moment(self.now)
    }

    /// The instant at which a day begins where the reader is.
    pub fn midnight(&self, date: Date) -> i64 {
        let midnight = || {
            let date = jiff::civil::Date::new(date.year as i16, date.month as i8, date.day as i8).ok()?;
            date.to_zoned_datetime(self.zone.clone()).ok()
        };
        midnight().map_or(date.days() * DAY_MS, |zoned| zoned.timestamp().as_millisecond())
    }

    /// For lists. `midnight` is `self.midnight`.
    pub fn of_list<'a>(&self, midnight: &'a (dyn Fn(Date) -> i64 + Send + Sync)) -> store::list::Reader<'a> {
        store::list::Reader {
            user: self.id,
            lang: self.lang,
            now: self.now,
            today: self.now_moment().date(),
            filter_first_rows_max: domain::limits::FILTER_FIRST_ROWS_MAX,
            midnight,
        }
    }
}
