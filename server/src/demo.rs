//! A demonstration base that reads like a real one. The same seed gives the same clients on the same
//! day; nothing here is taken from a real register.

use std::sync::Arc;

use domain::change::{Input, Patch, Source};
use domain::fields::Registry;
use domain::fields::Value;
use domain::ids::{FieldKey, SectionKey, UserId};
use domain::moment::{DAY_MS, Date};
use domain::rights::{Actor, Limits, Role};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use store::Db;
use store::write::{Act, Base, Context, Subject, load};

mod day;

const CHUNK: u32 = 500;
const YEARS_MS: i64 = 730 * DAY_MS;
/// Of two years, all but the last few.
const WORKING_DAYS: i64 = 520;
const MOSCOW_MS: i64 = 3 * 60 * 60 * 1000;

/// Login and name of employees who cannot sign in.
const EMPLOYEES: [(&str, &str); 6] = [
    ("demo.titov", "Михаил Титов"),
    ("demo.zaiceva", "Светлана Зайцева"),
    ("demo.akhmetov", "Руслан Ахметов"),
    ("demo.belova", "Ирина Белова"),
    ("demo.gusev", "Павел Гусев"),
    ("demo.sokolova", "Мария Соколова"),
];

/// City, code of the region (tax and registration numbers), telephone code, start of the postal code, streets.
struct City(&'static str, &'static str, &'static str, &'static str, [&'static str; 4]);

const CITIES: [City; 20] = [
    City(
        "Москва",
        "77",
        "495",
        "127",
        ["ул. Долгоруковская", "Ленинградский пр-т", "ул. Большая Полянка", "Варшавское ш."],
    ),
    City("Москва", "77", "499", "115", ["ул. Нагатинская", "Каширское ш.", "ул. Профсоюзная", "Дербеневская наб."]),
    City(
        "Санкт-Петербург",
        "78",
        "812",
        "191",
        ["Лиговский пр-т", "ул. Марата", "наб. Обводного канала", "Московский пр-т"],
    ),
    City("Екатеринбург", "66", "343", "620", ["ул. Малышева", "пр-т Ленина", "ул. Куйбышева", "ул. 8 Марта"]),
    City("Новосибирск", "54", "383", "630", ["Красный пр-т", "ул. Кирова", "ул. Фрунзе", "ул. Большевистская"]),
    City("Казань", "16", "843", "420", ["ул. Баумана", "пр-т Победы", "ул. Декабристов", "Сибирский тракт"]),
    City(
        "Нижний Новгород",
        "52",
        "831",
        "603",
        ["ул. Белинского", "пр-т Гагарина", "ул. Большая Покровская", "Московское ш."],
    ),
    City("Самара", "63", "846", "443", ["ул. Молодогвардейская", "Московское ш.", "ул. Ново-Садовая", "ул. Авроры"]),
    City("Челябинск", "74", "351", "454", ["пр-т Ленина", "ул. Труда", "Свердловский пр-т", "ул. Бейвеля"]),
    City(
        "Ростов-на-Дону",
        "61",
        "863",
        "344",
        ["Будённовский пр-т", "ул. Большая Садовая", "пр-т Стачки", "ул. Нансена"],
    ),
    City("Уфа", "02", "347", "450", ["пр-т Октября", "ул. Ленина", "ул. Менделеева", "ул. Цюрупы"]),
    City("Красноярск", "24", "391", "660", ["пр-т Мира", "ул. Карла Маркса", "ул. 9 Мая", "ул. Телевизорная"]),
    City("Воронеж", "36", "473", "394", ["Московский пр-т", "ул. Плехановская", "ул. Кольцовская", "Ленинский пр-т"]),
    City("Пермь", "59", "342", "614", ["Комсомольский пр-т", "ул. Ленина", "ш. Космонавтов", "ул. Пушкина"]),
    City("Волгоград", "34", "844", "400", ["пр-т Ленина", "ул. Мира", "ул. Рабоче-Крестьянская", "ул. Невская"]),
    City("Краснодар", "23", "861", "350", ["ул. Красная", "ул. Северная", "ул. Ставропольская", "ул. Уральская"]),
    City("Калининград", "39", "401", "236", ["Ленинский пр-т", "ул. Черняховского", "пр-т Мира", "ул. Горького"]),
    City("Тула", "71", "487", "300", ["пр-т Ленина", "ул. Советская", "Красноармейский пр-т", "ул. Оборонная"]),
    City(
        "Иркутск",
        "38",
        "395",
        "664",
        ["ул. Карла Маркса", "ул. Декабрьских Событий", "ул. Байкальская", "ул. Лермонтова"],
    ),
    City(
        "Хабаровск",
        "27",
        "421",
        "680",
        ["ул. Муравьёва-Амурского", "ул. Ленина", "ул. Серышева", "ул. Карла Маркса"],
    ),
];

/// Form, what stands between it and the name's quotes, its share in the base (of 100).
const FORMS: [(&str, u32); 12] = [
    ("ООО", 58),
    ("ИП", 17),
    ("АО", 8),
    ("ПАО", 2),
    ("ЗАО", 2),
    ("МУП", 2),
    ("ГБУ", 3),
    ("ФГУП", 1),
    ("АНО", 2),
    ("ТСЖ", 2),
    ("КФХ", 2),
    ("СПК", 1),
];

const STEMS: [(&str, &str); 30] = [
    ("Строй", "stroy"),
    ("Техно", "tehno"),
    ("Агро", "agro"),
    ("Энерго", "energo"),
    ("Пром", "prom"),
    ("Торг", "torg"),
    ("Мед", "med"),
    ("Авто", "avto"),
    ("Хим", "him"),
    ("Метал", "metal"),
    ("Лес", "les"),
    ("Транс", "trans"),
    ("Эко", "eko"),
    ("Гидро", "gidro"),
    ("Тепло", "teplo"),
    ("Снаб", "snab"),
    ("Пак", "pak"),
    ("Свет", "svet"),
    ("Север", "sever"),
    ("Урал", "ural"),
    ("Волга", "volga"),
    ("Дон", "don"),
    ("Сиб", "sib"),
    ("Балт", "balt"),
    ("Рос", "ros"),
    ("Евро", "evro"),
    ("Гарант", "garant"),
    ("Вектор", "vektor"),
    ("Альфа", "alfa"),
    ("Омега", "omega"),
];

const ENDINGS: [(&str, &str); 20] = [
    ("инвест", "invest"),
    ("сервис", "servis"),
    ("монтаж", "montazh"),
    ("комплект", "komplekt"),
    ("ресурс", "resurs"),
    ("проект", "proekt"),
    ("маш", "mash"),
    ("прибор", "pribor"),
    ("оптима", "optima"),
    ("трейд", "trade"),
    ("логистика", "logistika"),
    ("деталь", "detal"),
    ("продукт", "produkt"),
    ("система", "sistema"),
    ("альянс", "alyans"),
    ("групп", "group"),
    ("центр", "centr"),
    ("снаб", "snab"),
    ("пласт", "plast"),
    ("холод", "holod"),
];

const WORDS: [(&str, &str); 24] = [
    ("Ромашка", "romashka"),
    ("Маяк", "mayak"),
    ("Северный ветер", "severveter"),
    ("Полюс", "polus"),
    ("Берёзка", "berezka"),
    ("Ёлка", "elka"),
    ("Горизонт", "gorizont"),
    ("Каскад", "kaskad"),
    ("Родник", "rodnik"),
    ("Восход", "voshod"),
    ("Заря", "zarya"),
    ("Прогресс", "progress"),
    ("Меридиан", "meridian"),
    ("Орион", "orion"),
    ("Кедр", "kedr"),
    ("Янтарь", "yantar"),
    ("Лотос", "lotos"),
    ("Парус", "parus"),
    ("Стимул", "stimul"),
    ("Гранит", "granit"),
    ("Изумруд", "izumrud"),
    ("Сокол", "sokol"),
    ("Феникс", "feniks"),
    ("Лазурь", "lazur"),
];

/// Family, given and father's name of a man and of a woman.
const FAMILIES: [(&str, &str); 20] = [
    ("Соколов", "Соколова"),
    ("Каримов", "Каримова"),
    ("Лапин", "Лапина"),
    ("Зимин", "Зимина"),
    ("Дорошенко", "Дорошенко"),
    ("Хасанов", "Хасанова"),
    ("Тихонов", "Тихонова"),
    ("Ким", "Ким"),
    ("Волков", "Волкова"),
    ("Рябов", "Рябова"),
    ("Сёмин", "Сёмина"),
    ("Янсон", "Янсон"),
    ("Петров", "Петрова"),
    ("Гаврилов", "Гаврилова"),
    ("Мельник", "Мельник"),
    ("Шевцов", "Шевцова"),
    ("Абрамов", "Абрамова"),
    ("Галиев", "Галиева"),
    ("Орехов", "Орехова"),
    ("Щукин", "Щукина"),
];
const MEN: [(&str, &str); 8] = [
    ("Артём", "Игоревич"),
    ("Виктор", "Сергеевич"),
    ("Рустем", "Маратович"),
    ("Николай", "Петрович"),
    ("Андрей", "Иванович"),
    ("Олег", "Дмитриевич"),
    ("Фёдор", "Алексеевич"),
    ("Денис", "Юрьевич"),
];
const WOMEN: [(&str, &str); 8] = [
    ("Лейла", "Рустамовна"),
    ("Анна", "Викторовна"),
    ("Вера", "Николаевна"),
    ("Ольга", "Андреевна"),
    ("Марта", "Карловна"),
    ("Лидия", "Фёдоровна"),
    ("Наталья", "Олеговна"),
    ("Дарья", "Денисовна"),
];

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Write(#[from] store::write::Refusal),
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn actor(id: UserId, role: Role) -> Actor {
    Actor { id, role, limits: Limits::default() }
}

/// Adds clients and the employees they are divided among, with the users already there.
/// `told` hears how many are done.
pub async fn fill(db: &Db, clients: u32, seed: u64, now: i64, mut told: impl FnMut(u32)) -> Result<(), Failure> {
    let employees = app::users::queries::demo_employees(db, &EMPLOYEES, now).await?;
    let registry = store::registry::load(&mut db.read().await?, &app::sections::registry()).await?.uncut();
    let mut maker = Maker {
        rng: ChaCha8Rng::seed_from_u64(seed),
        employees,
        today: now - now.rem_euclid(DAY_MS),
        seed,
        made: 0,
        registry: Arc::new(registry),
    };
    let mut done = 0;
    while done < clients {
        let chunk = CHUNK.min(clients - done);
        let mut acts = Acts::new();
        let owners: Vec<(UserId, i64)> =
            (done..done + chunk).map(|place| maker.record(&mut acts, place, clients)).collect();
        maker.day(&mut acts, &owners, now);
        load(db, acts).await.map_err(|refused| refused.why)?;
        done += chunk;
        told(done);
    }
    Ok(())
}

type Acts = Vec<(Arc<Context>, Act)>;

struct Maker {
    rng: ChaCha8Rng,
    employees: Vec<UserId>,
    /// The beginning of today (UTC): nothing is younger.
    today: i64,
    seed: u64,
    /// So many operations there were.
    made: u64,
    registry: Arc<Registry>,
}

type Field = (&'static str, String);

impl Maker {
    /// Each act has an operation of its own, the same for the same seed.
    fn context(&mut self, user: UserId, now: i64) -> Arc<Context> {
        self.made += 1;
        let op = format!("seed-{}-{}", self.seed, self.made);
        let (actor, registry) = (actor(user, Role::Manager), self.registry.clone());
        Arc::new(Context { actor, now, source: Source::Seed, op, sent: None, registry })
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.rng.next_u64() % limit.max(1) as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Some employees have many clients, some few.
    fn employee(&mut self) -> UserId {
        let place = self.below(self.employees.len()).min(self.below(self.employees.len()));
        self.employees[place]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    /// A client and what was edited since; gives who made it and when.
    fn record(&mut self, acts: &mut Acts, place: u32, of: u32) -> (UserId, i64) {
        let at = self.created(place, of);
        let by = self.employee();
        let mut fields = self.client(at);
        // A third was entered bit by bit: what is left out here is an edit later.
        let mut later: Vec<Field> = Vec::new();
        if self.chance(35) {
            let keep = 2 + self.below(2);
            later = fields.split_off(keep.min(fields.len()));
        }
        let mut edits = Vec::new();
        let mut when = at;
        for field in later {
            when = self.later(when);
            edits.push((self.context(by, when), patch(vec![field])));
        }
        // Most clients are quiet, some are busy.
        let busy = match self.below(100) {
            0..60 => 0,
            60..85 => 1 + self.below(2),
            85..97 => 2 + self.below(4),
            _ => 6 + self.below(10),
        };
        for _ in 0..busy {
            when = self.later(when);
            let who = if self.chance(80) { by } else { self.employee() };
            let change = self.edit();
            edits.push((self.context(who, when), change));
        }
        let mut patch = patch(fields);
        if self.chance(70) {
            patch.fields.push((FieldKey::from("segment"), Input::Typed((1 + self.below(4)).to_string())));
        }
        if self.chance(15) {
            let days = *self.pick(&[14, 30, 45, 60, 90]);
            patch.fields.push((FieldKey::from("rhythm"), Input::Typed(days.to_string())));
        }
        if self.chance(12) {
            let other = self.employee();
            patch.fields.push((FieldKey::from("responsible"), Input::Value(Value::Reference(other))));
        }
        let section = SectionKey::built_in(app::clients::KEY);
        let made = acts.len();
        acts.push((self.context(by, at), Act::Create { section: section.clone(), patch }));
        for (context, patch) in edits {
            let (record, base) = (Subject::Made(made), Base::Whatever);
            acts.push((context, Act::Update { section: section.clone(), record, base, patch }));
        }
        (by, at)
    }

    /// Working hours of working days (Moscow), ever more often, in the order of the numbers.
    fn created(&mut self, place: u32, of: u32) -> i64 {
        let part = (f64::from(place) + 0.5) / f64::from(of.max(1));
        let day = part.powf(0.8) * WORKING_DAYS as f64;
        let begins = self.today - YEARS_MS + calendar_days(day as i64, self.today - YEARS_MS) * DAY_MS;
        begins - MOSCOW_MS + ((9.0 + 9.0 * day.fract()) * 3_600_000.0) as i64
    }

    fn later(&mut self, at: i64) -> i64 {
        let left = (self.today - at).max(1) as usize;
        let step = self.below(left / 2 + 1) as i64;
        let day = working_day(at + step - (at + step).rem_euclid(DAY_MS));
        let when = day - MOSCOW_MS + 9 * 3_600_000 + self.below(9 * 3_600_000) as i64;
        when.clamp(at, self.today.max(at))
    }

    /// Fields in the order in which they are usually learned.
    fn client(&mut self, at: i64) -> Vec<Field> {
        let city = self.pick(&CITIES);
        let City(name, region, code, postal, streets) = city;
        let nameless = self.chance(4);
        let phone = if self.chance(55) {
            format!("+7 {code} {}-{}-{}", 200 + self.below(700), self.digits(2), self.digits(2))
        } else {
            format!("+7 9{} {}-{}-{}", self.digits(2), 100 + self.below(900), self.digits(2), self.digits(2))
        };
        if nameless {
            return vec![("phone", phone)];
        }
        let form = self.form();
        let sole = matches!(form, "ИП" | "КФХ");
        let (title, latin) = self.title(form);
        let inn = self.inn(region, sole);
        let mut fields = vec![("name", title), ("phone", phone), ("inn", inn.clone())];
        if !sole {
            fields.push(("kpp", format!("{}01001", &inn[..4])));
        }
        fields.push(("ogrn", self.ogrn(region, sole, at)));
        let street = *self.pick(streets);
        let mut address = format!("{postal}{}, {name}, {street}, д. {}", self.digits(3), 1 + self.below(120));
        if self.chance(30) {
            address.push_str(&format!(", стр. {}", 1 + self.below(5)));
        }
        if self.chance(60) {
            address.push_str(&format!(", оф. {}", 1 + self.below(400)));
        }
        fields.push(("address", address));
        let number = self.below(90) + 10;
        let site = format!("{latin}{number}.ru");
        if self.chance(70) {
            fields.push(("email", format!("{}@{site}", self.pick(&["office", "info", "zakaz", "mail", "buh"]))));
        }
        if self.chance(60) {
            fields.push(("site", site));
        }
        fields
    }

    fn form(&mut self) -> &'static str {
        let mut place = self.below(100) as u32;
        for (form, share) in FORMS {
            if place < share {
                return form;
            }
            place -= share;
        }
        "ООО"
    }

    /// The name and its Latin spelling for the site.
    fn title(&mut self, form: &str) -> (String, String) {
        match form {
            "ИП" => (format!("ИП {}", self.person()), "shop".into()),
            "КФХ" => (format!("КФХ {}", self.person()), "ferma".into()),
            "ГБУ" => (format!("ГБУ «Городская поликлиника № {}»", 1 + self.below(200)), "gp".into()),
            "МУП" => {
                let (what, latin) = *self.pick(&[
                    ("Водоканал", "vodokanal"),
                    ("Горэлектросеть", "gorset"),
                    ("Теплосеть", "teploset"),
                    ("Горзеленхоз", "gorzelenhoz"),
                    ("Спецавтохозяйство", "sah"),
                ]);
                (format!("МУП «{what}»"), latin.into())
            }
            "ТСЖ" => {
                let (word, latin) = *self.pick(&WORDS);
                (format!("ТСЖ «{word}-{}»", 1 + self.below(9)), format!("tsg-{latin}"))
            }
            form if self.chance(40) => {
                let (word, latin) = *self.pick(&WORDS);
                let tail = *self.pick(&["", "", "-Сервис", "-Юг", " плюс", " и Ко", "-2000"]);
                (format!("{form} «{word}{tail}»"), latin.into())
            }
            form => {
                let (stem, latin) = *self.pick(&STEMS);
                let (ending, latin_ending) = *self.pick(&ENDINGS);
                let joint = if self.chance(25) { "-" } else { "" };
                let ending = if joint.is_empty() { ending.to_string() } else { capital(ending) };
                let tail = match self.chance(20) {
                    true => format!(" {}", self.pick(&["Урал", "Сибирь", "Поволжье", "Северо-Запад", "Кубань"])),
                    false => String::new(),
                };
                (format!("{form} «{stem}{joint}{ending}{tail}»"), format!("{latin}-{latin_ending}"))
            }
        }
    }

    fn person(&mut self) -> String {
        let (man, woman) = *self.pick(&FAMILIES);
        let is_woman = self.chance(50);
        let (given, fathers) = *self.pick(if is_woman { &WOMEN } else { &MEN });
        format!("{} {given} {fathers}", if is_woman { woman } else { man })
    }

    fn inn(&mut self, region: &str, sole: bool) -> String {
        let check = |digits: &str, weights: &[u32]| {
            let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
            sum % 11 % 10
        };
        if sole {
            let mut digits = format!("{region}{:02}{}", 1 + self.below(60), self.digits(6));
            digits.push_str(&check(&digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]).to_string());
            digits.push_str(&check(&digits, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]).to_string());
            digits
        } else {
            let mut digits = format!("{region}{:02}{}", 1 + self.below(60), self.digits(5));
            digits.push_str(&check(&digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8]).to_string());
            digits
        }
    }

    /// Registered in some year before the client came.
    fn ogrn(&mut self, region: &str, sole: bool, at: i64) -> String {
        let year = Date::from_days(at / DAY_MS).year as usize - 2000;
        let year = 4 + self.below(year.saturating_sub(4).max(1));
        let (body, divisor) = if sole {
            (format!("3{year:02}{region}{}", self.digits(9)), 13)
        } else {
            (format!("1{year:02}{region}{}", self.digits(7)), 11)
        };
        let check = body.parse::<u64>().unwrap_or_default() % divisor % 10;
        format!("{body}{check}")
    }

    fn edit(&mut self) -> Patch {
        let City(name, _, code, postal, streets) = self.pick(&CITIES);
        match self.below(5) {
            0 | 1 => patch(vec![(
                "phone",
                format!("+7 {code} {}-{}-{}", 200 + self.below(700), self.digits(2), self.digits(2)),
            )]),
            2 => {
                let street = *self.pick(streets);
                let house = 1 + self.below(150);
                patch(vec![("address", format!("{postal}{}, {name}, {street}, д. {house}", self.digits(3)))])
            }
            3 => {
                patch(vec![("email", format!("{}{}@mail.ru", self.pick(&["office", "sale", "zakaz"]), self.digits(3)))])
            }
            _ => {
                let to = self.employee();
                Patch {
                    fields: vec![(FieldKey::from("responsible"), Input::Value(Value::Reference(to)))],
                    accept: vec![],
                }
            }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// 0 is Monday. 1970-01-01 was a Thursday.
fn weekday(day_ms: i64) -> i64 {
    (day_ms.div_euclid(DAY_MS) + 3).rem_euclid(7)
}

/// The same day, or the Monday after it.
fn working_day(day_ms: i64) -> i64 {
    match weekday(day_ms) {
        5 => day_ms + 2 * DAY_MS,
        6 => day_ms + DAY_MS,
        _ => day_ms,
    }
}

/// How many days lie between a day and the working day that is `working` later.
fn calendar_days(working: i64, from_ms: i64) -> i64 {
    let start = weekday(working_day(from_ms));
    let shift = (working_day(from_ms) - from_ms) / DAY_MS;
    shift + working + (start + working) / 5 * 2
}

fn patch(fields: Vec<Field>) -> Patch {
    let typed = fields.into_iter().map(|(key, typed)| (FieldKey::from(key), Input::Typed(typed)));
    Patch { fields: typed.collect(), accept: Vec::new() }
}
