//! Stories told over HTTP without a browser, each on SQLite and on PostgreSQL.

mod acts;
mod bench;
mod bulk;
mod check;
mod client;
mod contract;
mod day;
mod day_law;
mod denied;
mod feed;
mod finding;
mod hostile;
mod leases;
mod lifecycle;
mod limits;
mod office;
mod outage;
mod outcome;
mod program;
mod seed;
mod settings;
mod signing_in;
mod story;
mod table;
mod workshop;
mod writing;
