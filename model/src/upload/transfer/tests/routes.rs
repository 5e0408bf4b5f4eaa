//! What is planned and which way it goes.

use super::*;

#[test]
fn another_plan_than_ours_is_not_sent() {
    let mut bench = Bench::new(300 * MB);
    bench.slots();
    let begin = bench.take("begin", |action| matches!(action, Action::Begin(_)));
    let Action::Begin(request) = &begin.action else {
        unreachable!()
    };
    let Reply::Signed(mut signed) = bench.signed(request) else {
        unreachable!()
    };
    signed.part_size = 50 * MB;
    signed.total_parts = 6;
    bench.answer(&begin, Ok(Reply::Signed(signed)));
    assert_eq!(bench.why(), Why::PlanDiffers);
}

#[test]
fn through_hako_nothing_is_signed() {
    let through = Settings {
        route: UploadRoute::Hako,
        ..settings()
    };
    let mut bench = Bench::with(300 * MB, "in/scan.tif", through);
    bench.slots();
    let create = bench.take("create", |action| matches!(action, Action::Create(_)));
    bench.answer(
        &create,
        Ok(Reply::Created(crate::multipart::Upload {
            bucket: "raw-scans".to_owned(),
            key: "in/scan.tif".to_owned(),
            upload_id: "u-1".to_owned(),
        })),
    );
    bench.slots();
    let put = bench.put();
    let Action::Put(request) = &put.action else {
        unreachable!()
    };
    assert_eq!(
        request.to,
        Destination::Hako(
            "/api/v1/buckets/raw-scans/object/multipart?key=in%2Fscan.tif&upload_id=u-1&part_number=1"
                .to_owned()
        )
    );
    assert!(!bench.has(|action| matches!(action, Action::Sign(_))));

    let mut small = Bench::with(MB, "in/scan.tif", through);
    small.slots();
    let put = small.put();
    assert!(matches!(&put.action, Action::Put(put)
        if put.to == Destination::Hako("/api/v1/buckets/raw-scans/object?key=in%2Fscan.tif".to_owned())));
}

#[test]
fn what_hako_passes_on_is_signed_and_summed_as_what_goes_direct() {
    let through = Settings {
        route: UploadRoute::Hako,
        proxy: true,
        checksum: Some(ChecksumAlgorithm::Crc32c),
        ..settings()
    };
    let mut bench = Bench::with(300 * MB, "in/scan.tif", through);
    bench.slots();
    let begin = bench.take("begin", |action| matches!(action, Action::Begin(_)));
    let Action::Begin(request) = &begin.action else {
        unreachable!()
    };
    assert_eq!(request.body.use_proxy, Some(true));
    assert_eq!(request.body.checksum_algorithm, through.checksum);

    let mut small = Bench::with(
        MB,
        "in/scan.tif",
        Settings {
            checksum: None,
            ..through
        },
    );
    small.slots();
    let sign = small.take("sign", |action| matches!(action, Action::SignWhole(_)));
    let Action::SignWhole(request) = &sign.action else {
        unreachable!()
    };
    assert_eq!(request.0.use_proxy, Some(true));

    // No URL leads to such a key.
    let mut dotted = Bench::with(MB, "a/../b", through);
    dotted.slots();
    assert!(
        matches!(&dotted.put().action, Action::Put(put) if matches!(put.to, Destination::Hako(_)))
    );
}

#[test]
fn urls_that_were_asked_for_before_a_change_of_the_way_are_not_used() {
    let settings = Settings {
        proxy: true,
        checksum: None,
        ..settings()
    };
    let mut bench = Bench::with(300 * MB, "in/scan.tif", settings);
    bench.slots();
    let begin = bench.take("begin", |action| matches!(action, Action::Begin(_)));
    let Action::Begin(request) = &begin.action else {
        unreachable!()
    };
    bench.event(Event::Reroute(UploadRoute::Hako));
    let signed = bench.signed(request);
    bench.answer(&begin, Ok(signed));
    assert!(!bench.has(|action| matches!(action, Action::Put(_))));
    bench.slots();
    let sign = bench.take("sign", |action| matches!(action, Action::Sign(_)));
    let Action::Sign(request) = &sign.action else {
        unreachable!()
    };
    assert_eq!(request.body.use_proxy, Some(true));
    let signed = bench.signed(request);
    bench.answer(&sign, Ok(signed));
    bench.slots();
    // At the page's own address, whatever Hako takes for its own.
    assert!(matches!(&bench.put().action, Action::Put(put)
        if matches!(&put.to, Destination::Store(path) if path.starts_with('/'))));
}

#[test]
fn a_key_that_browsers_would_resolve_goes_through_hako() {
    let bench = Bench::with(MB, "a/../b", settings());
    assert_eq!(bench.transfer.route(), UploadRoute::Hako);
}

#[test]
fn files_that_fit_no_object_are_refused_at_once() {
    let refused = Transfer::new(
        BucketName::parse("raw-scans").unwrap(),
        ObjectKey::parse("x").unwrap(),
        file(crate::fit::LARGEST_OBJECT + 1),
        settings(),
        Write::Plain,
        Arc::default(),
    );
    assert_eq!(refused.unwrap_err().why, Why::TooLarge);
}

#[test]
fn presigned_urls_are_not_printed() {
    let mut bench = Bench::new(300 * MB);
    bench.begin();
    let puts: Vec<_> = bench.open.iter().collect();
    assert!(!format!("{puts:?}{:?}", bench.transfer).contains("http://store"));
}
