//! Every piece of the interface in its states, on one page: for those who build it, in development only.

use domain::words::Word;
use leptos::prelude::*;

use crate::ui::{Avatar, Icon, Person, PersonName, Sign, TextArea, Title};
use crate::values::{CallButton, Cell, CellView};

const SIGNS: [Sign; 20] = [
    Sign::Clients,
    Sign::Trash,
    Sign::Settings,
    Sign::Find,
    Sign::Plus,
    Sign::Columns,
    Sign::Density,
    Sign::Up,
    Sign::Down,
    Sign::Left,
    Sign::Right,
    Sign::Cross,
    Sign::Phone,
    Sign::Pen,
    Sign::Leave,
    Sign::Restore,
    Sign::Box,
    Sign::Grip,
    Sign::Menu,
    Sign::Filter,
];

#[component]
pub fn GalleryPage() -> impl IntoView {
    view! {
        <Title text="Gallery"/>
        <div class="head"><h1>"Gallery"</h1></div>
        <div class="gallery">
            <Tile name="Buttons"><Buttons/></Tile>
            <Tile name="Icons"><div class="rowb">{SIGNS.map(|sign| view! { <Icon sign/> }).collect_view()}</div></Tile>
            <Tile name="People"><People/></Tile>
            <Tile name="Inputs"><Inputs/></Tile>
            <Tile name="Filters"><Filters/></Tile>
            <Tile name="Chips">
                <span class="chip n">"Опт"</span><span class="chip g">"здесь"</span><span class="chip a">"сомнительно"</span>
            </Tile>
            <Tile name="Values"><Values/></Tile>
            <Tile name="A field and its marks"><Fields/></Tile>
            <Tile name="Settled in the field"><Conflict/></Tile>
            <Tile name="Rows"><Rows/></Tile>
            <Tile name="Menu"><Menu/></Tile>
            <Tile name="Nothing found">
                <div class="void"><b>"Ничего не нашлось"</b><p>"Название: «ромашк», ИНН: «7743»"</p>
                    <div class="rowb"><a class="btn" href="/gallery">"Сбросить фильтры"</a><button class="btn">"Создать «ромашк»"</button></div></div>
            </Tile>
            <Tile name="Long work"><LongWork/></Tile>
            <Tile name="Message">
                <p class="toast"><span>"Клиент в корзине"</span><button class="at">"Восстановить"</button></p>
            </Tile>
            <Tile name="Keys">
                <p><kbd>"Alt"</kbd>" "<kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" "{Word::KeyNeighbours.text(domain::words::Lang::Ru)}</p>
            </Tile>
        </div>
    }
}

#[component]
fn Tile(name: &'static str, children: Children) -> impl IntoView {
    view! { <section class="tile"><h2>{name}</h2>{children()}</section> }
}

#[component]
fn Buttons() -> impl IntoView {
    view! {
        <div class="rowb">
            <button class="btn p"><Icon sign=Sign::Plus/>"Клиент"</button>
            <button class="btn p" aria-busy="true">"Клиент"</button>
            <button class="btn">"Повторить"</button>
            <button class="btn q">"Сбросить"</button>
            <button class="btn sq q" aria-label="Столбцы"><Icon sign=Sign::Columns/></button>
            <span class="btn sq q off"><Icon sign=Sign::Left/></span>
            <button class="at">"Отменить"</button>
        </div>
    }
}

#[component]
fn People() -> impl IntoView {
    let person = |id: i64, name: &str| Person { id, name: name.to_string() };
    view! {
        <div class="rowb">
            {(0..12).map(|id| view! { <Avatar person=person(id, "Анна Крылова")/> }).collect_view()}
            <PersonName person=person(3, "Дмитрий Савин")/>
        </div>
    }
}

#[component]
fn Inputs() -> impl IntoView {
    view! {
        <form class="settings-form">
            <label>"Логин"<input class="f" name="g-login" value="anna"/></label>
            <label>"Пароль"<input class="f" name="g-word" value="••••••" aria-invalid="true"/></label>
            <p class="hint">"Логин или пароль не подошли"</p>
            <label>"Язык"<select class="f" name="g-lang"><option>"Русский"</option></select></label>
            <TextArea class="f" name="g-text".to_string() text="Несколько\nстрок".to_string() label="Текст".to_string()/>
        </form>
    }
}

#[component]
fn Filters() -> impl IntoView {
    view! {
        <div class="filter-form">
            <label class="f row-f wide"><Icon sign=Sign::Find/><input type="search" name="g-name" placeholder="Название" aria-label="Название"/></label>
            <label class="f row-f on"><span class="caption">"ИНН"</span><input type="search" name="g-inn" value="7707" aria-label="ИНН"/></label>
            <a class="f row-f" href="/gallery">"Создан"<Icon sign=Sign::Menu/></a>
            <span class="f on chip-filter"><a class="chip-text" href="/gallery"><b>"Создан"</b>" с 1 июн 2026"</a><a class="x" href="/gallery" aria-label="Снять фильтр"><Icon sign=Sign::Cross/></a></span>
        </div>
    }
}

#[component]
fn Values() -> impl IntoView {
    let cells = [
        ("Пусто", Cell::Empty),
        ("Текст", Cell::Text("Москва, ул. Лесная, 5".into())),
        ("Имя по номеру", Cell::Automatic("Клиент №\u{202f}17".into())),
        ("Число", Cell::Number("1\u{202f}204".into())),
        ("Телефон", Cell::Phone { shown: "+7 916 240-11-08".into(), dial: Some("+79162401108".into()) }),
        ("Ссылка", Cell::Link { shown: "romashka.ru".into(), href: "https://romashka.ru".into() }),
        ("Почта", Cell::Mail { shown: "office@romashka.ru".into(), href: "mailto:office@romashka.ru".into() }),
        ("Сотрудник", Cell::Person(Person { id: 2, name: "Анна Крылова".into() })),
        ("Запись", Cell::Record { title: "ООО «Маяк»".into(), href: "/gallery".into() }),
        ("Время", Cell::When { near: "вчера, 10:15".into(), exact: "23 ноября 2026, 10:15".into() }),
        (
            "Сомнительное",
            Cell::Doubtful {
                shown: "7707083894".into(), why: "не сходится контрольная цифра".into()
            },
        ),
    ];
    let rows = cells.into_iter().map(|(name, cell)| view! { <dt>{name}</dt><dd><CellView cell/></dd> }).collect_view();
    view! { <dl>{rows}</dl><CallButton dial="+79162401108".to_string() whom="ООО «Маяк»".to_string()/> }
}

#[component]
fn Fields() -> impl IntoView {
    view! {
        <dl>
            <dt>"Адрес"</dt>
            <dd><a class="value" href="/gallery">"Москва, ул. Лесная, 5"</a><span class="saved">"Сохранено · "<button class="at">"Отменить"</button></span></dd>
            <dt>"Почта"</dt>
            <dd><a class="value" href="/gallery">"office@romashka.ru"</a><span class="saved">"Сохраняется…"</span></dd>
            <dt>"Телефон"</dt>
            <dd><form class="edit"><input class="in" name="g-phone" value="+7 916" aria-label="Телефон"/></form></dd>
            <dt>"ИНН"</dt>
            <dd><form class="edit refused"><input class="in" name="g-doubt" value="7707083894" aria-label="ИНН" aria-invalid="true"/>
                <div class="hints"><p class="hint w">"В ИНН ошибка: не сходится контрольная цифра. "<button class="at">"Сохранить всё равно"</button></p></div></form></dd>
            <dt>"КПП"</dt>
            <dd><form class="edit refused"><input class="in" name="g-kpp" value="77" aria-label="КПП" aria-invalid="true"/>
                <div class="hints"><p class="hint">"В КПП девять знаков"</p></div></form></dd>
        </dl>
    }
}

#[component]
fn Conflict() -> impl IntoView {
    view! {
        <div class="conf">"Пока вы писали, "<b>"Дмитрий Савин"</b>" изменил «Адрес»: «"<q>"Москва, ул. Лесная, д. 7, оф. 12"</q>"»"
            <div class="rowb"><button class="btn">"Оставить моё"</button><button class="btn">"Взять его"</button></div></div>
    }
}

#[component]
fn Rows() -> impl IntoView {
    let row = |class: &'static str, number: &'static str, name: &'static str, on: bool| {
        view! {
            <tr class=class>
                <td class="k-box"><input type="checkbox" checked=on aria-label=name/></td>
                <td class="k-number">{number}</td><td class="k-title"><a class="row-link" href="/gallery">{name}</a></td>
            </tr>
        }
    };
    view! {
        <table class="rows">
            <tbody>
                {row("", "48102", "ПАО «Волжский завод приводов»", false)}
                {row("picked", "48190", "ИП Каримова Лейла", true)}
                {row("gone", "48150", "ООО «Строй-Инвест Урал»", false)}
            </tbody>
        </table>
    }
}

#[component]
fn Menu() -> impl IntoView {
    view! {
        <div class="gallery-pop">
            <ul class="pop"><li><label><input type="checkbox" checked/>"Телефон"</label></li><li><label><input type="checkbox"/>"КПП"</label></li></ul>
        </div>
    }
}

#[component]
fn LongWork() -> impl IntoView {
    view! {
        <div class="job still"><b>"Сменить ответственного: 1 204 клиента"</b><progress max="1204" value="506" aria-label="Готово"></progress>
            <span class="mut">"Готово 506 из 1 204"</span><button class="btn">"Остановить"</button></div>
    }
}
