//! `/buckets/{b}/settings`: what is set on a bucket, and its end.
//!
//! Who may see the namespace behind the bucket has the forms of the namespace here; others have what S3 tells.

mod empty;
mod versioning;

use leptos::prelude::*;
use model::{
    BucketName, Endpoint, ErrorCode, Problem,
    mapi::{
        ComplianceSettings, Namespace, Property, Resource as _, VersioningSettings,
        calls::{ModifyComplianceSettings, ModifyNamespace, ModifyVersioningSettings},
    },
};
use serde_json::{Map, Value as Json};

use super::{
    Answers, Page, fields,
    form::{Form, ResourceForm},
    read_only,
    spec::Section,
    text,
};
use crate::{
    api,
    layout::PageTitle,
    pages::bucket_tabs::{BucketCrumbs, BucketTabs, Tab},
    ui::{Icon, LinkButton, Tone},
    urls,
    words::{self, bucket},
};
use empty::EmptyBucket;
use versioning::S3Versioning;

/// What the calls answered, by their places.
const KEEPING: usize = 0;
const NAMESPACE: usize = 1;
const TENANT: usize = 2;
const VERSIONING: usize = 3;
const COMPLIANCE: usize = 4;
const CLASSES: usize = 5;

/// Why there is nothing to show: the bucket is not there, or neither S3 nor management tells anything of it.
pub fn refusal(answers: &Answers) -> Option<Problem> {
    let mut problems = answers.iter().filter_map(|answer| answer.as_ref().err());
    if let Some(ended) = problems.find(|problem| api::needs_sign_in(problem)) {
        return Some(ended.clone());
    }
    let managed = matches!(answers.get(NAMESPACE), Some(Ok(_)));
    match answers.get(KEEPING) {
        Some(Err(problem)) if problem.code != ErrorCode::AccessDenied || !managed => {
            Some(problem.clone())
        }
        _ => None,
    }
}

/// The page.
pub fn settings(page: &Page, name: &str, ask: &str) -> AnyView {
    let managed = matches!(page.answers.get(NAMESPACE), Some(Ok(_)));
    let content = if managed {
        of_namespace(page, name)
    } else {
        of_s3(page, name)
    };
    view! {
        <div class="page">
            <BucketCrumbs bucket=name.to_owned() />
            <div class="page-head">
                <PageTitle heading=bucket::settings() title=bucket::title(name) />
            </div>
            <BucketTabs bucket=name.to_owned() here=Tab::Settings />
            {content}
            {danger(page, name, ask)}
        </div>
    }
    .into_any()
}

/// The forms of the namespace, each for those who may.
fn of_namespace(page: &Page, name: &str) -> AnyView {
    let may = page.may.admin;
    let all = urls::below(urls::NAMESPACES, name, "");
    view! {
        <p class="note">
            <Icon name="info" />
            <span>
                {bucket::is_a_namespace()} " "
                <a href=all data-testid="namespace-link">{bucket::all_settings()}</a>
            </span>
        </p>
        {read_only(may, "administrator")}
        {page
            .failed(VERSIONING)
            .unwrap_or_else(|| {
                let form = form(
                    page,
                    name,
                    "modify_versioning_settings",
                    path!(ModifyVersioningSettings, page, name),
                    VersioningSettings::PROPERTIES,
                    fields::VERSIONING,
                    page.map(VERSIONING),
                );
                view! { <ResourceForm form=form.editable(may) /> }.into_any()
            })}
        {(!may).then(|| switch(page, name))}
        {page
            .failed(COMPLIANCE)
            .unwrap_or_else(|| {
                let form = form(
                    page,
                    name,
                    "modify_compliance_settings",
                    path!(ModifyComplianceSettings, page, name),
                    ComplianceSettings::PROPERTIES,
                    fields::BUCKET_RETENTION,
                    page.map(COMPLIANCE),
                );
                let (may_too, classes) = (page.may.compliance, classes(page, name));
                view! {
                    {read_only(may_too || !may, "compliance")}
                    <ResourceForm form=form.editable(may_too)>{classes}</ResourceForm>
                }
                    .into_any()
            })}
        <ResourceForm form=form(
                page,
                name,
                "modify_namespace",
                path!(ModifyNamespace, page, name),
                Namespace::PROPERTIES,
                fields::BUCKET,
                page.map(NAMESPACE),
            )
            .editable(may) />
    }
    .into_any()
}

/// A form that changes a part of the namespace, and shows this page again.
fn form(
    page: &Page,
    name: &str,
    op: &'static str,
    path: String,
    properties: &'static [Property],
    sections: &'static [Section],
    loaded: Map<String, Json>,
) -> Form {
    let at = [("tenant_name", page.tenant.as_str()), ("ns_name", name)];
    Form::change(op, &at, path, properties, sections, loaded)
        .facts(&page.map(TENANT))
        .facts(&page.map(NAMESPACE))
}

/// The retention classes that the default can name.
fn classes(page: &Page, name: &str) -> AnyView {
    let all = page.list(CLASSES);
    let names: Vec<String> = all
        .iter()
        .filter_map(Json::as_object)
        .map(|class| format!("C+{}", text(class, "name")))
        .collect();
    let href = urls::below(urls::NAMESPACES, name, "retention-classes");
    let said = if names.is_empty() {
        bucket::no_classes().to_owned()
    } else {
        bucket::classes(&names.join(", "))
    };
    view! {
        <p class="help" data-testid="retention-classes">
            {said} " " <a href=href>{words::admin::retention_classes()}</a>
        </p>
    }
    .into_any()
}

/// What S3 tells, where there is no management or it does not answer this account.
fn of_s3(page: &Page, name: &str) -> AnyView {
    let note = if page.session.features.management {
        bucket::only_s3_for_you()
    } else {
        bucket::only_s3()
    };
    view! {
        {switch(page, name)}
        <p class="note" data-testid="only-s3">
            <Icon name="info" />
            <span>{note}</span>
        </p>
    }
    .into_any()
}

/// Whether versions are kept, and the switch of S3, where the store has it and was asked.
fn switch(page: &Page, name: &str) -> AnyView {
    let Ok(bucket) = BucketName::parse(name) else {
        return ().into_any();
    };
    let is_asked = !matches!(page.answers.get(KEEPING), Some(Ok(Json::Null)));
    if !page.session.features.versioning || !is_asked {
        return ().into_any();
    }
    let told = matches!(page.answers.get(KEEPING), Some(Ok(_)));
    let status = told.then(|| text(&page.map(KEEPING), "status"));
    view! { <S3Versioning bucket status /> }.into_any()
}

/// What takes things away.
fn danger(page: &Page, name: &str, ask: &str) -> AnyView {
    let Ok(bucket) = BucketName::parse(name) else {
        return ().into_any();
    };
    let delete = urls::with_query(urls::BUCKETS, &[("ask", "delete"), ("bucket", name)]);
    let versions = page.session.features.versioning;
    view! {
        <section class="form-panel danger-zone" aria-labelledby="danger-zone" data-testid="danger-zone">
            <h2 id="danger-zone">{bucket::danger_zone()}</h2>
            <div class="danger-row">
                <p>{bucket::empty_means()}</p>
                <EmptyBucket bucket versions asked={ask == "empty"} />
            </div>
            <div class="danger-row">
                <p>{bucket::delete_means()}</p>
                <LinkButton href=delete tone=Tone::Danger attr:data-testid="delete-bucket">
                    <Icon name="trash" />
                    {bucket::delete()}
                </LinkButton>
            </div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bucket_is_shown_as_long_as_s3_or_management_tells_something() {
        let denied = || Err(Problem::new(ErrorCode::AccessDenied, "no"));
        let gone = || Err(Problem::new(ErrorCode::BucketNotFound, "gone"));
        let told = || Ok(json!({}));
        assert_eq!(refusal(&vec![told()]), None);
        assert_eq!(refusal(&vec![told(), denied()]), None);
        assert_eq!(refusal(&vec![denied(), told()]), None);
        assert!(refusal(&vec![denied()]).is_some());
        assert!(refusal(&vec![denied(), denied()]).is_some());
        assert!(refusal(&vec![gone(), told()]).is_some());
    }
}
