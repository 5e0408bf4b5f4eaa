//! What of a content is told, and in which form.

use bytes::Bytes;
use model::preview::{Content, Form, Kind, Plainer, Preview, Wanted, limit};

use super::{
    archive::unpack,
    markdown::markdown,
    origin::{Origin, SAMPLE},
    sniff::{Found, look},
    table::{self, table},
    text::{Stretch, decode, encoding, text, too_far},
    tree,
};
use crate::Error;

/// What is looked at, as far as it was read.
struct Reading {
    origin: Origin,
    entry: Option<u64>,
    name: String,
    size: u64,
    etag: Option<String>,
    stored: Option<String>,
    /// The beginning.
    first: Bytes,
}

impl Reading {
    /// Reads the beginning: of what may well be a text so much as is shown of one.
    async fn begin(origin: Origin, entry: Option<u64>) -> Result<Self, Error> {
        if let Some(entry) = entry {
            let unpacked = unpack(origin.clone(), entry).await?;
            let (name, size) = (unpacked.name.clone(), unpacked.size);
            let etag = unpacked.etag.clone();
            let first = unpacked.stretch(0, limit::TEXT).await?;
            return Ok(Self {
                origin,
                entry: Some(entry),
                name,
                size,
                etag,
                stored: None,
                first,
            });
        }
        let name = origin.key.to_string();
        let bytes = match mime_guess::from_path(&name).first() {
            Some(guess) if matches!(guess.type_().as_str(), "image" | "audio" | "video") => SAMPLE,
            Some(guess) if matches!(guess.subtype().as_str(), "pdf" | "zip") => SAMPLE,
            Some(_) => limit::TEXT,
            None => SAMPLE,
        };
        let first = origin.first(bytes).await?;
        Ok(Self {
            origin,
            entry: None,
            name,
            size: first.size,
            etag: first.head.etag,
            stored: first.head.content_type,
            first: first.bytes,
        })
    }

    /// Bytes from a place on, at most so many.
    async fn read(&self, start: u64, length: u64) -> Result<Bytes, Error> {
        let length = length.min(self.size.saturating_sub(start));
        let end = start + length;
        if end <= self.first.len() as u64 {
            // Both are at most the length of what is there.
            let place = |place: u64| usize::try_from(place).unwrap_or(self.first.len());
            return Ok(self.first.slice(place(start)..place(end)));
        }
        let Some(entry) = self.entry else {
            let etag = self.etag.as_deref();
            return self.origin.read(start, length, etag).await;
        };
        if end > limit::ENTRY_SKIPPED + limit::TEXT {
            return Err(too_far());
        }
        let unpacked = unpack(self.origin.clone(), entry).await?;
        unpacked.stretch(start, length).await
    }
}

/// Tells what a content is, and as much of it as was asked for.
pub async fn content(
    origin: Origin,
    entry: Option<u64>,
    wanted: &Wanted,
) -> Result<Preview, Error> {
    let reading = Reading::begin(origin, entry).await?;
    let sample = &reading.first[..reading.first.len().min(SAMPLE_LENGTH)];
    let found = look(sample, &reading.name, reading.stored.as_deref());
    let mut preview = Preview {
        kind: found.kind,
        content_type: found.media_type.to_string(),
        promised: found.promised.clone(),
        name: reading.name.clone(),
        size: reading.size,
        etag: reading.etag.clone(),
        plainer: None,
        content: None,
    };
    let form = match wanted.form {
        // A picture has no text; of SVG it is worth reading.
        Some(Form::Text) if !is_readable(&found) => None,
        Some(form) => Some(form),
        None => found.kind.form(),
    };
    let Some(form) = form else {
        return Ok(preview);
    };
    match special(&reading, &found, form, wanted).await? {
        Ok(content) => preview.content = Some(content),
        Err(why) => {
            preview.plainer = Some(why);
            preview.content = Some(Content::Text(stretch(&reading, wanted).await?));
        }
    }
    Ok(preview)
}

/// How many bytes of the beginning tell what it is.
const SAMPLE_LENGTH: usize = 4 * 1024;
const _: () = assert!(SAMPLE_LENGTH as u64 == SAMPLE);

fn is_readable(found: &Found) -> bool {
    found.encoding.is_some() || found.media_type == super::sniff::SVG
}

/// The content in a form of its own; or why it is told as text.
async fn special(
    reading: &Reading,
    found: &Found,
    form: Form,
    wanted: &Wanted,
) -> Result<Result<Content, Plainer>, Error> {
    let too_large = |most: u64| reading.size > most;
    Ok(match form {
        Form::Text => Ok(Content::Text(stretch(reading, wanted).await?)),
        Form::Hex => {
            let bytes = reading.read(0, limit::HEX).await?;
            Ok(Content::Hex(hcp::hex(&bytes)))
        }
        Form::Markdown if too_large(limit::MARKDOWN) => Err(Plainer::TooLarge),
        Form::Markdown => {
            let bytes = reading.read(0, limit::MARKDOWN).await?;
            let encoding = encoding(wanted.encoding.as_deref(), &bytes)?;
            let text = decode(encoding, &bytes);
            let key = reading.origin.key.as_str();
            // Names within an archive lead nowhere in the bucket.
            let key = if reading.entry.is_some() { "" } else { key };
            Ok(Content::Markdown(markdown(&text, key)))
        }
        Form::Tree if found.kind == Kind::JsonLines => {
            let bytes = lines(reading).await?;
            let value = tree::lines(
                &bytes,
                wanted.pointer.as_deref().unwrap_or_default(),
                wanted.from.unwrap_or_default(),
            );
            told(value)
        }
        Form::Tree if too_large(limit::JSON) => Err(Plainer::TooLarge),
        Form::Tree => {
            let bytes = reading.read(0, limit::JSON).await?;
            let value = tree::json(
                &bytes,
                wanted.pointer.as_deref().unwrap_or_default(),
                wanted.from.unwrap_or_default(),
            );
            told(value)
        }
        Form::Table => {
            let bytes = reading.read(0, limit::TABLE).await?;
            let is_cut = reading.size > bytes.len() as u64;
            let how = table::Wanted {
                delimiter: wanted.delimiter,
                header: wanted.header,
            };
            let encoding = encoding(wanted.encoding.as_deref(), &bytes)?;
            Ok(Content::Table(table(&bytes, is_cut, encoding, how)))
        }
    })
}

fn told(value: Result<Option<model::preview::Value>, tree::Malformed>) -> Result<Content, Plainer> {
    match value {
        Ok(value) => Ok(Content::Tree(value.unwrap_or(model::preview::Value::Null))),
        Err(tree::Malformed) => Err(Plainer::Malformed),
    }
}

/// As much of NDJSON as has so many lines as are told.
async fn lines(reading: &Reading) -> Result<Bytes, Error> {
    let mut length = limit::TEXT;
    loop {
        let bytes = reading.read(0, length.min(limit::JSON)).await?;
        let count = bytes.split(|byte| *byte == b'\n').count() - 1;
        let all = bytes.len() as u64 == reading.size || length >= limit::JSON;
        if count > limit::JSON_LINES || all {
            let whole = bytes.len() as u64 == reading.size;
            let end = bytes.iter().rposition(|byte| *byte == b'\n');
            return Ok(match end {
                // What is cut is no line.
                Some(end) if !whole => bytes.slice(..=end),
                _ => bytes,
            });
        }
        length = length.saturating_mul(4);
    }
}

/// A stretch of text.
async fn stretch(reading: &Reading, wanted: &Wanted) -> Result<model::preview::Text, Error> {
    let encoding = encoding(wanted.encoding.as_deref(), &reading.first)?;
    let start = if wanted.end {
        // Letters of two bytes begin at even places.
        reading.size.saturating_sub(limit::TEXT) & !1
    } else {
        wanted.start.unwrap_or_default().min(reading.size)
    };
    // The place may have moved by one byte: the end is still read.
    let length = limit::TEXT + u64::from(wanted.end);
    let bytes = reading.read(start, length).await?;
    let stretch = Stretch {
        bytes: &bytes,
        start,
        is_last: start + bytes.len() as u64 >= reading.size,
        skips: wanted.end && start > 0,
    };
    Ok(text(&stretch, encoding))
}
