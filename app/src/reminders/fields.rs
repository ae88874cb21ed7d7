//! What a reminder is made of. `when` is an instant; `wall` and `zone` are what its writer meant by it, so that
//! ten o'clock stays ten o'clock when the clocks change.

use domain::fields::{Choices, Contribution, FieldSpec, Kind, ReadyView, Rollup, SectionSpec, Stamp, Take, Value};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use crate::{clients, contacts, deals};

pub const KEY: &str = "reminders";

/// Ids stand in the column: they never change their meaning.
pub const WHAT: [(&str, &str, i64); 4] =
    [("Позвонить", "Call", 1), ("Встретиться", "Meet", 2), ("Написать", "Write", 3), ("Другое", "Other", 4)];
pub const DAILY: i64 = 1;
pub const WEEKLY: i64 = 2;
pub const MONTHLY: i64 = 3;

pub fn section() -> SectionSpec {
    let repeats = Choices::of([
        ("каждый день", "every day", DAILY),
        ("каждую неделю", "every week", WEEKLY),
        ("каждый месяц", "every month", MONTHLY),
    ]);
    let view = |key: &str, ru, en, query: &str, alarm| ReadyView {
        key: key.into(),
        label: Label::new(ru, en),
        query: query.into(),
        alarm,
    };
    SectionSpec {
        key: SectionKey::built_in(KEY),
        table: KEY.into(),
        forms: Forms {
            one: Label::new("Напоминание", "Reminder"),
            many: Label::new("Напоминания", "Reminders"),
            few: Label::new("напоминания", "reminders"),
            of_many: Label::new("напоминаний", "reminders"),
        },
        title: FieldKey::built_in("note"),
        search: vec![FieldKey::built_in("note")],
        row_filters: ["note", "what", "client", "responsible", "when"].map(FieldKey::built_in).to_vec(),
        owner: Some(FieldKey::built_in("responsible")),
        feature: Some(KEY.into()),
        part_of: Some(FieldKey::built_in("client")),
        about: Some(FieldKey::built_in("about")),
        made_elsewhere: true,
        views: vec![
            view("open", "Не сделано", "Open", "done.empty=1", false),
            view("overdue", "Просрочено", "Overdue", "done.empty=1&when.older=0d", true),
        ],
        fields: vec![
            FieldSpec::number("number", Label::new("№", "No.")).in_table(),
            FieldSpec::choice("what", Choices::of(WHAT), Label::new("Что", "What")).in_table().on_card(),
            FieldSpec::new("note", Kind::Text, Label::new("О чём", "About")).in_table(),
            FieldSpec::new("when", Kind::Instant, Label::new("Когда", "When"))
                .in_column("due")
                .may_be_day()
                .by_form()
                .in_table()
                .on_card(),
            FieldSpec::record("client", clients::KEY, Label::new("Клиент", "Client")).in_table().on_card(),
            FieldSpec::new("about", Kind::Record, Label::new("К чему", "Concerns")).by_form().on_card(),
            FieldSpec::record("contact", contacts::KEY, Label::new("С кем", "With")).on_card(),
            FieldSpec::employee("responsible", Label::new("Кому", "For")).begins(Stamp::Actor).in_table().on_card(),
            FieldSpec::choice("repeats", repeats, Label::new("Повторять", "Repeat")).on_card(),
            FieldSpec::new("done", Kind::Instant, Label::new("Готово", "Done")).in_table().on_card(),
            FieldSpec::new("created", Kind::Instant, Label::new("Создано", "Created")).on_create(Stamp::Now).on_card(),
            FieldSpec::employee("created_by", Label::new("Создал", "Created by")).on_create(Stamp::Actor).on_card(),
            FieldSpec::new("updated", Kind::Instant, Label::new("Изменено", "Updated")).on_every_change(Stamp::Now),
            FieldSpec::new("wall", Kind::Text, Label::new("По часам", "By the clock")).by_form().internal(),
            FieldSpec::new("zone", Kind::Text, Label::new("Пояс", "Zone")).by_form().internal(),
        ],
        ..SectionSpec::default()
    }
}

/// What comes next with a deal.
pub fn of_deals() -> Contribution {
    let earliest = Rollup::new(KEY, "about", Take::Earliest(FieldKey::built_in("when")));
    Contribution::new(KEY, deals::KEY)
        .before(
            "responsible",
            FieldSpec::new("next_reminder", Kind::Instant, Label::new("Дальше", "Next step"))
                .rolled_up(earliest.only("done", Value::Empty))
                .may_be_day()
                .wide(204)
                .in_table(),
        )
        .view(ReadyView {
            key: "unplanned".into(),
            label: Label::new("Без напоминания", "No reminder"),
            query: "outcome=1&next_reminder.empty=1".into(),
            alarm: false,
        })
}

/// What comes next with a client.
pub fn of_clients() -> Contribution {
    let earliest = Rollup::new(KEY, "client", Take::Earliest(FieldKey::built_in("when")));
    let view = |key: &str, ru, en, query: &str, alarm| ReadyView {
        key: key.into(),
        label: Label::new(ru, en),
        query: query.into(),
        alarm,
    };
    Contribution::new(KEY, clients::KEY)
        .before(
            "segment",
            FieldSpec::new("next_reminder", Kind::Instant, Label::new("Дальше", "Next step"))
                .rolled_up(earliest.only("done", Value::Empty))
                .may_be_day()
                .wide(204)
                .in_table(),
        )
        .view(view("unplanned", "Без напоминания", "No reminder", "next_reminder.empty=1&last_touch.filled=1", false))
        .view(view("overdue", "Просрочено", "Overdue", "next_reminder.older=0d", true))
}
