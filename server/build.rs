//! Takes the two files of Swagger UI that are served out of its archive, still compressed.
//!
//! An entry of a ZIP archive is the same stream of bytes as a gzip file without its frame, so nothing
//! is unpacked, and nothing is compressed.
#![expect(clippy::expect_used, reason = "a build that cannot go on says why")]
#![expect(
    clippy::disallowed_methods,
    reason = "cargo talks to build scripts by the environment"
)]

use std::{env, fs, path::Path};

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED as ARCHIVE;

/// The files that the page at `/docs` uses.
const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    for file in FILES {
        let entry = Entry::find(&format!("/dist/{file}")).expect("the archive holds Swagger UI");
        fs::write(Path::new(&out).join(format!("{file}.gz")), entry.gzip())
            .expect("the build's folder is writable");
    }
}

/// One file of the archive, as its directory describes it.
struct Entry {
    crc: u32,
    compressed: usize,
    size: u32,
    offset: usize,
}

impl Entry {
    /// Looks through the archive's directory for the file whose name ends so.
    fn find(suffix: &str) -> Option<Self> {
        let end = ARCHIVE.windows(4).rposition(|w| w == b"PK\x05\x06")?;
        let mut at = number(end + 16)? as usize;
        while ARCHIVE.get(at..at + 4)? == b"PK\x01\x02" {
            let name_length = usize::from(short(at + 28)?);
            let name = ARCHIVE.get(at + 46..at + 46 + name_length)?;
            if name.ends_with(suffix.as_bytes()) && short(at + 10)? == DEFLATE {
                return Some(Self {
                    crc: number(at + 16)?,
                    compressed: number(at + 20)? as usize,
                    size: number(at + 24)?,
                    offset: number(at + 42)? as usize,
                });
            }
            at += 46 + name_length + usize::from(short(at + 30)?) + usize::from(short(at + 32)?);
        }
        None
    }

    /// The file in gzip's frame.
    fn gzip(&self) -> Vec<u8> {
        let lengths = [26, 28].map(|at| short(self.offset + at).map_or(0, usize::from));
        let start = self.offset + 30 + lengths.iter().sum::<usize>();
        let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
        out.extend(
            ARCHIVE
                .get(start..start + self.compressed)
                .unwrap_or_default(),
        );
        out.extend(self.crc.to_le_bytes());
        out.extend(self.size.to_le_bytes());
        out
    }
}

/// The method of compression that gzip has too.
const DEFLATE: u16 = 8;

fn short(at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(
        ARCHIVE.get(at..at + 2)?.try_into().ok()?,
    ))
}

fn number(at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        ARCHIVE.get(at..at + 4)?.try_into().ok()?,
    ))
}
