//! Takes the two files of Swagger UI that are served out of its archive, still compressed.
//!
//! An entry of a ZIP archive is the same stream of bytes as a gzip file without its frame, so nothing
//! is unpacked, and nothing is compressed.
#![expect(clippy::expect_used, reason = "a build that cannot go on says why")]
#![expect(
    clippy::disallowed_methods,
    reason = "cargo talks to build scripts by the environment"
)]

use std::{
    env, fs,
    io::{Cursor, Read as _},
    path::Path,
};

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::{CompressionMethod, ZipArchive};

/// The files that the page at `/docs` uses.
const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let mut archive =
        ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).expect("the archive can be read");
    for file in FILES {
        let gzip = gzip(&mut archive, &format!("/dist/{file}")).expect("the archive has the file");
        fs::write(Path::new(&out).join(format!("{file}.gz")), gzip)
            .expect("the build's folder is writable");
    }
}

/// The file whose name ends so, in gzip's frame (RFC 1952).
fn gzip(archive: &mut ZipArchive<Cursor<&[u8]>>, suffix: &str) -> Option<Vec<u8>> {
    for index in 0..archive.len() {
        let mut entry = archive.by_index_raw(index).ok()?;
        let is_wanted = entry.name().is_ok_and(|name| name.ends_with(suffix));
        if !is_wanted || entry.compression() != CompressionMethod::Deflated {
            continue;
        }
        let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
        entry.read_to_end(&mut out).ok()?;
        out.extend(entry.crc32().to_le_bytes());
        out.extend(u32::try_from(entry.size()).ok()?.to_le_bytes());
        return Some(out);
    }
    None
}
