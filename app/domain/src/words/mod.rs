//! The words of the interface, Russian first, and how they bend.

mod count;
mod forms;
mod lang;
mod near;
mod problems;
mod table;

pub use count::{THIN, count_of_records, count_of_values, days, grouped, plural_ru};
pub use forms::Forms;
pub use lang::{Label, Lang};
pub use near::{
    ago, ahead, ahead_short, day_of_year, exact, exact_due, full_date, middle_date, near, near_day, short_date,
};
pub use problems::sentence;
pub use table::Word;
