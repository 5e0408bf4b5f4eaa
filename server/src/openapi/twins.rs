//! Every operation with the key in the path exists a second time, with the key in the query.

use utoipa::openapi::{
    OpenApi, PathItem,
    path::{Operation, ParameterIn},
};

use super::operations;

/// How the second form is told apart by its operation id.
pub(super) const MARK: &str = "_by_query";

/// What the key stands behind in the path, and what takes its place.
const FORMS: [(&str, &str); 2] = [
    (
        "/api/v1/buckets/{bucket}/objects/{key}",
        "/api/v1/buckets/{bucket}/object",
    ),
    (
        "/api/v1/buckets/{bucket}/multipart/{key}",
        "/api/v1/buckets/{bucket}/object/multipart",
    ),
];

/// Adds the second form of each.
pub(super) fn add(document: &mut OpenApi) {
    let twins: Vec<(String, PathItem)> = document
        .paths
        .paths
        .iter()
        .filter_map(|(path, item)| Some((by_query(path)?, twin(item.clone()))))
        .collect();
    for (path, item) in twins {
        match document.paths.paths.get_mut(&path) {
            Some(present) => present.merge_operations(item),
            None => {
                document.paths.paths.insert(path, item);
            }
        }
    }
}

fn by_query(path: &str) -> Option<String> {
    FORMS.iter().find_map(|(form, twin)| {
        let suffix = path.strip_prefix(form)?;
        Some(format!("{twin}{suffix}"))
    })
}

fn twin(mut item: PathItem) -> PathItem {
    for (_, operation) in operations(&mut item) {
        turn(operation);
    }
    item
}

fn turn(operation: &mut Operation) {
    if let Some(id) = &mut operation.operation_id {
        id.push_str(MARK);
    }
    if let Some(summary) = &mut operation.summary {
        summary.push_str(" (key in the query)");
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        if parameter.name == "key" {
            parameter.parameter_in = ParameterIn::Query;
            parameter.description = Some("The object's key.".to_owned());
        }
    }
}
