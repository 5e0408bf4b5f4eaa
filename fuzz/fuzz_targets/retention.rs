//! Retention values, and the times they come to.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::retention::{Retention, Times};

fuzz_target!(|given: (&str, i64, i64, i64)| {
    let (text, stored, retention, now) = given;
    let Ok(read) = text.parse::<Retention>() else {
        return;
    };
    if let Retention::Offset(offset) = &read {
        let _ = offset.end(Times {
            stored,
            retention,
            now,
        });
        let again = offset.to_string().parse();
        assert_eq!(again, Ok(Retention::Offset(*offset)), "{text}");
    }
});
