//! Checksums in a browser, by the built worker, which the page that runs this names as the console's do.

use futures::future::join_all;
use js_sys::{Array, Uint8Array};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::upload::turn::turn;

const PIECE: usize = 4_194_304;

fn file(bytes: &[u8]) -> File {
    let parts = Array::of1(&Uint8Array::from(bytes));
    File::new_with_u8_array_sequence(&parts, "file").unwrap()
}

fn checksums_by(script: Option<&str>) -> Checksums {
    let script = script.map(ToOwned::to_owned);
    Checksums {
        parts: Pool::new(script.clone(), HELPERS),
        whole: Pool::new(script, 1),
    }
}

async fn crc(checksums: &Checksums, file: &File, range: Range<u64>) -> Result<String, Fault> {
    let sum = checksums
        .part(file, range, ChecksumAlgorithm::Crc32c)
        .await?;
    Ok(serde_json::to_value(&sum).unwrap()["value"]
        .as_str()
        .unwrap()
        .to_owned())
}

/// Collects what is said of a whole file.
fn listen() -> (Rc<RefCell<Vec<WholeFile>>>, impl Fn(WholeFile) + 'static) {
    let said = Rc::new(RefCell::new(Vec::new()));
    let says = Rc::clone(&said);
    (said, move |word| says.borrow_mut().push(word))
}

async fn end(said: &RefCell<Vec<WholeFile>>) {
    while !matches!(
        said.borrow().last(),
        Some(WholeFile::Sha256(_) | WholeFile::Failed(_))
    ) {
        turn().await;
    }
}

#[wasm_bindgen_test]
async fn parts_have_their_checksums_however_many_at_once() {
    let checksums = Checksums::new();
    let file = file(b"xx123456789yy");
    // The check value of CRC-32C is e3069283.
    let many = (0..12).map(|_| crc(&checksums, &file, 2..11));
    for sum in join_all(many).await {
        assert_eq!(sum.as_deref(), Ok("4waSgw=="));
    }
    assert_eq!(
        crc(&checksums, &file, 5..5).await.as_deref(),
        Ok("AAAAAA==")
    );
    let md5 = checksums
        .part(&file, 2..11, ChecksumAlgorithm::Md5)
        .await
        .unwrap();
    let md5 = serde_json::to_value(&md5).unwrap();
    assert_eq!(md5["value"], "JfnnlDI7RTiF9RgfG2JNCw==");
    assert!(checksums.parts.made.get() <= HELPERS);
    checksums.rest();
    assert_eq!(checksums.parts.made.get(), 0);
    assert_eq!(
        crc(&checksums, &file, 2..11).await.as_deref(),
        Ok("4waSgw==")
    );
}

#[wasm_bindgen_test]
async fn bytes_that_are_not_there_are_unreadable() {
    let checksums = Checksums::new();
    let file = file(b"abc");
    assert_eq!(crc(&checksums, &file, 0..4).await, Err(Fault::Unreadable));
    assert_eq!(
        crc(&checksums, &file, 0..3).await.as_deref(),
        Ok("Nks/tw==")
    );
}

#[wasm_bindgen_test]
async fn without_a_worker_checksums_are_unavailable() {
    let file = file(b"abc");
    let none = checksums_by(None);
    assert_eq!(crc(&none, &file, 0..3).await, Err(Fault::Unavailable));
    let missing = checksums_by(Some("/worker/none.js"));
    let many = (0..5).map(|_| crc(&missing, &file, 0..3));
    assert_eq!(join_all(many).await, [const { Err(Fault::Unavailable) }; 5]);
    let (said, says) = listen();
    let _computing = missing.whole(&file, says);
    end(&said).await;
    assert_eq!(*said.borrow(), [WholeFile::Failed(Fault::Unavailable)]);
}

#[wasm_bindgen_test]
async fn a_whole_file_is_told_piece_by_piece() {
    let checksums = Checksums::new();
    let (said, says) = listen();
    let _computing = checksums.whole(&file(&vec![0; 2 * PIECE + 1]), says);
    end(&said).await;
    let piece = PIECE as u64;
    let sha256 = "4459f957d031a8b782dfee09d2c7070a4b5e6c33130a8f20ac35393fd97fc57a";
    assert_eq!(
        *said.borrow(),
        [
            WholeFile::Done(piece),
            WholeFile::Done(2 * piece),
            WholeFile::Sha256(sha256.to_owned())
        ]
    );
}

#[wasm_bindgen_test]
async fn a_whole_file_that_nobody_wants_any_more_is_not_read_on() {
    let checksums = Checksums::new();
    let (first, says) = listen();
    let computing = checksums.whole(&file(&vec![1; 16 * PIECE]), says);
    while first.borrow().is_empty() {
        turn().await;
    }
    drop(computing);
    let heard = first.borrow().len();
    let (second, says) = listen();
    let _computing = checksums.whole(&file(b"abc"), says);
    end(&second).await;
    assert_eq!(first.borrow().len(), heard, "it was told of after its end");
    assert!(heard < 15, "it was at its end before");
}
