//! What goes by a link: tenants with how far each is, directories of the default namespace, chained links.

use leptos::prelude::*;
use model::{
    Endpoint,
    mapi::calls::{
        ActOnLinkTenant, AddChainedLink, AddLinkDirectory, AddLinkTenant, RemoveChainedLink,
        RemoveLinkDirectory, RemoveLinkTenant,
    },
};
use serde_json::{Map, Value as Json};

use super::super::{
    Page,
    deed::{AtOnce, Choose, Deed, Grave},
    number, read_only, text, words,
};
use crate::{
    ui::Icon,
    unit,
    words::{admin, replication},
};

/// The section.
pub fn page(page: &Page, name: &str, link: &Map<String, Json>, ask: &str) -> AnyView {
    if let Some(failed) = page.failed(1) {
        return failed;
    }
    let content = page.map(1);
    let may = page.may.admin;
    let one_way = matches!(text(link, "type").as_str(), "OUTBOUND" | "INBOUND");
    // What this system has, then what the other one has and this one not.
    let candidates = |list: &str| {
        let mut all = words(&page.map(2), list);
        for one in words(&page.map(3), list) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    };
    let directories = content.contains_key("defaultNamespaceDirectories")
        || !candidates("defaultNamespaceDirectories").is_empty();
    view! {
        {read_only(may, "administrator")}
        {tenants(page, name, &words(&content, "tenants"), &candidates("tenants"), ask)}
        {one_way
            .then(|| {
                let there = words(&content, "chainedLinks");
                members(name, &CHAINED, &there, candidates("chainedLinks"), may)
            })}
        {directories
            .then(|| {
                let there = words(&content, "defaultNamespaceDirectories");
                let free = candidates("defaultNamespaceDirectories");
                members(name, &DIRECTORIES, &there, free, may)
            })}
    }
    .into_any()
}

fn tenants(page: &Page, name: &str, there: &[String], free: &[String], ask: &str) -> AnyView {
    let may = page.may.admin;
    let progress = page.list(4);
    let rows = there
        .iter()
        .enumerate()
        .map(|(at, tenant)| {
            let told = progress.get(at).and_then(Json::as_object).cloned();
            tenant_row(name, tenant, &told.unwrap_or_default(), may, ask)
        })
        .collect_view();
    let add = may.then(|| {
        let link_name = name.to_owned();
        let tenant_name = String::new();
        let path = AddLinkTenant {
            link_name,
            tenant_name,
            ..Default::default()
        }
        .path();
        add(
            name,
            "add-tenant",
            "add_tenant_to_link",
            "tenant_name",
            path,
            free,
        )
    });
    let empty = there.is_empty();
    view! {
        <section class="form-panel" data-testid="link-tenants">
            <h2>{admin::tenants()}</h2>
            {empty.then(|| view! { <p class="help">{replication::no_tenants()}</p> })}
            <ul class="members">{rows}</ul>
            {add}
        </section>
    }
    .into_any()
}

#[expect(
    clippy::too_many_lines,
    reason = "one row: what is told of a tenant, and what can be done with it"
)]
fn tenant_row(link: &str, tenant: &str, told: &Map<String, Json>, may: bool, ask: &str) -> AnyView {
    let status = text(told, "status");
    let paused = status == "PAUSED";
    let said = match status.as_str() {
        "REPLICATING" => replication::replicating(),
        "PAUSED" => replication::paused(),
        "AUTO_PAUSED" => replication::auto_paused(),
        "" => admin::unknown(),
        other => other,
    };
    let waits = |bytes: &str, objects: &str| {
        let objects = number(told, objects).map(replication::objects_counted);
        let bytes = number(told, bytes).map(unit::size);
        match (objects, bytes) {
            (Some(objects), Some(bytes)) => replication::objects_of_size(&objects, &bytes),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => replication::an_unknown_amount().to_owned(),
        }
    };
    let waiting = replication::waits_now(
        &waits("bytesPending", "objectsPending"),
        &waits("bytesPendingRemote", "objectsPendingRemote"),
    );
    let at = [("link_name", link), ("tenant_name", tenant)];
    let acts = may.then(|| {
        let names = (link.to_owned(), tenant.to_owned());
        let act = ActOnLinkTenant {
            link_name: names.0.clone(),
            tenant_name: names.1.clone(),
            ..Default::default()
        };
        let change = Deed::new(
            if paused { "resume" } else { "pause" },
            "act_on_link_tenant",
            &at,
            http::Method::POST,
            act.path(),
        );
        let change = if paused {
            change.by("resume").said(
                replication::resume(),
                String::new(),
                replication::was_asked_for(replication::resume(), tenant),
            )
        } else {
            change.by("pause").said(
                replication::pause(),
                String::new(),
                replication::was_asked_for(replication::pause(), tenant),
            )
        };
        let whom = tenant.to_owned();
        let remove = RemoveLinkTenant {
            link_name: names.0,
            tenant_name: names.1,
            ..Default::default()
        };
        let mut remove = Deed::new(
            "remove",
            "remove_tenant_from_link",
            &at,
            http::Method::DELETE,
            remove.path(),
        )
        .said(
            replication::remove(),
            replication::remove_title(tenant),
            replication::was_removed(tenant),
        );
        remove.ask = format!("remove-{tenant}");
        let asked = ask == remove.ask;
        let about = replication::removing_means(tenant);
        view! {
            <AtOnce deed=change whom />
            <Grave deed=remove asked>
                <p>{about.clone()}</p>
            </Grave>
        }
    });
    view! {
        <li data-testid="link-tenant" data-key=tenant.to_owned() data-status=status>
            <div class="min-w-0">
                <strong>
                    <bdi>{tenant.to_owned()}</bdi>
                </strong>
                " "
                <span class="chip">{said.to_owned()}</span>
                <p class="help">{waiting}</p>
            </div>
            <div class="actions">{acts}</div>
        </li>
    }
    .into_any()
}

/// A choice from what could be added, or why there is none.
fn add(
    link: &str,
    name: &'static str,
    op: &'static str,
    field: &'static str,
    path: String,
    free: &[String],
) -> AnyView {
    if free.is_empty() {
        return view! {
            <p class="note">
                <Icon name="info" />
                {replication::no_candidates()}
            </p>
        }
        .into_any();
    }
    // The name is chosen, so the path goes as far as the list.
    let list = path.trim_end_matches('/').to_owned();
    let deed = Deed::new(name, op, &[("link_name", link)], http::Method::PUT, list).said(
        replication::add(),
        String::new(),
        replication::was_added().to_owned(),
    );
    let choose = Choose {
        field,
        label: replication::what_to_add(),
        names: free.to_vec(),
    };
    view! { <AtOnce deed choose /> }.into_any()
}

/// A list of names that go by a link, and how one is added and removed.
struct Members {
    title: super::super::spec::Say,
    empty: super::super::spec::Say,
    name: &'static str,
    field: &'static str,
    add: &'static str,
    remove: &'static str,
    added: fn(&str, &str) -> String,
    removed: fn(&str, &str) -> String,
}

const CHAINED: Members = Members {
    title: replication::chained_links,
    empty: replication::no_chained_links,
    name: "add-chained",
    field: "chained_link_name",
    add: "add_chained_link",
    remove: "remove_chained_link",
    added: |link, other| {
        let (link_name, chained_link_name) = (link.to_owned(), other.to_owned());
        AddChainedLink {
            link_name,
            chained_link_name,
            ..Default::default()
        }
        .path()
    },
    removed: |link, other| {
        let (link_name, chained_link_name) = (link.to_owned(), other.to_owned());
        RemoveChainedLink {
            link_name,
            chained_link_name,
            ..Default::default()
        }
        .path()
    },
};

const DIRECTORIES: Members = Members {
    title: replication::directories,
    empty: replication::no_directories,
    name: "add-directory",
    field: "dir_name",
    add: "add_default_ns_dir_to_link",
    remove: "remove_default_ns_dir_from_link",
    added: |link, directory| {
        let (link_name, dir_name) = (link.to_owned(), directory.to_owned());
        AddLinkDirectory {
            link_name,
            dir_name,
            ..Default::default()
        }
        .path()
    },
    removed: |link, directory| {
        let (link_name, dir_name) = (link.to_owned(), directory.to_owned());
        RemoveLinkDirectory {
            link_name,
            dir_name,
            ..Default::default()
        }
        .path()
    },
};

fn members(link: &str, kind: &Members, there: &[String], free: Vec<String>, may: bool) -> AnyView {
    let rows = there
        .iter()
        .map(|one| {
            let remove = may.then(|| {
                let at = [("link_name", link), (kind.field, one)];
                let path = (kind.removed)(link, one);
                let deed = Deed::new("remove", kind.remove, &at, http::Method::DELETE, path).said(
                    replication::remove(),
                    String::new(),
                    replication::was_removed(one),
                );
                let whom = one.clone();
                view! { <AtOnce deed whom /> }
            });
            view! {
                <li data-key=one.clone()>
                    <bdi>{one.clone()}</bdi>
                    <div class="actions">{remove}</div>
                </li>
            }
        })
        .collect_view();
    let add = may.then(|| {
        add(
            link,
            kind.name,
            kind.add,
            kind.field,
            (kind.added)(link, ""),
            &free,
        )
    });
    view! {
        <section class="form-panel">
            <h2>{(kind.title)()}</h2>
            {there.is_empty().then(|| view! { <p class="help">{(kind.empty)()}</p> })}
            <ul class="members">{rows}</ul>
            {add}
        </section>
    }
    .into_any()
}
