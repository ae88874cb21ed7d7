//! The plus: makes a record and opens its page. A form of its own, since forms do not nest.

use domain::fields::Deed;
use domain::fields::SectionSpec;
use domain::ids::FieldKey;
use domain::list::ListQuery;
use domain::words::Word;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::card::api::create;
use crate::frame::{frame, word};
use crate::key;
use crate::refusal::Refusal;
use crate::ui::{Icon, Sign, form_of, pairs_of};

/// `given` is what the new record begins with.
#[component]
pub fn PlusForm(
    section: SectionSpec,
    #[prop(optional, into)] given: Signal<Vec<(FieldKey, String)>>,
    /// A button of its own, with what the record is to begin with.
    #[prop(optional)]
    named: Option<(FieldKey, String)>,
) -> impl IntoView {
    if section.made_elsewhere || !frame().access(&section.key).may(Deed::Create) {
        return None;
    }
    let (busy, set_busy) = signal(false);
    let failed = RwSignal::new(None::<Refusal>);
    let navigate = StoredValue::new(use_navigate());
    let path = format!("/{}", section.key);
    let is_main = named.is_none();
    let label = match &named {
        Some((_, value)) => format!("{} «{value}»", word(Word::Create)),
        None => section.forms.one.get(frame().lang).to_string(),
    };
    let submit = {
        let (title, named) = (section.title.to_string(), named.clone());
        let (section, path) = (section.key.to_string(), path.clone());
        move |event: SubmitEvent| {
            let Some(form) = form_of(event.target()) else { return };
            event.prevent_default();
            // Pressed once more while the page goes away.
            if busy.try_get_untracked().unwrap_or(true) {
                return;
            }
            set_busy.set(true);
            let given = pairs_of(&form).into_iter().filter(|(name, _)| !name.starts_with('_'));
            let given =
                given.map(|(name, value)| (FieldKey::from(name.as_str()), value)).chain(named.clone()).collect();
            let key = key::of_form(&form);
            let (section, path, title) = (section.clone(), path.clone(), title.clone());
            leptos::task::spawn_local(async move {
                match create(section, given, key).await {
                    Ok(id) => {
                        // The page that opens ends this one, and the press with it.
                        let address = format!("{path}/{id}?edit={title}");
                        navigate.try_with_value(|go| go(&address, NavigateOptions::default()));
                    }
                    Err(refusal) => {
                        failed.try_set(Some(refusal));
                        set_busy.try_set(false);
                    }
                }
            });
        }
    };
    let (name, value) = named.map(|(field, value)| (field.to_string(), value)).unzip();
    let hidden = move || {
        let inputs = given.get().into_iter();
        inputs.map(|(field, value)| view! { <input type="hidden" name=field.to_string() value=value/> }).collect_view()
    };
    Some(view! {
        <form class="plus" method="post" action=path on:submit=submit>
            <input type="hidden" name=key::NAME value=key::fresh()/>
            {hidden}
            <button class="btn" class:p=is_main name=name value=value title=label.clone() aria-label=label.clone() aria-busy=move || busy.get().to_string()>
                {is_main.then(|| view! { <Icon sign=Sign::Plus/> })}
                <span class:d=is_main>{label.clone()}</span>
            </button>
            {move || failed.get().map(|refusal| view! { <p class="hint" role="alert">{refusal.sentence(frame().lang)}</p> })}
        </form>
    })
}

/// What a record made from this list begins with.
pub fn presets(section: &SectionSpec, query: &ListQuery) -> Vec<(FieldKey, String)> {
    query
        .presets(section, &frame().access(&section.key))
        .map(|(field, typed)| (field.clone(), typed.to_string()))
        .collect()
}
