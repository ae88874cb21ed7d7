//! Pieces of the interface that know nothing of the business.

mod dialog;
mod form;
mod icon;
mod kept;
mod kept_form;
pub mod keys;
mod menu;
mod person;
mod pointer;
mod text_area;
mod title;
mod toast;

pub use dialog::Dialog;
pub use form::{form_of, open_to_fill, pairs_of, value_in};
pub use icon::{Icon, Sign};
pub use kept::{forget_text, give_text_back, keep_sent, keep_text, keep_whole, kept_text, kept_with, sent_with, tab};
pub use kept_form::KeptForm;
pub use menu::{close_menus, watch_menus};
pub use person::{Avatar, Person, PersonName};
pub use pointer::{released, watch_pointer};
pub use text_area::TextArea;
pub use title::Title;
pub use toast::{Say, ToastPlace, provide_toasts, use_say};
