//! A form as it comes in: its fields, then its file as a stream.

use std::{
    ops::RangeInclusive,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use axum::{body::BodyDataStream, extract::Request, http::header::CONTENT_TYPE};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use multer::{Field, Multipart};
use s3s::{S3Error, S3Result, StdError, s3_error};

use super::policy::Fields;

/// What may come in before the file, and after it, in bytes: these parts are kept in memory.
const AROUND_MAX: u64 = 1024 * 1024;

/// Why the size of a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SizeFault {
    TooLarge,
    TooSmall,
}

impl SizeFault {
    pub(super) fn error(self) -> S3Error {
        match self {
            Self::TooLarge => s3_error!(
                EntityTooLarge,
                "Your proposed upload exceeds the maximum allowed size."
            ),
            Self::TooSmall => s3_error!(
                EntityTooSmall,
                "Your proposed upload is smaller than the minimum allowed size."
            ),
        }
    }
}

/// A form that was read up to its file.
pub(super) struct Form {
    pub(super) fields: Fields,
    /// What the browser calls the file.
    pub(super) file_name: Option<String>,
    file: Field<'static>,
    multipart: Multipart<'static>,
    allowance: Arc<AtomicU64>,
}

impl Form {
    pub(super) async fn read(request: Request) -> S3Result<Self> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let boundary = content_type
            .and_then(|value| value.to_str().ok())
            .and_then(|text| multer::parse_boundary(text).ok())
            .ok_or_else(malformed)?;
        let allowance = Arc::new(AtomicU64::new(AROUND_MAX));
        let body = Metered {
            body: request.into_body().into_data_stream(),
            allowance: Arc::clone(&allowance),
            paused: false,
        };
        let mut multipart = Multipart::new(body, boundary);
        let mut fields = Fields::new();
        loop {
            let field = multipart.next_field().await;
            let Some(field) = field.map_err(|_unreadable| malformed())? else {
                return Err(s3_error!(
                    InvalidArgument,
                    "POST requires exactly one file upload per request."
                ));
            };
            let name = field.name().ok_or_else(malformed)?.to_ascii_lowercase();
            if name == "file" {
                allowance.store(u64::MAX, Ordering::Relaxed);
                return Ok(Self {
                    fields,
                    file_name: field.file_name().map(str::to_owned),
                    file: field,
                    multipart,
                    allowance,
                });
            }
            let value = field.bytes().await.map_err(|_unreadable| malformed())?;
            let value = String::from_utf8(value.into()).map_err(|_not_utf8| malformed())?;
            // Of two, the policy might look at one, and the upload at the other.
            if fields.insert(name, value).is_some() {
                return Err(malformed());
            }
        }
    }

    /// The file's bytes. When there are too many or too few of them, the stream fails and says so in
    /// `fault`. What follows the file is read and thrown away, as on S3.
    pub(super) fn file(
        self,
        sizes: RangeInclusive<u64>,
        fault: Arc<OnceLock<SizeFault>>,
    ) -> impl Stream<Item = Result<Bytes, StdError>> + Send + 'static {
        let state = (self.file, self.multipart, 0_u64);
        let allowance = self.allowance;
        stream::try_unfold(Some(state), move |state| {
            let (sizes, fault, allowance) =
                (sizes.clone(), Arc::clone(&fault), Arc::clone(&allowance));
            async move {
                let Some((mut file, mut multipart, mut size)) = state else {
                    return Ok(None);
                };
                let refuse = |reason: SizeFault| -> StdError {
                    // The first reason stands.
                    let _ = fault.set(reason);
                    reason.error().into()
                };
                if let Some(bytes) = file.chunk().await? {
                    size = size.saturating_add(bytes.len() as u64);
                    return if size > *sizes.end() {
                        Err(refuse(SizeFault::TooLarge))
                    } else {
                        Ok(Some((bytes, Some((file, multipart, size)))))
                    };
                }
                if size < *sizes.start() {
                    return Err(refuse(SizeFault::TooSmall));
                }
                drop(file);
                allowance.store(AROUND_MAX, Ordering::Relaxed);
                while let Ok(Some(_ignored)) = multipart.next_field().await {}
                Ok(None)
            }
        })
    }
}

fn malformed() -> S3Error {
    s3_error!(
        MalformedPOSTRequest,
        "The body of your POST request is not well-formed multipart/form-data."
    )
}

/// A body of which a limited number of bytes is let through, one frame at a time: the reader of forms
/// takes everything that is there into its memory.
struct Metered {
    body: BodyDataStream,
    allowance: Arc<AtomicU64>,
    paused: bool,
}

impl Stream for Metered {
    type Item = Result<Bytes, StdError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.paused) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(frame) = ready!(self.body.poll_next_unpin(cx)) else {
            return Poll::Ready(None);
        };
        self.paused = true;
        let bytes = frame?;
        let spent = self
            .allowance
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes.len() as u64)
            });
        Poll::Ready(Some(match spent {
            Ok(_before) => Ok(bytes),
            Err(_before) => Err(malformed().into()),
        }))
    }
}
