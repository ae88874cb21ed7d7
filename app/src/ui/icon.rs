//! One family of icons: 16 px, 1.6 px strokes, inlined.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Clients,
    Trash,
    Settings,
    Find,
    Plus,
    Columns,
    Density,
    Up,
    Down,
    Left,
    Right,
    Cross,
    Phone,
    Pen,
    Leave,
    Restore,
    Box,
    Grip,
    Menu,
    Filter,
    Contact,
    Bell,
    Sun,
    At,
    Meeting,
    Comment,
    Check,
    More,
    Deal,
}

impl Sign {
    fn path(self) -> &'static str {
        match self {
            Self::Clients => {
                "M11 14v-1a3 3 0 0 0-3-3H4a3 3 0 0 0-3 3v1M6 7a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M15 14v-1a3 3 0 0 0-2.2-2.9M10.5 2.2a2.5 2.5 0 0 1 0 4.7"
            }
            Self::Trash => "M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.8v4M9.3 6.8v4",
            Self::Settings => {
                "M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4M8 1.5v2M8 12.5v2M1.5 8h2M12.500 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4"
            }
            Self::Find => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Columns => "M2 3h12v10H2zM6 3v10M10 3v10",
            Self::Density => "M2 4h12M2 8h12M2 12h12",
            Self::Up => "M8 13V3M4 7l4-4 4 4",
            Self::Down => "M8 3v10M4 9l4 4 4-4",
            Self::Left => "m10 3-5 5 5 5",
            Self::Right => "m6 3 5 5-5 5",
            Self::Cross => "m4 4 8 8M12 4l-8 8",
            Self::Phone => {
                "M3 2.5h2.5l1.2 3-1.6 1.2a8 8 0 0 0 4.2 4.2l1.2-1.6 3 1.2V13a1.5 1.5 0 0 1-1.6 1.5A11.5 11.5 0 0 1 1.5 4.1 1.5 1.5 0 0 1 3 2.5"
            }
            Self::Pen => "M10.5 3 13 5.500 6 12.500l-3 .5.5-3z",
            Self::Leave => "M6 2.500H3v11h3M10.500 11l3-3-3-3M13.500 8H6",
            Self::Restore => "M3 6h6.500a3.500 3.500 0 0 1 0 7H6M3 6l3-3M3 6l3 3",
            Self::Grip => "M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01",
            Self::Menu => "m4 6 4 4 4-4",
            Self::Filter => "M2 4h12M4.500 8h7M7 12h2",
            Self::Contact => "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.500 14.500a5.500 5.500 0 0 1 11 0",
            Self::Bell => "M4 7a4 4 0 0 1 8 0c0 3 1.500 4 1.500 4h-11S4 10 4 7M6.700 13.500a1.500 1.500 0 0 0 2.600 0",
            Self::Sun => {
                "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"
            }
            Self::At => {
                "M10.500 8a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0M10.500 5.500V9a1.800 1.800 0 0 0 3.500 0V8a6 6 0 1 0-2.500 4.900"
            }
            Self::Meeting => "M2.500 4h11v9.500h-11zM5.500 2v3M10.500 2v3M2.500 7.500h11",
            Self::Comment => "M2 3h12v8.500H7L4 14v-2.500H2z",
            Self::More => "M3 8h.01M8 8h.01M13 8h.01",
            Self::Deal => "M2 5.500h12V13H2zM5.500 5.500V3h5v2.500M2 9h12",
            Self::Check => "m3 8.500 3.500 3.500L13 4.500",
            Self::Box => "m2 5 6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6",
        }
    }
}

#[component]
pub fn Icon(sign: Sign) -> impl IntoView {
    view! {
        <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
            <path d=sign.path()></path>
        </svg>
    }
}
