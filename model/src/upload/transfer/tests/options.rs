//! What objects are stored with goes along with whatever makes them.

use super::*;
use crate::{acl::CannedAcl, attributes::Attributes, upload::Options};

fn options() -> Options {
    Options {
        content_type: Some("image/png".to_owned()),
        attributes: Attributes {
            metadata: [("project".to_owned(), "A 7".to_owned())].into(),
            tags: [("year".to_owned(), "2026".to_owned())].into(),
            acl: Some(CannedAcl::Private),
            retention: Some("A+7y".to_owned()),
            legal_hold: true,
        },
    }
}

fn bench(size: u64, route: UploadRoute) -> Bench {
    let settings = Settings {
        route,
        ..settings()
    };
    let mut bench = Bench::with(size, "in/scan.tif", settings);
    bench.transfer.options = Arc::new(options());
    bench
}

#[test]
fn an_upload_is_begun_and_completed_with_them_and_remembers_them() {
    let mut bench = bench(300 * MB, UploadRoute::Direct);
    bench.slots();
    let begin = bench.take("begin", |action| matches!(action, Action::Begin(_)));
    let Action::Begin(request) = &begin.action else {
        unreachable!()
    };
    assert_eq!(request.body.attributes(), options().attributes);
    assert_eq!(request.body.content_type.as_deref(), Some("image/png"));
    let reply = bench.signed(request);
    bench.answer(&begin, Ok(reply));
    bench.slots();
    let record = bench.journal.values().next().unwrap().clone();
    assert_eq!(record.options, options());
    // Later parts of it say nothing of them: the upload has them.
    let put = bench.put();
    bench.answer(
        &put,
        Err(Failure::store(
            403,
            "<Code>AccessDenied</Code><Message>Request has expired</Message>",
        )),
    );
    let sign = bench.take("sign", |action| matches!(action, Action::Sign(_)));
    let Action::Sign(request) = &sign.action else {
        unreachable!()
    };
    assert!(request.body.attributes().is_empty());

    // A reload, and the store has forgotten the upload: another is begun with the same.
    let text = serde_json::to_string(&record).unwrap();
    let record: Record = serde_json::from_str(&text).unwrap();
    let moment = bench.moment();
    let mut bench = Bench::new(300 * MB);
    bench.transfer = Transfer::restored(record, settings(), moment).unwrap();
    bench.event(Event::File(file(300 * MB)));
    let list = bench.take("list", |action| matches!(action, Action::ListParts(_)));
    bench.answer(
        &list,
        Err(Failure::hako(&Problem::new(
            ErrorCode::UploadNotFound,
            "gone",
        ))),
    );
    // It may have been completed elsewhere, and was not.
    bench.confirm(None);
    bench.slots();
    let begin = bench.take("begin", |action| matches!(action, Action::Begin(_)));
    let Action::Begin(request) = &begin.action else {
        unreachable!()
    };
    assert_eq!(request.body.attributes(), options().attributes);
    let reply = bench.signed(request);
    bench.answer(&begin, Ok(reply));
    bench.slots();
    while bench.puts() > 0 || bench.has(|action| matches!(action, Action::Sign(_))) {
        bench.store_all();
        if bench.has(|action| matches!(action, Action::Sign(_))) {
            let _ = bench.sign();
        }
    }
    bench.list(vec![page(plan(300 * MB), 1..=12)]);
    bench.probe(true);
    let complete = bench.take("complete", |action| matches!(action, Action::Complete(_)));
    let Action::Complete(request) = &complete.action else {
        unreachable!()
    };
    // HCP reads these two here.
    assert_eq!(request.body.retention.as_deref(), Some("A+7y"));
    assert!(request.body.legal_hold);
}

#[test]
fn an_upload_through_hako_is_begun_with_them() {
    let mut bench = bench(300 * MB, UploadRoute::Hako);
    bench.slots();
    let create = bench.take("create", |action| matches!(action, Action::Create(_)));
    let Action::Create(request) = &create.action else {
        unreachable!()
    };
    assert_eq!(request.attributes, options().attributes);
    assert_eq!(request.content_type.as_deref(), Some("image/png"));
}

#[test]
fn a_whole_file_carries_them_either_way() {
    let mut direct = bench(MB, UploadRoute::Direct);
    direct.slots();
    let sign = direct.take("sign", |action| matches!(action, Action::SignWhole(_)));
    let Action::SignWhole(Presign(request)) = &sign.action else {
        unreachable!()
    };
    assert_eq!(request.attributes(), options().attributes);
    assert_eq!(request.content_type.as_deref(), Some("image/png"));

    let mut through = bench(MB, UploadRoute::Hako);
    through.slots();
    let put = through.put();
    let Action::Put(put) = &put.action else {
        unreachable!()
    };
    assert_eq!(put.headers, options().attributes.headers());
    assert_eq!(put.content_type.as_deref(), Some("image/png"));
}
