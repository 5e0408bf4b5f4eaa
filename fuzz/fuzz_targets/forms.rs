//! Fields of forms, paths to go on to, and preferences.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::{
    Timestamp,
    form::{decode, safe_path},
    session::Preferences,
};

fuzz_target!(|given: (Vec<(String, String)>, u8)| {
    let (mut fields, operation) = given;
    // Most of what is behind the name of an operation is never reached by chance.
    let names = [
        "sign_in",
        "sign_out",
        "sign_out_one",
        "sign_out_all",
        "switch_session",
        "change_own_password",
        "set_preferences",
        "create_bucket",
        "delete_bucket",
        "create_folder",
        "delete_objects",
    ];
    if let Some(name) = names.get(usize::from(operation)) {
        fields.push(("op".to_owned(), (*name).to_owned()));
    }
    if let Ok(request) = decode(&fields) {
        assert!(request.path.starts_with('/'), "{}", request.path);
        assert_eq!(safe_path(&request.next), Some(request.next.as_str()));
    }
    for (_, text) in &fields {
        let kept = Preferences::from_cookie(text);
        assert_eq!(Preferences::from_cookie(&kept.to_cookie()), kept);
        if let Some(time) = Timestamp::parse(text) {
            let _ = (time.unix_millis(), time.unix_seconds());
        }
    }
});
