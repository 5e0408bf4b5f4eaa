//! Names that stand for something else in the first place of a path.

/// The first segments of everything else that this server answers: the console's pages and files, the API and its
/// document, links, probes, what is passed on to the store.
const FIRST: [&str; 31] = [
    "api",
    "audit",
    "buckets",
    "credentials",
    "docs",
    "favicon.ico",
    "health",
    "icons.svg",
    "jobs",
    "l",
    "links",
    "liveness",
    "namespaces",
    "new",
    "openapi.json",
    "password",
    "people",
    "pkg",
    "preferences",
    "readiness",
    "redoc",
    "robots.txt",
    "s3",
    "search",
    "sessions",
    "sign-in",
    "sign-out",
    "system",
    "tenant",
    "transfers",
    "usage",
];

/// First segments that the console keeps for pages that are not built yet: a workspace that took one would lose its
/// address with the page.
const KEPT: [&str; 5] = ["access", "help", "metrics", "overview", "templates"];

/// Names of folders of the site, and the one that stands for no workspace.
const MORE: [&str; 2] = ["public", "worker"];

/// Whether a workspace cannot have the name here.
pub fn is_reserved(name: &str) -> bool {
    FIRST.contains(&name) || KEPT.contains(&name) || MORE.contains(&name)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;

    fn first(path: &str) -> String {
        let path = path.trim_start_matches('/');
        path.split('/').next().unwrap_or_default().to_owned()
    }

    #[test]
    fn every_first_segment_that_is_served_is_reserved() {
        let mut served = BTreeSet::new();
        for route in leptos_axum::generate_route_list(app::App) {
            served.insert(first(route.path()));
        }
        assert!(
            served.contains("buckets") && served.len() > 15,
            "{served:?}"
        );
        for text in [
            format!("{:?}", crate::routes::routes()),
            format!("{:?}", crate::routes::probes()),
            format!("{:?}", crate::openapi::pages::router("")),
        ] {
            for path in text.split("): \"/").skip(1) {
                served.insert(first(path.split('"').next().unwrap()));
            }
        }
        served.insert(first(crate::service::reach::PASSED_ON));
        served.insert(first(model::link::SHARED));
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
        for file in std::fs::read_dir(files).unwrap() {
            served.insert(file.unwrap().file_name().into_string().unwrap());
        }
        served.insert("pkg".to_owned());
        // Folders of the site are there once it was built.
        // A page that is kept for may be there already.
        let known = |name: &str| KEPT.contains(&name) || MORE.contains(&name);
        served.retain(|name| !name.is_empty() && !name.starts_with('{') && !known(name));
        let known = FIRST.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(served, known);
    }

    #[test]
    fn the_console_s_first_segments_are_no_workspaces_built_or_not() {
        let all = "access api audit buckets credentials docs health help jobs l links liveness metrics namespaces new \
            openapi.json overview password people pkg preferences public readiness redoc s3 search sessions sign-in \
            sign-out system templates tenant transfers usage favicon.ico robots.txt";
        for name in all.split_whitespace() {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["datasets", "overviews", "hel", ""] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
