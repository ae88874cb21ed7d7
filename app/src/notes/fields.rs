//! What an entry of the stream is made of: a comment, a call or a meeting.

use domain::fields::{
    Choices, Contribution, FieldSpec, Integer, Kind, ReadyView, Recency, Rollup, SectionSpec, Stamp, Take, Target,
    Value,
};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use crate::{clients, contacts};

pub const KEY: &str = "notes";

/// Ids stand in the column: they never change their meaning.
pub const COMMENT: i64 = 1;
pub const CALL: i64 = 2;
pub const MEETING: i64 = 3;

pub fn section() -> SectionSpec {
    let kinds =
        Choices::of([("Комментарий", "Comment", COMMENT), ("Звонок", "Call", CALL), ("Встреча", "Meeting", MEETING)]);
    SectionSpec {
        key: SectionKey::built_in(KEY),
        table: KEY.into(),
        forms: Forms {
            one: Label::new("Запись", "Entry"),
            many: Label::new("Записи", "Entries"),
            few: Label::new("записи", "entries"),
            of_many: Label::new("записей", "entries"),
        },
        title: FieldKey::built_in("text"),
        search: vec![FieldKey::built_in("text")],
        feature: Some(KEY.into()),
        inner: true,
        author: Some(FieldKey::built_in("created_by")),
        part_of: Some(FieldKey::built_in("client")),
        about: Some(FieldKey::built_in("about")),
        made_elsewhere: true,
        fields: vec![
            FieldSpec::number("number", Label::new("№", "No.")),
            FieldSpec::record("client", clients::KEY, Label::new("Клиент", "Client")).by_form(),
            FieldSpec::new("about", Kind::Record, Label::new("К чему", "Concerns")).by_form(),
            FieldSpec::choice("kind", kinds, Label::new("Что", "What")),
            FieldSpec::new("text", Kind::LongText, Label::new("Текст", "Text")).by_form(),
            FieldSpec::new("at", Kind::Instant, Label::new("Когда", "When")).by_form(),
            FieldSpec::record("contact", contacts::KEY, Label::new("С кем", "With")).by_form(),
            FieldSpec::new("talked", Kind::YesNo, Label::new("Разговор с клиентом", "Talked with the client"))
                .by_form(),
            FieldSpec::new("mentions", Kind::References(Target::Users), Label::new("Упомянуты", "Mentioned")).by_form(),
            FieldSpec::new("edited", Kind::Instant, Label::new("Текст изменён", "Text changed")).by_form(),
            FieldSpec::new("pinned", Kind::YesNo, Label::new("Закреплено", "Pinned")).by_anyone(),
            FieldSpec::new("created", Kind::Instant, Label::new("Создано", "Created")).on_create(Stamp::Now),
            FieldSpec::employee("created_by", Label::new("Записал", "Written by")).on_create(Stamp::Actor),
            FieldSpec::new("updated", Kind::Instant, Label::new("Изменено", "Updated")).on_every_change(Stamp::Now),
        ],
        ..SectionSpec::default()
    }
}

/// Days: from one to ten years.
const RHYTHM: Integer = Integer { within: Some((1, 3650)) };

/// When a client was last talked to, and how often one should.
pub fn of_clients() -> Contribution {
    let latest = || Rollup::new(KEY, "client", Take::Latest(FieldKey::built_in("at")));
    Contribution::new(KEY, clients::KEY)
        .before(
            "segment",
            FieldSpec::new("last_touch", Kind::Instant, Label::new("Общались", "Last talked"))
                .rolled_up(latest().only("talked", Value::Integer(1)))
                .recent(
                    Recency::new(
                        Label::new("ещё не общались", "never talked"),
                        Label::new(
                            "Считаются отвеченный звонок, встреча и отмеченный разговор",
                            "An answered call, a meeting and a ticked talk count",
                        ),
                    )
                    .days("rhythm")
                    .tried("last_attempt", Label::new("не дозвонились", "no answer")),
                )
                .wide(188)
                .in_table(),
        )
        .before(
            "segment",
            FieldSpec::new("last_attempt", Kind::Instant, Label::new("Не дозвонились", "No answer"))
                .rolled_up(latest().only("kind", Value::Integer(CALL)).only("talked", Value::Integer(0))),
        )
        .last(
            FieldSpec::new("rhythm", Kind::Integer(RHYTHM), Label::new("Общаться раз в … дней", "Talk every … days"))
                .on_card(),
        )
        // Whom to call: clients never talked to do not count as silent.
        .view(ReadyView {
            key: "silent".into(),
            label: Label::new("Давно не общались", "Silent"),
            query: "last_touch.older=own".into(),
            alarm: false,
        })
}
