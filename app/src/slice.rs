use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct SlicePage { number: Resource<i32> }

#[lazy_route]
impl LazyRoute for SlicePage {
    fn data() -> Self { Self { number: Resource::new(|| (), |_| async { 41 }) } }
    fn view(this: Self) -> AnyView {
        let count = RwSignal::new(0);
        view! {
            <h1>"slice"</h1>
            <input name="x" value="server"/>
            <Suspense><p>{move || Suspend::new(async move { this.number.await })}</p></Suspense>
            <button on:click=move |_| count.update(|n| *n += 1)>{move || count.get()}</button>
        }.into_any()
    }
}
