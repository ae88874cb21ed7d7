//! An instant, set by the system.

use super::{Rules, Value};
use crate::list::{DateRange, Test};
use crate::problem::Code;

pub struct Instant;

impl Rules for Instant {
    fn parse(&self, _typed: &str) -> Result<Value, Code> {
        Err(Code::ReadOnly)
    }

    /// `2026-06-01..2026-06-30`, either end open, both days included; one day alone is that day.
    fn own_test(&self, typed: &str) -> Option<Test> {
        DateRange::parse(typed).map(Test::Days)
    }
}
