//! Limits, each with its unit last. Nothing in the system is unbounded.

/// A one-line text: a name, an address, a link.
pub const TEXT_CHARS_MAX: usize = 500;
/// A text of several lines.
pub const LONG_TEXT_CHARS_MAX: usize = 20_000;
/// Phone numbers, e-mail addresses and other identifiers as typed.
pub const IDENTIFIER_CHARS_MAX: usize = 100;
/// One text typed into a filter.
pub const FILTER_CHARS_MAX: usize = 200;
/// Values of all filters of one list together: proxies take about 8 KB of URL.
pub const FILTER_VALUES_MAX: usize = 300;
/// After so many days it is long ago, where nothing else is said.
pub const RECENT_DAYS: i64 = 30;
/// Phone numbers or addresses of one field.
pub const LINES_MAX: usize = 20;
/// Records that one field refers to.
pub const LINKS_MAX: usize = 100;
/// Records that one field is kept from, where it takes their lines.
pub const ROLLUP_RECORDS_MAX: u64 = 1_000;
/// Entries of the stream shown at once, and beside a list.
pub const STREAM_PAGE_ROWS: usize = 20;
/// Natural persons shown on a card; the list has the others.
pub const PERSON_ROWS: usize = 10;
pub const STREAM_LATEST_ROWS: usize = 3;
/// Pinned entries of one stream.
pub const PINNED_ROWS: usize = 5;
/// Lines of one part of the day.
pub const TODAY_ROWS: usize = 20;
/// Employees mentioned in one text.
pub const MENTIONS_MAX: usize = 20;
/// So many parts of an address that mean nothing are named.
pub const DROPPED_MAX: usize = 50;
pub const COLUMNS_MAX: usize = 200;
pub const PAGE_ROWS: usize = 50;
/// Counting stops here: no page waits for a COUNT of everything.
pub const COUNT_ROWS_MAX: i64 = 10_000;
/// Up to so many matching records are found first and sorted then; above it the sorted index is walked.
pub const FILTER_FIRST_ROWS_MAX: i64 = 5_000;
/// «Отменить» by key reaches so far back: what is older is undone where it is seen.
pub const UNDO_MS_MAX: i64 = 12 * 60 * 60 * 1000;
/// Records picked by hand for one act; more are picked as the whole list.
pub const PICKED_ROWS_MAX: usize = 1_000;
/// So long a record that was only made is offered for removal.
pub const UNTOUCHED_MS_MAX: i64 = 60 * 60 * 1000;
/// Later changes of a record that are looked at for what others did to a field; beyond them they did.
pub const CHANGES_SINCE_MAX: usize = 1_000;
/// Changes shown beside a list.
pub const LATEST_CHANGES: usize = 5;
/// Records offered while a reference is typed.
pub const FOUND_ROWS: usize = 10;
pub const SESSIONS_SHOWN_MAX: usize = 50;
pub const HISTORY_PAGE_ROWS: usize = 50;
/// Employees offered in a choice; more are searched for.
pub const CHOICE_ROWS_MAX: usize = 200;
pub const LOGIN_CHARS_MAX: usize = 64;
pub const USER_NAME_CHARS_MAX: usize = 200;
pub const PASSWORD_CHARS_MIN: usize = 8;
pub const PASSWORD_CHARS_MAX: usize = 200;
/// Wrong passwords within `LOGIN_WINDOW_MS` before one has to wait: for one login from one address, from one address
/// for all logins, for one login from all addresses that it was never signed in from.
pub const LOGIN_ATTEMPTS_MAX: i64 = 10;
pub const ADDRESS_ATTEMPTS_MAX: i64 = 50;
pub const LOGIN_ATTEMPTS_ELSEWHERE_MAX: i64 = 100;
/// An address stays known so long after the last sign-in.
pub const KNOWN_ADDRESS_MS_MAX: i64 = 90 * 24 * 60 * 60 * 1000;
/// Passwords that wait to be looked at, beside those that are.
pub const PASSWORDS_WAITING_MAX: usize = 64;
pub const LOGIN_WINDOW_MS: i64 = 15 * 60 * 1000;
pub const SESSION_MS_MAX: i64 = 30 * 24 * 60 * 60 * 1000;
/// A session's last use is noted at most this often.
pub const SESSION_TOUCH_MS: i64 = 5 * 60 * 1000;
/// Drafts of one person, and how long they are together; of one value so much is kept.
pub const DRAFTS_MAX: i64 = 50;
pub const DRAFTS_CHARS_MAX: i64 = 3_000_000;
pub const DRAFT_VALUE_CHARS_MAX: usize = 200_000;
/// Drafts of refused forms and idempotency keys.
pub const DRAFT_MS_MAX: i64 = 24 * 60 * 60 * 1000;
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 64;
/// A text of a hundred thousand letters arrives, to be told what is wrong with it.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
pub const URI_BYTES_MAX: usize = 8 * 1024;
pub const REQUEST_MS_MAX: u64 = 10_000;
pub const LIST_QUERY_MS_MAX: u64 = 5_000;
/// Parts of one form.
pub const PARTS_MAX: usize = 2_000;
/// The name of a field, a section or a choice.
pub const LABEL_CHARS_MAX: usize = 60;
pub const CHOICES_MAX: usize = 100;
pub const FIELDS_PER_SECTION_MAX: usize = 200;
pub const SECTIONS_MAX: usize = 50;
/// Records of a panel on another record's card.
pub const PANEL_ROWS: usize = 20;
/// Records of one commit of a long operation.
pub const CHUNK_ROWS: usize = 500;
/// What an operation of so many records did is taken back at once; of more, as an operation of its own.
pub const UNDO_AT_ONCE_ROWS: usize = 20;
/// Records that were left alone, named at once.
pub const LEFT_ROWS: usize = 50;
/// A runner that says nothing for so long has died: another one goes on with its operations.
pub const LEASE_MS: i64 = 15_000;
/// What was committed is told for so long, and read in pieces of so many.
pub const FEED_MS_MAX: i64 = 7 * 24 * 60 * 60 * 1000;
pub const FEED_ROWS_MAX: usize = 1_000;
/// Records that one operation may change.
pub const OPERATION_ROWS_MAX: usize = 100_000;
