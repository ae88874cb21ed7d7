//! What a base is worked with: contacts, what was said with them, and what comes next.

use app::{contacts, deals, notes, reminders};
use domain::change::{Input, Patch};
use domain::fields::Value;
use domain::ids::{FieldKey, SectionKey, UserId};
use domain::moment::DAY_MS;
use store::write::Act;

use super::{Acts, MOSCOW_MS, Maker, working_day};

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

const DEALS: [&str; 9] = [
    "Годовой договор",
    "Пробная партия",
    "Поставка, декабрь",
    "Порошковая окраска, линия 2",
    "Эмали для дверей",
    "Покраска ангаров",
    "Грунты, пробная партия",
    "Рамочный договор на год",
    "Ремонт двух магазинов",
];

type Values = Vec<(&'static str, Value)>;

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

impl Maker {
    /// Contacts, entries and reminders of the clients that these acts make. Each client has the one who made it, and
    /// when.
    pub fn day(&mut self, acts: &mut Acts, owners: &[(UserId, i64)], now: i64) {
        let makes = |(place, (_, act)): (usize, &(_, Act))| matches!(act, Act::Create { .. }).then_some(place);
        let clients: Vec<usize> = acts.iter().enumerate().filter_map(makes).collect();
        for (client, (owner, since)) in clients.into_iter().zip(owners) {
            self.people(acts, client, *owner, *since);
            self.said(acts, client, *owner, *since);
            self.next(acts, client, *owner, *since, now);
            self.deals(acts, client, *owner, *since, now);
        }
    }

    /// A record that belongs to the client that an act makes. What is switched off gets nothing.
    fn add(
        &mut self,
        acts: &mut Acts,
        section: &'static str,
        client: (&'static str, usize),
        by: (UserId, i64),
        values: Values,
    ) {
        let key = SectionKey::built_in(section);
        let context = self.context(by.0, by.1);
        if self.registry.section(&key).is_none() {
            return;
        }
        let mut fields: Vec<(FieldKey, Input)> = vec![(client.0.into(), Input::Made(client.1))];
        fields.extend(values.into_iter().map(|(key, value)| (FieldKey::from(key), Input::Value(value))));
        acts.push((context, Act::Create { section: key, patch: Patch { fields, accept: Vec::new() } }));
    }

    fn people(&mut self, acts: &mut Acts, client: usize, owner: UserId, since: i64) {
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
            let mut values: Values =
                vec![("name", text(short)), ("phones", text(phones)), ("position", text(*self.pick(&POSITIONS)))];
            if self.chance(30) {
                values.push(("emails", text(format!("person{}@mail.ru", self.digits(5)))));
            }
            if place == 0 && count > 1 {
                values.push(("main", Value::Integer(1)));
            }
            let at = self.later(since);
            self.add(acts, contacts::KEY, ("clients", client), (owner, at), values);
        }
    }

    fn said(&mut self, acts: &mut Acts, client: usize, owner: UserId, since: i64) {
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
                ("kind", Value::Integer(kind)),
                ("talked", Value::Integer(talked.into())),
                ("at", Value::Instant(at)),
            ];
            values.extend(words.map(|words| ("text", text(words))));
            let who = if self.chance(85) { owner } else { self.employee() };
            self.add(acts, notes::KEY, ("client", client), (who, at), values);
        }
    }

    /// Every third client buys. What it buys follows from its place and takes no chance of the others away.
    fn deals(&mut self, acts: &mut Acts, client: usize, owner: UserId, since: i64, now: i64) {
        let place = client as i64;
        if place % 3 != 0 {
            return;
        }
        for number in 0..1 + place / 3 % 3 {
            let turn = place * 7 + number * 5;
            let stage = [1, 2, 3, 5, 2, 4, 6, 1, 5, 3][(turn % 10) as usize];
            let made = (since + number * 9 * DAY_MS).min(now - DAY_MS).max(since);
            let moved = (made + turn % 12 * DAY_MS / 2).min(now);
            let expected = self.today / DAY_MS + turn % 40 - 6;
            let mut values: Values = vec![
                ("title", text(DEALS[(turn % DEALS.len() as i64) as usize])),
                ("stage", Value::Integer(stage)),
                ("since", Value::Instant(moved)),
                ("responsible", Value::Reference(owner)),
            ];
            if turn % 8 > 0 {
                values.push(("amount", Value::Integer((turn * 7_919 % 1_900 + 20) * 100_000)));
            }
            match stage {
                5 | 6 => values.push(("closed", Value::Instant(moved))),
                _ if turn % 5 > 0 => values.push(("expected", Value::Integer(expected))),
                _ => {}
            }
            if stage == 6 {
                values.push(("reason", Value::Integer(1 + turn % 6)));
            }
            self.add(acts, deals::KEY, ("client", client), (owner, made), values);
        }
    }

    fn next(&mut self, acts: &mut Acts, client: usize, owner: UserId, since: i64, now: i64) {
        if !self.chance(35) {
            return;
        }
        let day = working_day(self.today + (self.below(24) as i64 - 2) * DAY_MS);
        let hour = 9 + self.below(10) as i64;
        let due = day - MOSCOW_MS + hour * 3_600_000;
        let date = domain::moment::Date::from_days(day / DAY_MS).iso();
        let values: Values = vec![
            ("what", Value::Integer([1, 1, 1, 2, 3][self.below(5)])),
            ("note", text(*self.pick(&STEPS))),
            ("when", Value::Instant(due)),
            ("wall", text(format!("{date}T{hour:02}:00"))),
            ("zone", text("Europe/Moscow")),
            ("responsible", Value::Reference(owner)),
        ];
        let at = self.later(since).min(now);
        self.add(acts, reminders::KEY, ("client", client), (owner, at), values);
    }
}
