//! The lists that a section has from the beginning, as far as the switch «Мои · Все» lets them.

use domain::fields::{Section, SectionSpec};
use domain::list::{Condition, ListQuery, pairs};
use store::Conn;

use super::view::ViewTab;
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::values::count::count_text;

/// «Мои»
pub fn is_mine(section: &SectionSpec, condition: &Condition) -> bool {
    let own = section.field(&condition.field).is_some_and(|field| field.kind.own() == condition.op);
    own && condition.group.is_none() && section.owner.as_ref() == Some(&condition.field) && condition.typed == ["me"]
}

/// The whole list and the ready ones.
pub async fn tabs(
    conn: &mut Conn,
    asked: &Asked,
    section: &Section,
    query: &ListQuery,
) -> Result<Vec<ViewTab>, Refusal> {
    let lang = asked.lang;
    let mine = query.conditions.iter().find(|condition| is_mine(section, condition));
    let midnight = |date| asked.midnight(date);
    let reader = asked.of_list(&midnight);
    let whole = (section.forms.many.get(lang).to_string(), ListQuery::default(), false);
    let ready = section
        .views
        .iter()
        .map(|view| (view.label.get(lang).to_string(), ListQuery::parse(section, &pairs(&view.query)).0, view.alarm));
    let mut tabs: Vec<ViewTab> = Vec::new();
    for (label, mut view, alarm) in std::iter::once(whole).chain(ready) {
        view.conditions.extend(mine.cloned());
        let count = store::list::count_of(conn, section, &view, &reader).await?;
        // Other filters make a list narrower, not another one.
        let own = view.conditions.iter().filter(|condition| !mine.is_some_and(|mine| mine == *condition));
        let on = own.clone().count() > 0 && own.clone().all(|condition| query.conditions.contains(condition));
        tabs.push(ViewTab {
            label,
            href: format!("/{}{}", section.key, view.print(section)),
            count: count_text(count),
            on,
            alarm: alarm && count.records > 0,
        });
    }
    let none = !tabs.iter().any(|tab| tab.on);
    if let Some(whole) = tabs.first_mut() {
        whole.on = none;
    }
    Ok(tabs)
}
