//! A new topology: links are chosen, and the drawing says which one is missing.

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::{
        EcTopology, Resource as _, TopologyType, Word as _, calls::CreateTopology, edit::BEFORE,
    },
};
use serde_json::{Map, Value as Json, json};

use super::{
    super::{
        Page,
        form::{Form, ResourceForm},
        frame, read_only,
    },
    NEW, Part, Shape, address, candidates, crumbs, drawing,
    shape::Verdict,
    type_word,
};
use crate::{outcome::Outcome, ui::Icon, words::coding};

const OP: &str = "create_ec_topology";

/// The page.
pub fn page(page: &Page) -> AnyView {
    let all: Vec<Part> = candidates(page, 0).iter().map(Part::of).collect();
    let content = if all.is_empty() {
        view! {
            <section class="notice" data-testid="state-empty">
                <Icon name="info" />
                <p>{coding::no_links()}</p>
            </section>
        }
        .into_any()
    } else {
        form(page, all)
    };
    frame(
        crumbs(),
        coding::new_topology(),
        coding::new_topology().to_owned(),
        ().into_any(),
        Vec::new(),
        view! {
            {read_only(page.may.admin, "administrator")}
            {content}
        }
        .into_any(),
    )
}

fn form(page: &Page, all: Vec<Part>) -> AnyView {
    let more = RwSignal::new(Map::new());
    let path = CreateTopology::default().path();
    let mut form = Form::change(OP, &[], path, EcTopology::PROPERTIES, NEW, Map::new())
        .creating(
            coding::create_topology(),
            address(model::form::NAME, "").replace(
                &model::endpoint::encode(model::form::NAME),
                model::form::NAME,
            ),
            coding::the_topology_was_created(),
        )
        .editable(page.may.admin);
    form.more = Some(more);
    view! {
        <ResourceForm form>
            <Links all more />
        </ResourceForm>
    }
    .into_any()
}

/// The choice of links and of the type, with the drawing.
#[component]
fn Links(all: Vec<Part>, more: RwSignal<Map<String, Json>>) -> impl IntoView {
    let typed = Outcome::fields(OP).unwrap_or_default();
    let was_chosen = |name: &str| {
        typed
            .iter()
            .any(|(field, value)| field.starts_with("replicationLinks.") && value == name)
    };
    let chosen: Vec<RwSignal<bool>> = all
        .iter()
        .map(|part| RwSignal::new(was_chosen(&part.name)))
        .collect();
    let ring = typed
        .iter()
        .any(|(field, value)| field == "type" && value == TopologyType::Ring.as_str());
    let kind = RwSignal::new(if ring {
        TopologyType::Ring
    } else {
        TopologyType::FullyConnected
    });
    let shape = {
        let (all, chosen) = (all.clone(), chosen.clone());
        Memo::new(move |_| {
            let picked = all.iter().zip(&chosen).filter(|(_, chosen)| chosen.get());
            let picked: Vec<Part> = picked.map(|(part, _)| part.clone()).collect();
            (Shape::of(&picked, kind.get()), picked)
        })
    };
    let is_forced = Memo::new(move |_| {
        shape.with(|(shape, picked)| !picked.is_empty() && shape.forced().is_some())
    });
    Effect::new(move |_| {
        shape.with(|(shape, picked)| {
            let kind = shape.forced().unwrap_or(kind.get());
            let links: Vec<Json> = picked
                .iter()
                .map(|part| json!({"name": part.name}))
                .collect();
            more.set(Map::from_iter([
                ("type".to_owned(), kind.as_str().into()),
                (
                    "replicationLinks".to_owned(),
                    json!({"replicationLink": links}),
                ),
            ]));
        });
    });
    let boxes = all
        .iter()
        .zip(chosen)
        .enumerate()
        .map(|(at, (part, chosen))| {
            let field = format!("replicationLinks.{at}.name");
            view! {
                <input type="hidden" name=format!("{BEFORE}{field}") value="" />
                <label class="check-line">
                    <input
                        type="checkbox"
                        name=field
                        value=part.name.clone()
                        data-testid="topology-candidate"
                        checked=chosen.get_untracked()
                        prop:checked=move || chosen.get()
                        on:change=move |event| chosen.set(event_target_checked(&event))
                    />
                    <span>
                        {part.name.clone()} " "
                        <span class="help">{part.systems.join(" – ")}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    let types = [TopologyType::FullyConnected, TopologyType::Ring]
        .into_iter()
        .map(|one| {
            let disabled = move || one == TopologyType::Ring && is_forced.get();
            view! {
                <label class="check-line">
                    <input
                        type="radio"
                        name="type"
                        value=one.as_str()
                        checked=kind.get_untracked() == one
                        prop:checked=move || {
                            let forced = is_forced.get().then_some(TopologyType::FullyConnected);
                            forced.unwrap_or(kind.get()) == one
                        }
                        disabled=disabled
                        on:change=move |_| kind.set(one)
                    />
                    <span>{type_word(one.as_str())}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <section class="form-panel">
            <h2>{coding::links_of_it()}</h2>
            <p class="help">{coding::links_about()}</p>
            <input type="hidden" name=format!("{BEFORE}type") value="" />
            <fieldset class="consequences">
                <legend>{coding::type_of_it()}</legend>
                {types}
                <p class="help" hidden=move || !is_forced.get() data-testid="type-forced">
                    {coding::three_force()}
                </p>
            </fieldset>
            <fieldset class="consequences">
                <legend>{coding::candidates()}</legend>
                {boxes}
            </fieldset>
            {move || shape.with(|(shape, _)| drawing(shape))}
            <ul class="verdict" data-testid="topology-verdict" aria-live="polite">
                {move || {
                    shape
                        .with(|(shape, _)| {
                            let class = match shape.verdict() {
                                Verdict::Fits => "alert alert-info",
                                Verdict::Count(_) | Verdict::Broken | Verdict::Untold => {
                                    "alert alert-warn"
                                }
                            };
                            shape
                                .sentences()
                                .into_iter()
                                .map(|said| view! { <li class=class>{said}</li> })
                                .collect_view()
                        })
                }}
            </ul>
        </section>
    }
}
