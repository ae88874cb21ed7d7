//! A field is data: `FieldSpec` says what it is, `Kind` what may stand in it, `Written` how it comes by its
//! value. What one reader may do with it is no part of it: `crate::access` makes that.

mod contribution;
mod field;
pub mod fold;
pub mod kinds;
mod overlay;
pub mod pairs;
mod registry;
mod rollup;
mod section;
mod target;
mod test;
mod value;

pub use contribution::Contribution;
pub use field::{Computed, FieldSpec, PLACES_APART, Recency, Stamp, Written, place_between};
pub use kinds::{Choice, Choices, Integer, Kind, KindData, Outcome, Rules, Shape};
pub use overlay::FieldChange;
pub use registry::Registry;
pub use rollup::{Rollup, Take};
pub use section::{Access, Deed, Feed, ReadyView, Scope, Section, SectionSpec};
pub use target::Target;
pub use test::{DateRange, Ending, Op, Test};
pub use value::Value;
