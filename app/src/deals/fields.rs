//! What a deal is made of, and what clients keep of theirs.

use domain::fields::{
    Choices, Computed, Contribution, FieldSpec, Integer, Kind, Outcome, ReadyView, Rollup, SectionSpec, Stamp, Take,
};
use domain::ids::{FieldKey, SectionKey};
use domain::words::{Forms, Label};

use crate::{clients, contacts};

pub const KEY: &str = "deals";

/// Ids stand in the column: they never change their meaning.
fn stages() -> Choices {
    Choices::steps([
        ("Новая", "New", 1, Outcome::Open),
        ("В работе", "In work", 2, Outcome::Open),
        ("Предложение", "Offer", 3, Outcome::Open),
        ("Договор", "Contract", 4, Outcome::Open),
        ("Выиграна", "Won", 5, Outcome::Won),
        ("Проиграна", "Lost", 6, Outcome::Lost),
    ])
}

/// The stage that a deal begins with.
#[cfg(feature = "ssr")]
pub const FIRST_STAGE: i64 = 1;

fn reasons() -> Choices {
    Choices::of([
        ("Дорого", "Too expensive", 1),
        ("Выбрали других", "Chose others", 2),
        ("Передумали", "Changed their mind", 3),
        ("Нет денег", "No money", 4),
        ("Долго", "Too slow", 5),
        ("Другое", "Other", 6),
    ])
}

fn outcomes() -> Choices {
    Choices::of([
        ("Открыта", "Open", Outcome::Open as i64),
        ("Выиграна", "Won", Outcome::Won as i64),
        ("Проиграна", "Lost", Outcome::Lost as i64),
    ])
}

fn view(key: &str, ru: &str, en: &str, query: &str, alarm: bool) -> ReadyView {
    ReadyView { key: key.into(), label: Label { ru: ru.into(), en: en.into() }, query: query.into(), alarm }
}

pub fn section() -> SectionSpec {
    let key = FieldKey::built_in;
    SectionSpec {
        key: SectionKey::built_in(KEY),
        table: KEY.into(),
        forms: Forms {
            one: Label::new("Сделка", "Deal"),
            many: Label::new("Сделки", "Deals"),
            few: Label::new("сделки", "deals"),
            of_many: Label::new("сделок", "deals"),
        },
        title: key("title"),
        search: ["title", "note"].map(key).to_vec(),
        row_filters: ["title", "client", "stage", "responsible", "amount"].map(key).to_vec(),
        owner: Some(key("responsible")),
        feature: Some(KEY.into()),
        part_of: Some(key("client")),
        steps: Some(key("stage")),
        views: vec![
            view("open", "Открытые", "Open", "outcome=1", false),
            view("late", "Просроченные", "Overdue", "outcome=1&expected.older=0d", true),
        ],
        fields: vec![
            FieldSpec::number("number", Label::new("№", "No.")).in_table(),
            FieldSpec::new("title", Kind::Text, Label::new("Название", "Title")).in_table(),
            FieldSpec::record("client", clients::KEY, Label::new("Клиент", "Client")).in_table().on_card(),
            FieldSpec::record("contact", contacts::KEY, Label::new("Контакт", "Contact")).on_card(),
            FieldSpec::new("amount", Kind::Money, Label::new("Сумма", "Amount")).in_table().on_card(),
            FieldSpec::choice("stage", stages(), Label::new("Этап", "Stage")).in_table(),
            FieldSpec::new("since", Kind::Instant, Label::new("На этапе с", "In stage since"))
                .computed(Computed::Since(key("stage"))),
            FieldSpec::new("expected", Kind::Date, Label::new("Ждём", "Expected")).in_table().on_card(),
            FieldSpec::employee("responsible", Label::new("Ответственный", "Responsible"))
                .begins(Stamp::Actor)
                .in_table()
                .on_card(),
            FieldSpec::choice("outcome", outcomes(), Label::new("Исход", "Outcome"))
                .computed(Computed::Outcome(key("stage"))),
            FieldSpec::new("closed", Kind::Instant, Label::new("Закрыта", "Closed"))
                .computed(Computed::Closed(key("stage")))
                .on_card(),
            FieldSpec::choice("reason", reasons(), Label::new("Почему проиграна", "Reason of loss"))
                .asked_when(Outcome::Lost)
                .on_card(),
            FieldSpec::new("reason_note", Kind::Text, Label::new("Подробнее", "In other words")).on_card(),
            FieldSpec::new("note", Kind::LongText, Label::new("О сделке", "Note")).on_card(),
            FieldSpec::new("created", Kind::Instant, Label::new("Создана", "Created")).on_create(Stamp::Now).on_card(),
            FieldSpec::employee("created_by", Label::new("Создал", "Created by")).on_create(Stamp::Actor).on_card(),
            FieldSpec::new("updated", Kind::Instant, Label::new("Изменена", "Updated")).on_every_change(Stamp::Now),
        ],
        ..SectionSpec::default()
    }
}

/// What a client is worth: deals that are open, and those that were won.
pub fn of_clients() -> Contribution {
    let kept = |take, outcome: Outcome| Rollup::new(KEY, "client", take).only("outcome", outcome.value());
    let amount = || Take::Sum(FieldKey::built_in("amount"));
    Contribution::new(KEY, clients::KEY)
        .last(
            FieldSpec::new("open_deals", Kind::Integer(Integer::ANY), Label::new("Открытые сделки", "Open deals"))
                .rolled_up(kept(Take::Count, Outcome::Open)),
        )
        .last(
            FieldSpec::new("open_sum", Kind::Money, Label::new("Открыто на", "Open for"))
                .rolled_up(kept(amount(), Outcome::Open)),
        )
        .last(
            FieldSpec::new("won_sum", Kind::Money, Label::new("Выиграно на", "Won for"))
                .rolled_up(kept(amount(), Outcome::Won)),
        )
        .last(
            FieldSpec::new("last_won", Kind::Instant, Label::new("Последняя выиграна", "Last won"))
                .rolled_up(kept(Take::Latest(FieldKey::built_in("closed")), Outcome::Won)),
        )
}
