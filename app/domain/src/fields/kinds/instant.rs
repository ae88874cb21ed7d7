//! An instant, set by the system.

use super::rules::{Rules, Shape, TIME_OPERATORS, time_test};
use crate::fields::{Op, Test, Value};
use crate::problem::Code;

pub struct Instant;

impl Rules for Instant {
    fn parse(&self, _typed: &str) -> Result<Value, Code> {
        Err(Code::ReadOnly)
    }

    fn shape(&self) -> Shape {
        Shape::When
    }

    fn operators(&self) -> &'static [Op] {
        TIME_OPERATORS
    }

    /// `2026-06-01..2026-06-30`, either end open, both days included; one day alone is that day; `30d` ago.
    fn test(&self, op: Op, typed: &str) -> Option<Test> {
        time_test(op, typed)
    }
}
