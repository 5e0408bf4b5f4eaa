//! Splits the raw rest of a path into operation and key.
//!
//! Object keys are the raw rest of the path in the contract, and axum allows a wildcard only at the
//! end, so one catch-all per family is split here. Fixed words win over keys, as the contract says;
//! keys that collide with them are reachable by `…/object?key=`.

use http::Method;

/// An operation below `…/objects/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectRoute<'a> {
    /// The object itself: get, head, delete, upload.
    Object(&'a str),
    /// `POST {key}/copy`.
    Copy(&'a str),
    /// `GET` and `PUT {key}/acl`.
    Acl(&'a str),
    /// `POST folder`.
    Folder,
    /// `POST delete`.
    Delete,
    /// `POST presign`.
    Presign,
    /// Background work and its progress.
    Task(TaskRoute<'a>),
}

/// An operation on background work, below `…/objects/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskRoute<'a> {
    /// `POST s3_stats`.
    StartStats,
    /// `GET s3_stats/{id}`.
    Stats(&'a str),
    /// `POST download`.
    StartArchive,
    /// `GET download/{id}`.
    Archive(&'a str),
    /// `POST delete-task`.
    StartDeletion,
    /// `GET delete-task/{id}`.
    Deletion(&'a str),
    /// `POST delete-task/{id}/cancel`.
    CancelDeletion(&'a str),
    /// `POST copy-task`.
    StartCopy,
    /// `GET copy-task/{id}`.
    Copy(&'a str),
    /// `POST copy-task/{id}/cancel`.
    CancelCopy(&'a str),
}

/// An operation below `…/multipart/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MultipartRoute<'a> {
    /// `POST {key}` begins, `PUT {key}` stores a part.
    Upload(&'a str),
    /// `POST {key}/presign`.
    Presign(&'a str),
    /// `POST {key}/complete`.
    Complete(&'a str),
    /// `POST {key}/abort`.
    Abort(&'a str),
    /// `GET {key}/parts`.
    Parts(&'a str),
}

/// Splits what stands behind `…/objects/`, percent-decoded once.
pub fn split_objects<'a>(method: &Method, rest: &'a str) -> ObjectRoute<'a> {
    let suffix = |word: &str| rest.strip_suffix(word).filter(|key| !key.is_empty());
    if let Some(task) = split_tasks(method, rest) {
        return ObjectRoute::Task(task);
    }
    if *method == Method::POST {
        match rest {
            "folder" => return ObjectRoute::Folder,
            "delete" => return ObjectRoute::Delete,
            "presign" => return ObjectRoute::Presign,
            _ => {}
        }
        if let Some(key) = suffix("/copy") {
            return ObjectRoute::Copy(key);
        }
    }
    if (*method == Method::GET || *method == Method::PUT)
        && let Some(key) = suffix("/acl")
    {
        return ObjectRoute::Acl(key);
    }
    ObjectRoute::Object(rest)
}

/// The routes of background work. Those of the contract take any id; ours take only what looks like
/// one, so that keys below `copy-task/` stay reachable.
fn split_tasks<'a>(method: &Method, rest: &'a str) -> Option<TaskRoute<'a>> {
    if *method == Method::POST {
        match rest {
            "s3_stats" => return Some(TaskRoute::StartStats),
            "download" => return Some(TaskRoute::StartArchive),
            "delete-task" => return Some(TaskRoute::StartDeletion),
            "copy-task" => return Some(TaskRoute::StartCopy),
            _ => {}
        }
    }
    let (kind, rest) = rest.split_once('/')?;
    if *method == Method::POST {
        let id = rest
            .strip_suffix("/cancel")
            .filter(|id| is_one_segment(id))?;
        return match kind {
            "delete-task" => Some(TaskRoute::CancelDeletion(id)),
            "copy-task" if is_task_id(id) => Some(TaskRoute::CancelCopy(id)),
            _ => None,
        };
    }
    if *method != Method::GET || !is_one_segment(rest) {
        return None;
    }
    match kind {
        "s3_stats" => Some(TaskRoute::Stats(rest)),
        "download" => Some(TaskRoute::Archive(rest)),
        "delete-task" => Some(TaskRoute::Deletion(rest)),
        "copy-task" if is_task_id(rest) => Some(TaskRoute::Copy(rest)),
        _ => None,
    }
}

fn is_one_segment(text: &str) -> bool {
    !text.is_empty() && !text.contains('/')
}

/// Whether a text has the form of a task's id: a UUID with hyphens.
pub fn is_task_id(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

/// Splits what stands behind `…/multipart/`, percent-decoded once.
pub fn split_multipart<'a>(method: &Method, rest: &'a str) -> MultipartRoute<'a> {
    let suffix = |word: &str| rest.strip_suffix(word).filter(|key| !key.is_empty());
    if *method == Method::POST {
        if let Some(key) = suffix("/presign") {
            return MultipartRoute::Presign(key);
        }
        if let Some(key) = suffix("/complete") {
            return MultipartRoute::Complete(key);
        }
        if let Some(key) = suffix("/abort") {
            return MultipartRoute::Abort(key);
        }
    }
    if *method == Method::GET
        && let Some(key) = suffix("/parts")
    {
        return MultipartRoute::Parts(key);
    }
    MultipartRoute::Upload(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fixed_words_win_over_keys() {
        assert_eq!(split_objects(&Method::POST, "folder"), ObjectRoute::Folder);
        assert_eq!(
            split_objects(&Method::GET, "folder"),
            ObjectRoute::Object("folder")
        );
        assert_eq!(split_objects(&Method::POST, "delete"), ObjectRoute::Delete);
        assert_eq!(
            split_objects(&Method::POST, "presign"),
            ObjectRoute::Presign
        );
        assert_eq!(
            split_objects(&Method::POST, "a/b/copy"),
            ObjectRoute::Copy("a/b")
        );
        assert_eq!(
            split_objects(&Method::POST, "/copy"),
            ObjectRoute::Object("/copy")
        );
        assert_eq!(split_objects(&Method::GET, "a/acl"), ObjectRoute::Acl("a"));
        assert_eq!(
            split_objects(&Method::HEAD, "a/acl"),
            ObjectRoute::Object("a/acl")
        );
        assert_eq!(
            split_objects(&Method::DELETE, "a/acl"),
            ObjectRoute::Object("a/acl")
        );
        assert_eq!(
            split_objects(&Method::GET, "a//b/"),
            ObjectRoute::Object("a//b/")
        );
        assert_eq!(
            split_multipart(&Method::POST, "a/presign"),
            MultipartRoute::Presign("a")
        );
        assert_eq!(
            split_multipart(&Method::POST, "a/complete"),
            MultipartRoute::Complete("a")
        );
        assert_eq!(
            split_multipart(&Method::POST, "a/abort"),
            MultipartRoute::Abort("a")
        );
        assert_eq!(
            split_multipart(&Method::POST, "abort"),
            MultipartRoute::Upload("abort")
        );
        assert_eq!(
            split_multipart(&Method::GET, "a/parts"),
            MultipartRoute::Parts("a")
        );
        assert_eq!(
            split_multipart(&Method::PUT, "a/parts"),
            MultipartRoute::Upload("a/parts")
        );
    }

    #[test]
    fn tasks_take_only_their_own_paths() {
        let id = "0a1b2c3d-0000-4000-8000-00000000000f";
        let of = |method: Method, rest: &str| match split_objects(&method, rest) {
            ObjectRoute::Task(task) => format!("{task:?}"),
            other => format!("{other:?}"),
        };
        assert_eq!(of(Method::POST, "s3_stats"), "StartStats");
        assert_eq!(of(Method::GET, "s3_stats"), "Object(\"s3_stats\")");
        assert_eq!(of(Method::GET, "s3_stats/x"), "Stats(\"x\")");
        assert_eq!(of(Method::GET, "s3_stats/x/y"), "Object(\"s3_stats/x/y\")");
        assert_eq!(of(Method::POST, "download"), "StartArchive");
        assert_eq!(of(Method::GET, "download/x"), "Archive(\"x\")");
        assert_eq!(of(Method::HEAD, "download/x"), "Object(\"download/x\")");
        assert_eq!(of(Method::POST, "delete-task"), "StartDeletion");
        assert_eq!(of(Method::GET, "delete-task/x"), "Deletion(\"x\")");
        assert_eq!(
            of(Method::POST, "delete-task/x/cancel"),
            "CancelDeletion(\"x\")"
        );
        assert_eq!(
            of(Method::DELETE, "delete-task/x"),
            "Object(\"delete-task/x\")"
        );
        assert_eq!(of(Method::POST, "copy-task"), "StartCopy");
        assert_eq!(of(Method::GET, "copy-task/x"), "Object(\"copy-task/x\")");
        assert_eq!(
            of(Method::GET, &format!("copy-task/{id}")),
            format!("Copy({id:?})")
        );
        assert_eq!(
            of(Method::POST, &format!("copy-task/{id}/cancel")),
            format!("CancelCopy({id:?})")
        );
    }

    proptest! {
        #[test]
        fn a_key_without_a_route_word_is_kept(key in "[a-z0-9/ #?%]{1,40}x") {
            for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE] {
                prop_assert_eq!(split_objects(&method, &key), ObjectRoute::Object(&key));
                prop_assert_eq!(split_multipart(&method, &key), MultipartRoute::Upload(&key));
            }
        }
    }
}
