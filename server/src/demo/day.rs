//! What a base is worked with: contacts, what was said with them, and what comes next.

use app::{contacts, notes, reminders};
use domain::change::{Input, Patch};
use domain::fields::Value;
use domain::ids::{FieldKey, UserId};
use domain::moment::DAY_MS;
use store::write::NewRecord;

use super::{MOSCOW_MS, Maker, working_day};

const POSITIONS: [&str; 8] = [
    "директор",
    "коммерческий директор",
    "снабжение",
    "главный бухгалтер",
    "отдел закупок",
    "заместитель директора",
    "секретарь",
    "логистика",
];
const CALLS: [&str; 10] = [
    "Обсудили график поставок, ждут новый счёт.",
    "Решение примут после 20-го, перезвонить.",
    "Просили прайс на краску и сроки по складу.",
    "Отгрузка в понедельник, предоплату подтвердили.",
    "Вернёмся к разговору осенью, бюджет закрыт.",
    "Уточнили реквизиты, договор на согласовании.",
    "Довольны последней партией, нужна ещё одна.",
    "Сменился закупщик, новый пока знакомится.",
    "Ждут образцы, потом решат по объёму.",
    "Договорились о скидке при заказе от двух паллет.",
];
const MEETINGS: [&str; 4] = [
    "Показали образцы, понравился второй вариант.",
    "Были на складе, посмотрели упаковку.",
    "Подписали протокол, ждём оригинал договора.",
    "Познакомились с новым директором.",
];
const COMMENTS: [&str; 8] = [
    "Звонить после обеда, с утра планёрка.",
    "Счёт только на новое юрлицо.",
    "Пропуск на въезд заказывать за день.",
    "Просят присылать документы через ЭДО.",
    "Есть второй поставщик, сравнивают цены.",
    "Оставила номер на выставке.",
    "Оплата всегда в последний день срока.",
    "Прайс смотрят на https://example.com/price.",
];
const STEPS: [&str; 8] = [
    "новый счёт",
    "продление договора",
    "узнать решение",
    "отправить прайс",
    "обещали перезвонить",
    "образцы",
    "сверка за квартал",
    "познакомиться",
];

type Values = Vec<(&'static str, Value)>;

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

impl Maker {
    /// Contacts, entries and reminders of clients with consecutive numbers, by section. Each client has the one
    /// who made it, and when.
    pub fn day(&mut self, first: i64, owners: &[(UserId, i64)], now: i64) -> [(&'static str, Vec<NewRecord>); 3] {
        let (mut people, mut said, mut next) = (Vec::new(), Vec::new(), Vec::new());
        for (client, (owner, since)) in (first..).zip(owners) {
            self.people(client, *owner, *since, &mut people);
            self.said(client, *owner, *since, &mut said);
            self.next(client, *owner, *since, now, &mut next);
        }
        [(contacts::KEY, people), (notes::KEY, said), (reminders::KEY, next)]
    }

    fn new_record(&mut self, user: UserId, at: i64, values: Values) -> NewRecord {
        let fields = values.into_iter().map(|(key, value)| (FieldKey::from(key), Input::Value(value))).collect();
        let patch = Patch { fields, accept: Vec::new() };
        NewRecord { context: self.context(user, at), patch, edits: Vec::new() }
    }

    fn people(&mut self, client: i64, owner: UserId, since: i64, people: &mut Vec<NewRecord>) {
        let count = [0, 1, 1, 1, 1, 2, 2, 3][self.below(8)];
        for place in 0..count {
            let name = self.person();
            let mut words = name.split(' ');
            let short = [words.next(), words.next()].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let mut phones =
                format!("+7 9{} {}-{}-{}", self.digits(2), 100 + self.below(900), self.digits(2), self.digits(2));
            if self.chance(20) {
                phones.push_str(&format!(
                    "\n+7 495 {}-{}-{} доб. {}",
                    100 + self.below(900),
                    self.digits(2),
                    self.digits(2),
                    100 + self.below(900)
                ));
            }
            let mut values: Values = vec![
                ("name", text(short)),
                ("clients", text(client.to_string())),
                ("phones", text(phones)),
                ("position", text(*self.pick(&POSITIONS))),
            ];
            if self.chance(30) {
                values.push(("emails", text(format!("person{}@mail.ru", self.digits(5)))));
            }
            if place == 0 && count > 1 {
                values.push(("main", Value::Integer(1)));
            }
            let at = self.later(since);
            people.push(self.new_record(owner, at, values));
        }
    }

    fn said(&mut self, client: i64, owner: UserId, since: i64, said: &mut Vec<NewRecord>) {
        let count = if self.chance(75) { 1 + self.below(4) } else { 0 };
        let mut at = since;
        for _ in 0..count {
            at = self.later(at);
            let (kind, words, talked) = match self.below(10) {
                0..5 => {
                    let answered = self.chance(80);
                    (notes::CALL, answered.then(|| *self.pick(&CALLS)), answered)
                }
                5..7 => (notes::MEETING, Some(*self.pick(&MEETINGS)), true),
                _ => (notes::COMMENT, Some(*self.pick(&COMMENTS)), false),
            };
            let mut values: Values = vec![
                ("client", Value::Reference(client)),
                ("kind", Value::Integer(kind)),
                ("talked", Value::Integer(talked.into())),
                ("at", Value::Instant(at)),
            ];
            values.extend(words.map(|words| ("text", text(words))));
            let who = if self.chance(85) { owner } else { self.employee() };
            said.push(self.new_record(who, at, values));
        }
    }

    fn next(&mut self, client: i64, owner: UserId, since: i64, now: i64, next: &mut Vec<NewRecord>) {
        if !self.chance(35) {
            return;
        }
        let day = working_day(self.today + (self.below(24) as i64 - 2) * DAY_MS);
        let hour = 9 + self.below(10) as i64;
        let due = day - MOSCOW_MS + hour * 3_600_000;
        let date = domain::moment::Date::from_days(day / DAY_MS).iso();
        let values: Values = vec![
            ("client", Value::Reference(client)),
            ("what", Value::Integer([1, 1, 1, 2, 3][self.below(5)])),
            ("note", text(*self.pick(&STEPS))),
            ("when", Value::Instant(due)),
            ("wall", text(format!("{date}T{hour:02}:00"))),
            ("zone", text("Europe/Moscow")),
            ("responsible", Value::Reference(owner)),
        ];
        let at = self.later(since).min(now);
        next.push(self.new_record(owner, at, values));
    }
}
