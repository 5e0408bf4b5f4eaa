//! What goes into the machine and what comes out of it.

use std::{collections::BTreeMap, fmt, ops::Range};

use serde::{Deserialize, Serialize};

use super::{Failure, PartPlan, Record};
use crate::{
    ChecksumAlgorithm, PartChecksum, UploadId,
    multipart::{
        AbortUpload, CompleteUpload, CompletedUpload, CreateUpload, ListParts, PartPage,
        PresignUpload, PresignedUpload, Upload,
    },
    object::{CopyObject, DeleteObject, ListObjects, ObjectPage},
    presign::{Presign, PresignedUrl},
    session::{Preferences, UploadRoute, UploadSettings, VerifyChecksums},
};

/// When something happens, and the chance that goes with it.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Milliseconds of the browser's clock.
    pub now: u64,
    /// A random number from 0 to 1, for the spread of retries.
    pub jitter: f64,
}

/// What is known of a file before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// The name, with the folders it was dropped with.
    pub relative_path: String,
    /// Bytes.
    pub size: u64,
    /// When it was last changed, in milliseconds since 1970.
    pub modified: i64,
    /// The type that the browser knows, if any.
    pub content_type: Option<String>,
}

/// The numbers of the session's fact sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Files of this size and more go in parts.
    pub threshold: u64,
    /// The usual part size.
    pub part_size: u64,
    /// Requests with bytes at once, over all files.
    pub parallelism: usize,
    /// Whether there may be more while more helps.
    pub may_grow: bool,
    /// Seconds that URLs shall live.
    pub url_lifetime: u64,
    /// Which way bytes go.
    pub route: UploadRoute,
    /// Whether what goes through Hako is signed too, and passed on to the store as it is.
    pub proxy: bool,
    /// The longest key in bytes.
    pub max_key_bytes: usize,
    /// The checksum that goes with every part, for the store to compare; none where nobody can
    /// compute one, or the store compares none.
    pub checksum: Option<ChecksumAlgorithm>,
    /// Whether the store writes on condition that nothing is there (`If-None-Match: *`).
    pub conditional_writes: bool,
}

impl Settings {
    /// Takes the numbers of a session, kept within what the API allows.
    pub fn new(upload: &UploadSettings, max_key_bytes: usize) -> Self {
        Self {
            threshold: upload.multipart_threshold,
            part_size: upload
                .part_size
                .clamp(PartPlan::MIN_PART_SIZE, PartPlan::MAX_PART_SIZE),
            parallelism: upload.parallelism.clamp(1, 16),
            may_grow: true,
            url_lifetime: upload.url_lifetime.clamp(60, 43_200),
            route: upload.route,
            proxy: upload.proxy,
            max_key_bytes,
            checksum: upload.checksum,
            conditional_writes: upload.conditional_writes,
        }
    }

    /// These numbers, as somebody wants them: never more at once than the session has.
    #[must_use]
    pub fn preferring(mut self, wanted: Preferences) -> Self {
        if let Some(most) = wanted.parallel_uploads.most() {
            self.parallelism = most.min(self.parallelism);
            self.may_grow = false;
        }
        if wanted.verify_checksums == VerifyChecksums::Off {
            self.checksum = None;
        }
        self
    }
}

/// Names one effect of one transfer, so that its answer finds back. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub(crate) u64);

/// Something that is to be done outside.
#[derive(Clone, Debug)]
pub struct Effect {
    /// What the answer must carry.
    pub ticket: Ticket,
    /// What is to be done.
    pub action: Action,
}

/// The kinds of effect. Each is answered by exactly one [`Event::Answer`], except `Stop`, `Remember`
/// and `Forget`.
#[derive(Clone, Debug)]
pub enum Action {
    /// Begins a multipart upload and signs its first parts: [`Reply::Signed`].
    Begin(PresignUpload),
    /// Begins a multipart upload whose parts go through Hako: [`Reply::Created`].
    Create(CreateUpload),
    /// Signs parts: [`Reply::Signed`].
    Sign(PresignUpload),
    /// Signs the one PUT of a small file: [`Reply::SignedWhole`].
    SignWhole(Presign),
    /// Sends bytes of the file: [`Event::Progress`] meanwhile, then [`Reply::Stored`].
    Put(Put),
    /// Lists stored parts: [`Reply::Listed`].
    ListParts(ListParts),
    /// Puts the parts together: [`Reply::Completed`].
    Complete(CompleteUpload),
    /// Looks at what is stored under the key: [`Reply::Objects`].
    Confirm(ListObjects),
    /// Gives up an upload at the store: [`Reply::Aborted`].
    Abort(AbortUpload),
    /// Reads one byte of the file: [`Reply::Readable`].
    Probe,
    /// Computes the checksum of bytes of the file: [`Reply::Checksum`], or `Readable(false)`.
    Checksum {
        /// Which bytes, `start..end`.
        range: Range<u64>,
        /// How.
        algorithm: ChecksumAlgorithm,
    },
    /// Looks for a free name beside the key: [`Reply::Objects`].
    Names(ListObjects),
    /// Copies what is stored under the key aside: [`Reply::Moved`].
    Copy(CopyObject),
    /// Deletes what is stored under the key: [`Reply::Moved`].
    Clear(DeleteObject),
    /// Keeps what is needed to go on after a reload, in place of what was kept for the same upload.
    Remember(Box<Record>),
    /// Drops what was kept for an upload.
    Forget(UploadId),
    /// Comes back at a time of the browser's clock: [`Reply::Woke`].
    Wake {
        /// Milliseconds.
        at: u64,
    },
    /// Ends the request that has this effect's ticket, without an answer.
    Stop,
}

/// Bytes on their way.
#[derive(Clone, Debug)]
pub struct Put {
    /// Which bytes of the file, `start..end`.
    pub range: Range<u64>,
    /// Where they go.
    pub to: Destination,
    /// The `Content-Type` header to send; without one, none may be sent.
    pub content_type: Option<String>,
    /// What else the URL signs and the request must carry.
    pub headers: BTreeMap<String, String>,
}

/// Where bytes go.
#[derive(Clone, PartialEq, Eq)]
pub enum Destination {
    /// A presigned URL of the store: no cookies, no headers of our own.
    Store(String),
    /// A path of Hako, with the session's cookie.
    Hako(String),
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A presigned URL is a credential.
            Self::Store(_) => f.write_str("Store(..)"),
            Self::Hako(path) => f.debug_tuple("Hako").field(path).finish(),
        }
    }
}

/// Something that happened outside.
#[derive(Clone, Debug)]
pub enum Event {
    /// An effect was carried out, or failed.
    Answer {
        /// The effect's ticket.
        ticket: Ticket,
        /// What came of it.
        answer: Answer,
    },
    /// Bytes of a running PUT left the browser.
    Progress {
        /// The effect's ticket.
        ticket: Ticket,
        /// Bytes so far.
        loaded: u64,
    },
    /// The person does not want it any more.
    Cancel,
    /// The person wants it tried again, or now.
    Retry,
    /// What failed in the middle waits for its file, as after a reload: what is stored stays.
    SaveForLater,
    /// Somebody signed in again, the same as before.
    SignedIn,
    /// Nothing new is asked for until this hold is lifted.
    Hold(Hold),
    /// The hold is over.
    Lift(Hold),
    /// Bytes go another way from now on.
    Reroute(UploadRoute),
    /// The file that it waits for, or what was chosen for it.
    File(FileFacts),
    /// The file is another one than was begun: it is uploaded as it is now, from its first byte.
    StartAgain(FileFacts),
    /// What is to be done about the object that is in the way.
    Decide(Choice),
}

/// Why nothing new is asked for at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// The person wants it so. What runs comes to its end, what is stored stays.
    Paused,
    /// There is no network.
    Offline,
    /// The bucket does not let this page in.
    Barred,
}

/// What is to be done about an object that is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It makes room: a version of it is kept where the bucket keeps versions.
    Replace,
    /// Both stay: the one that is there, or a copy of it, under the next free name.
    KeepBoth,
}

/// How a file goes to a key that may be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// As the store does it.
    #[default]
    Plain,
    /// Only if nothing is there, as far as the store can tell.
    Create,
    /// What is there is deleted when all parts are stored, because the store refuses to overwrite it.
    ClearFirst,
}

/// What came of an effect.
pub type Answer = Result<Reply, Failure>;

/// What came of an effect that worked.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Of `Begin` and `Sign`.
    Signed(PresignedUpload),
    /// Of `Create`.
    Created(Upload),
    /// Of `SignWhole`.
    SignedWhole(PresignedUrl),
    /// Of `Put`: the store answered 2xx.
    Stored,
    /// Of `ListParts`.
    Listed(PartPage),
    /// Of `Complete`.
    Completed(CompletedUpload),
    /// Of `Confirm`.
    Objects(ObjectPage),
    /// Of `Abort`.
    Aborted,
    /// Of `Probe`: whether the file is still the one that was chosen.
    Readable(bool),
    /// Of `Checksum`.
    Checksum(PartChecksum),
    /// Of `Copy` and `Clear`.
    Moved,
    /// Of `Wake`.
    Woke,
}
