//! `/buckets/{b}/cors`: which pages of other origins may call a bucket, and why one may not.

mod cards;
mod doctor;
mod document;
mod fix;
mod probe;
mod rule;
mod state;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    BucketName, ErrorCode, Problem,
    cors::{CheckCors, CorsCheck, CorsOverview, CorsQuestion, CorsSource, GetCorsOverview, names},
};
use serde::{Deserialize, Serialize};

use crate::{
    api, browser,
    layout::{Busy, PageTitle, use_session},
    pages::bucket_tabs::{BucketCrumbs, BucketTabs, Tab},
    text::visible_name,
    ui::{Button, ErrorSummary, Failure, Icon, LinkButton, Retry, Tone},
    urls::{self, Query},
    words,
    words::general,
};
use cards::Cards;
use doctor::Doctor;
use document::{Difference, Document};
use fix::FixDialog;
use rule::{RemoveDialog, RuleDialog};
use state::CorsState;

/// Where one is: a bucket, and a request that is looked into.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    bucket: String,
    asked: Option<CorsQuestion>,
}

/// What the page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Loaded {
    bucket: BucketName,
    overview: CorsOverview,
    check: Option<Result<CorsCheck, Problem>>,
}

/// The page.
#[component]
pub fn CorsPage() -> impl IntoView {
    let session = use_session();
    let params = use_params_map();
    let query = urls::query();
    let place = Memo::new(move |_| Place {
        bucket: params.with(|params| params.get_str("bucket").unwrap_or_default().to_owned()),
        asked: query.with(asked),
    });
    let loaded = Resource::new_blocking(move || place.get(), load);
    let retry = Retry::new(move || loaded.refetch());
    let busy = expect_context::<Busy>().0;
    view! {
        <Transition set_pending=busy>
            {move || Suspend::new(async move {
                let answer = match session.await {
                    Ok(_session) => loaded.await,
                    Err(problem) => Err(problem),
                };
                match answer {
                    Ok(loaded) => {
                        retry.succeeded();
                        view! { <Rules loaded /> }.into_any()
                    }
                    Err(problem) => {
                        let bucket = place.get_untracked().bucket;
                        view! { <CorsFailure problem bucket retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

async fn load(place: Place) -> Result<Loaded, Problem> {
    let Ok(bucket) = BucketName::parse(place.bucket) else {
        return Err(Problem::new(
            ErrorCode::BucketNotFound,
            general::no_such_bucket(),
        ));
    };
    let overview = GetCorsOverview {
        bucket: bucket.clone(),
    };
    let overview = api::call(overview);
    let check = place.asked.map(|question| CheckCors {
        bucket: bucket.clone(),
        question,
    });
    let check = async {
        match check {
            Some(check) => Some(api::call(check).await),
            None => None,
        }
    };
    let (overview, check) = futures::join!(overview, check);
    Ok(Loaded {
        bucket,
        overview: overview?,
        check,
    })
}

/// The request that the address asks about.
fn asked(query: &Query) -> Option<CorsQuestion> {
    let list = |name: &str| {
        query
            .get(name)
            .map(|text| names(text).map(str::to_owned).collect())
    };
    Some(CorsQuestion {
        origin: query.get("origin")?.to_owned(),
        method: query.get("method").unwrap_or(doctor::METHOD).to_owned(),
        headers: list("headers"),
        reads: list("reads").unwrap_or_else(doctor::usual_reads),
    })
}

#[component]
fn CorsFailure(problem: Problem, bucket: String, retry: Retry) -> impl IntoView {
    let shown = visible_name(&bucket);
    view! {
        <div class="page">
            <BucketCrumbs bucket />
            <PageTitle heading=words::cors::page() title=words::cors::page_of(&shown) />
            <Failure problem missing=words::cors::no_such_bucket(&shown) retry />
        </div>
    }
}

#[component]
fn Rules(loaded: Loaded) -> impl IntoView {
    let bucket = loaded.bucket.to_string();
    let state = CorsState::new(loaded, &urls::query().get_untracked());
    browser::guard_leaving(Signal::derive(move || state.is_changed()));
    view! {
        <div class="page">
            <BucketCrumbs bucket=bucket.clone() />
            <div class="page-head">
                <PageTitle heading=words::cors::page() title=words::cors::page_of(&bucket) />
                <div class="page-actions" data-testid="page-actions">
                    <AddButton state />
                </div>
            </div>
            <BucketTabs bucket here=Tab::Cors />
            <p class="help">{words::cors::what_for()}</p>
            <Source state />
            <ErrorSummary problem=state.problem />
            <Show
                when=move || !state.rules().is_empty()
                fallback=move || view! { <Empty state /> }
            >
                <Cards state />
            </Show>
            <SaveBar state />
            <TenantRules state />
            <Document state />
            <Doctor state />
            <RuleDialog state />
            <RemoveDialog state />
            <FixDialog state />
        </div>
    }
}

/// A new rule: a link to its form, which opens in place where there are scripts.
#[component]
fn AddButton(state: CorsState) -> impl IntoView {
    state.can_configure().then(|| {
        view! {
            <a
                data-stays=""
                href=state.asking("add", None)
                class="button button-primary"
                data-testid="cors-add"
                on:click=move |event| {
                    event.prevent_default();
                    state.edit_new();
                }
            >
                <Icon name="plus" />
                {words::cors::add_rule()}
            </a>
        }
    })
}

/// Which document decides.
#[component]
fn Source(state: CorsState) -> impl IntoView {
    let line = move || {
        let (source, tenant) = state
            .saved
            .with(|saved| (saved.source, saved.tenant_rules.len()));
        match source {
            CorsSource::Bucket if tenant > 0 => words::cors::source_bucket_over_tenant(),
            CorsSource::Bucket => words::cors::source_bucket(),
            CorsSource::Tenant => words::cors::source_tenant(),
            CorsSource::None => words::cors::source_none(),
            CorsSource::Unknown => words::cors::source_unknown(),
        }
    };
    let source = move || {
        state.saved.with(|saved| match saved.source {
            CorsSource::Bucket => "bucket",
            CorsSource::Tenant => "tenant",
            CorsSource::None => "none",
            CorsSource::Unknown => "unknown",
        })
    };
    view! {
        <p class="note" data-testid="cors-source" data-source=source>
            <Icon name="info" />
            <span>{line}</span>
        </p>
        {(!state.can_configure())
            .then(|| {
                view! {
                    <p class="note" data-testid="read-only-note">
                        <Icon name="lock" />
                        <span>{words::cors::read_only()}</span>
                    </p>
                }
            })}
    }
}

#[component]
fn Empty(state: CorsState) -> impl IntoView {
    let of_tenant = move || state.saved.with(|saved| saved.source == CorsSource::Tenant);
    view! {
        <section class="notice" data-testid="state-empty">
            <Icon name="globe" />
            <h2>
                {move || {
                    if of_tenant() { words::cors::no_own_rule() } else { words::cors::no_rule() }
                }}
            </h2>
            {move || (!of_tenant()).then(|| view! { <p>{words::cors::no_rule_means()}</p> })}
            {state
                .can_configure()
                .then(|| {
                    view! {
                        <div class="actions">
                            <fix::ConfigureButton state />
                            <LinkButton
                                href=state.asking("add", None)
                                attr:data-stays=""
                                press=move |event: leptos::ev::MouseEvent| {
                                    event.prevent_default();
                                    state.edit_new();
                                }
                            >
                                {words::cors::add_rule()}
                            </LinkButton>
                            {move || of_tenant().then(|| view! { <CopyTenant state /> })}
                        </div>
                    }
                })}
        </section>
    }
}

/// The tenant's rules become the bucket's own.
#[component]
fn CopyTenant(state: CorsState) -> impl IntoView {
    view! {
        <form
            method="post"
            action=state.here()
            on:submit=move |event| {
                event.prevent_default();
                state.copy_tenant();
            }
        >
            <state::PlainFields state change="copy_tenant" />
            <button type="submit" class="button button-plain" data-testid="cors-copy-tenant">
                <Icon name="copy" />
                {words::cors::copy_tenant()}
            </button>
        </form>
    }
}

/// The tenant's rules, to be read: they hold, or are hidden by the bucket's own.
#[component]
fn TenantRules(state: CorsState) -> impl IntoView {
    move || {
        let (rules, holds) = state.saved.with(|saved| {
            let holds = saved.source == CorsSource::Tenant;
            (saved.tenant_rules.clone(), holds)
        });
        (!rules.is_empty()).then(|| {
            let summary = if holds {
                words::cors::tenant_rules(rules.len() as u64)
            } else {
                words::cors::tenant_rules_hidden(rules.len() as u64)
            };
            view! {
                <details class="cors-tenant" open=holds data-testid="cors-tenant">
                    <summary>{summary}</summary>
                    <ol class="cors-rules">
                        {rules
                            .into_iter()
                            .map(|rule| {
                                view! { <li class="cors-rule">{cards::facts(&rule)}</li> }
                            })
                            .collect_view()}
                    </ol>
                </details>
            }
        })
    }
}

/// What is not saved yet, as the difference of the documents, and the two ways on.
#[component]
fn SaveBar(state: CorsState) -> impl IntoView {
    let reason = Signal::derive(move || state.busy.get().then(words::cors::saving));
    view! {
        <Show when=move || state.is_changed()>
            <section class="cors-save" data-testid="save-bar" aria-label=words::cors::not_saved()>
                <p class="font-semibold">{words::cors::not_saved()}</p>
                {move || {
                    let (before, after) = (state.base(), state.rules());
                    view! {
                        <Difference before after=after.clone() />
                        {after
                            .is_empty()
                            .then(|| view! { <p class="note"><Icon name="alert" /><span>{words::cors::document_goes()}</span></p> })}
                    }
                }}
                <div class="save-buttons">
                    <Button attr:data-testid="reset" press=move |_| state.reset()>
                        {words::cors::reset()}
                    </Button>
                    <Button
                        tone=Tone::Primary
                        reason
                        attr:data-testid="save"
                        press=move |_| state.save()
                    >
                        {words::cors::save()}
                    </Button>
                </div>
            </section>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_asks_about_a_request() {
        let query =
            Query::parse("origin=https%3A%2F%2Fa.example&method=GET&headers=x-a%2C+x-b&reads=ETag");
        let question = asked(&query).unwrap();
        assert_eq!(question.origin, "https://a.example");
        assert_eq!(question.method, "GET");
        assert_eq!(question.headers.unwrap(), ["x-a", "x-b"]);
        assert_eq!(question.reads, ["ETag"]);
        let bare = asked(&Query::parse("origin=https%3A%2F%2Fa.example")).unwrap();
        assert_eq!((bare.method.as_str(), bare.headers), ("PUT", None));
        assert_eq!(bare.reads, ["ETag"]);
        assert_eq!(asked(&Query::parse("method=GET")), None);
    }
}
