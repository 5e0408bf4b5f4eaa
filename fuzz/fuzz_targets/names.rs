//! Names, and the rules on new ones.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::{
    BucketName, ObjectKey, TenantName, UploadId, Username,
    id::{BucketRule, folder_key},
};

fuzz_target!(|given: (&str, &str, u16)| {
    let (text, prefix, most) = given;
    if let Ok(name) = BucketName::parse(text) {
        assert_eq!(name.as_str(), text);
    }
    if let Ok(name) = TenantName::parse(text) {
        assert_eq!(name.as_str(), text);
    }
    if let Ok(name) = Username::parse(text) {
        assert_eq!(name.as_str(), text);
    }
    if let Ok(id) = UploadId::parse(text) {
        assert_eq!(id.as_str(), text);
    }
    if let Ok(key) = ObjectKey::parse(text) {
        assert!(text.ends_with(key.file_name()) || key.is_folder());
    }
    for rule in [BucketRule::Hcp, BucketRule::S3] {
        if let Ok(name) = rule.check(text) {
            assert_eq!(name.as_str(), text);
        }
    }
    if let Ok(key) = folder_key(prefix, text, most.into()) {
        assert!(key.is_folder() && key.as_str().len() <= most.into());
    }
});
