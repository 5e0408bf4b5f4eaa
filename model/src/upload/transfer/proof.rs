//! Whether an object that is there is this file, although nobody answered that it was stored.
//!
//! An upload may be gone because it was completed: by a request whose answer was lost, or by another
//! machine. An object may be in the way because it is our own. Its entity tag tells: it is compared with
//! what follows from the parts, as the store listed them or as they are read again. Where the tag cannot
//! tell, the object is not taken for this file: sending again costs time and nothing else.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use md5::{Digest as _, Md5};

use super::{End, Note, Purpose, Step, Transfer, sums::hex};
use crate::{
    ChecksumAlgorithm, PartChecksum, PartNumber,
    object::Object,
    upload::{Action, Answer, Failure, Fault, Moment, Phase, Reply, Why},
};

/// An object of the right size, and how much of the file was read to compare it.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    object: Object,
    /// The parts that were read.
    read: u32,
    md5: Md5,
}

impl Transfer {
    /// Compares an object of the right size with the file.
    pub(super) fn prove(&mut self, object: Object, moment: Moment) {
        let tag = bare(object.etag.as_deref());
        // What was listed before is not of a file that was given since under another name or time.
        if let (Some(expected), Some(_), false) = (&self.tag, self.plan, self.doubtful) {
            let is_ours = tag == expected;
            return self.proved(is_ours, object, moment);
        }
        if !self.could_be_ours(tag) {
            return self.proved(false, object, moment);
        }
        let proof = Proof {
            object,
            read: 0,
            md5: Md5::new(),
        };
        self.go_to(Step::Proving(proof), moment);
    }

    /// Whether a tag is of the form that this file's would be of.
    fn could_be_ours(&self, tag: &str) -> bool {
        let is_md5 = |hex: &str| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        match (self.plan, tag.split_once('-')) {
            (Some(plan), Some((md5, parts))) => is_md5(md5) && parts.parse() == Ok(plan.count()),
            (None, None) => is_md5(tag),
            _ => false,
        }
    }

    /// Reads the next part of the file.
    pub(super) fn prove_on(&mut self, moment: Moment) {
        let Step::Proving(proof) = &self.step else {
            return;
        };
        let range = match self.plan {
            Some(plan) => PartNumber::new(proof.read + 1)
                .ok()
                .and_then(|part| plan.range(part)),
            None => Some(0..self.file.size),
        };
        let Some(range) = range else { return };
        let algorithm = ChecksumAlgorithm::Md5;
        self.start(
            Action::Checksum { range, algorithm },
            Purpose::Proof,
            moment,
        );
    }

    pub(super) fn proof_read(&mut self, answer: Answer, moment: Moment) {
        let Step::Proving(proof) = &mut self.step else {
            return;
        };
        let md5 = match answer {
            Ok(Reply::Checksum(sum)) => md5_of(&sum),
            Ok(Reply::Readable(_)) => return self.give_up(End::Changed, moment),
            Ok(_) => None,
            Err(failure) => return self.fail(Fault::by(Why::Refused, failure)),
        };
        let Some(md5) = md5 else {
            let failure = Failure::nonsense("no checksum came");
            return self.fail(Fault::by(Why::Refused, failure));
        };
        proof.md5.update(md5);
        proof.read += 1;
        let tag = match self.plan {
            Some(plan) if proof.read < plan.count() => return self.run(moment),
            Some(plan) => {
                let digest = proof.md5.clone().finalize();
                format!("{}-{}", hex(&digest), plan.count())
            }
            None => hex(&md5),
        };
        let object = proof.object.clone();
        let is_ours = bare(object.etag.as_deref()).eq_ignore_ascii_case(&tag);
        self.proved(is_ours, object, moment);
    }

    fn proved(&mut self, is_ours: bool, object: Object, moment: Moment) {
        if !is_ours {
            return self.not_ours();
        }
        self.note = Some(Note::FoundComplete);
        if self.taken.take().is_some() && self.upload_id.is_some() {
            // The same bytes may have come another way: then the parts are still there.
            self.remember_phase(Phase::Aborting);
            if let Some(upload) = self.upload_id.take() {
                self.abort(upload, 1, moment);
            }
        }
        self.done(Some(object));
    }

    /// What is there is not this file, or nothing proves that it is.
    pub(super) fn not_ours(&mut self) {
        match self.taken.take() {
            Some(failure) => self.in_the_way(failure),
            None => self.begin_anew(),
        }
    }
}

fn bare(tag: Option<&str>) -> &str {
    tag.unwrap_or_default().trim_matches('"')
}

/// The MD5 that a checksum is.
fn md5_of(sum: &PartChecksum) -> Option<[u8; 16]> {
    if sum.algorithm() != ChecksumAlgorithm::Md5 {
        return None;
    }
    STANDARD.decode(sum.value()).ok()?.try_into().ok()
}
