//! What of a path is the key, and what the operation.
#![no_main]

use http::Method;
use libfuzzer_sys::fuzz_target;
use model::route::{MultipartRoute, ObjectRoute, split_multipart, split_objects};

fuzz_target!(|rest: &str| {
    for method in [Method::GET, Method::PUT, Method::POST, Method::DELETE] {
        let (key, end) = match split_objects(&method, rest) {
            ObjectRoute::Object(key) => (key, ""),
            ObjectRoute::Copy(key) => (key, "/copy"),
            ObjectRoute::Acl(key) => (key, "/acl"),
            ObjectRoute::Folder => ("", "folder"),
            ObjectRoute::Delete => ("", "delete"),
        };
        assert_eq!(format!("{key}{end}"), rest);
        let (key, end) = match split_multipart(&method, rest) {
            MultipartRoute::Upload(key) => (key, ""),
            MultipartRoute::Presign(key) => (key, "/presign"),
            MultipartRoute::Complete(key) => (key, "/complete"),
            MultipartRoute::Abort(key) => (key, "/abort"),
            MultipartRoute::Parts(key) => (key, "/parts"),
        };
        assert_eq!(format!("{key}{end}"), rest);
    }
});
