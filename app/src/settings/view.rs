//! What the settings show.

use serde::{Deserialize, Serialize};

/// A place where the user is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    pub id: String,
    pub agent: String,
    /// «вчера, 10:15»
    pub seen: String,
    pub exact: String,
    pub is_this: bool,
}

/// Zones to choose from, as tzdata calls them and as people do, from west to east.
pub const ZONES: &[(&str, &str, &str)] = &[
    ("UTC", "UTC", "UTC"),
    ("Europe/Kaliningrad", "Калининград (UTC+2)", "Kaliningrad (UTC+2)"),
    ("Europe/Moscow", "Москва (UTC+3)", "Moscow (UTC+3)"),
    ("Europe/Minsk", "Минск (UTC+3)", "Minsk (UTC+3)"),
    ("Europe/Samara", "Самара (UTC+4)", "Samara (UTC+4)"),
    ("Asia/Tbilisi", "Тбилиси (UTC+4)", "Tbilisi (UTC+4)"),
    ("Asia/Yerevan", "Ереван (UTC+4)", "Yerevan (UTC+4)"),
    ("Asia/Yekaterinburg", "Екатеринбург (UTC+5)", "Yekaterinburg (UTC+5)"),
    ("Asia/Almaty", "Алматы (UTC+5)", "Almaty (UTC+5)"),
    ("Asia/Tashkent", "Ташкент (UTC+5)", "Tashkent (UTC+5)"),
    ("Asia/Omsk", "Омск (UTC+6)", "Omsk (UTC+6)"),
    ("Asia/Novosibirsk", "Новосибирск (UTC+7)", "Novosibirsk (UTC+7)"),
    ("Asia/Krasnoyarsk", "Красноярск (UTC+7)", "Krasnoyarsk (UTC+7)"),
    ("Asia/Irkutsk", "Иркутск (UTC+8)", "Irkutsk (UTC+8)"),
    ("Asia/Yakutsk", "Якутск (UTC+9)", "Yakutsk (UTC+9)"),
    ("Asia/Vladivostok", "Владивосток (UTC+10)", "Vladivostok (UTC+10)"),
    ("Asia/Magadan", "Магадан (UTC+11)", "Magadan (UTC+11)"),
    ("Asia/Kamchatka", "Камчатка (UTC+12)", "Kamchatka (UTC+12)"),
];
