//! Checksums that go with the bytes, so that the store itself refuses what was damaged on the way.
//!
//! A part is read for its checksum directly before its URL is signed, and again by the browser when
//! it is sent. What the store lists afterwards is compared with what was computed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use md5::{Digest as _, Md5};

use super::{End, Purpose, Step, Transfer, finish::Listing};
use crate::{
    ChecksumAlgorithm, PartChecksum, PartNumber,
    multipart::{Part, PartToSign},
    upload::{Action, Answer, Failure, Fault, Moment, PartPlan, Reply, Why},
};

impl Transfer {
    /// The checksum that parts go with; none where Hako sends them, which computes its own.
    pub(super) fn algorithm(&self) -> Option<ChecksumAlgorithm> {
        if self.is_signed() {
            self.settings.checksum
        } else {
            None
        }
    }

    /// Has the checksums of the next parts computed, as many as could go at once.
    pub(super) fn sum_ahead(
        &mut self,
        plan: PartPlan,
        algorithm: ChecksumAlgorithm,
        moment: Moment,
    ) {
        for part in self.parts.to_sum(self.settings.parallelism) {
            let Some(range) = plan.range(part) else {
                continue;
            };
            self.parts.summing.insert(part);
            let action = Action::Checksum { range, algorithm };
            self.start(action, Purpose::Sum(part), moment);
        }
    }

    pub(super) fn summed(&mut self, part: PartNumber, answer: Answer, moment: Moment) {
        self.parts.summing.remove(&part);
        let Some(value) = self.read_sum(answer, moment) else {
            return;
        };
        if let Some(before) = self.parts.suspect.remove(&part)
            && before != value
        {
            // The store refused the part, and read again the file is another.
            return self.give_up(End::Changed, moment);
        }
        self.parts.sums.insert(part, value);
    }

    pub(super) fn summed_whole(&mut self, answer: Answer, moment: Moment) {
        let Some(value) = self.read_sum(answer, moment) else {
            return;
        };
        if let Some(before) = self.whole_suspect.take()
            && before != value
        {
            return self.give_up(End::Changed, moment);
        }
        self.whole_sum = Some(value);
        self.sign_whole(moment);
    }

    /// What was computed; without it the transfer has come to an end.
    fn read_sum(&mut self, answer: Answer, moment: Moment) -> Option<PartChecksum> {
        match answer {
            Ok(Reply::Checksum(sum)) => return Some(sum),
            Ok(Reply::Readable(_)) => self.give_up(End::Changed, moment),
            Ok(_) => self.fail(Fault::by(
                Why::Refused,
                Failure::nonsense("no checksum came"),
            )),
            Err(failure) => self.fail(Fault::by(Why::Refused, failure)),
        }
        None
    }

    /// The parts that can be signed, with their checksums.
    pub(super) fn to_sign(&self) -> Vec<PartToSign> {
        if self.algorithm().is_none() {
            return self
                .parts
                .to_sign()
                .map(|part_number| PartToSign {
                    part_number,
                    checksum: None,
                })
                .collect();
        }
        let parts = self.parts.todo.iter();
        parts
            .filter(|part| !self.parts.links.contains_key(part))
            .filter_map(|part| {
                let checksum = self.parts.sums.get(part)?.clone();
                Some(PartToSign {
                    part_number: *part,
                    checksum: Some(checksum),
                })
            })
            .collect()
    }

    /// The parts that are stored otherwise than they were sent, as far as both can be told.
    ///
    /// Stores that encrypt give tags that look like an MD5 and are none. They have compared the MD5
    /// that came with the part, so where no part at all has the tag that follows from its bytes, the
    /// tags are disbelieved, and not the parts. A single part does not tell the one from the other:
    /// when all others are there, it is sent once more.
    pub(super) fn damaged(&mut self, found: &BTreeMap<PartNumber, Part>) -> BTreeSet<PartNumber> {
        let mut damaged = BTreeSet::new();
        let mut by_tag = BTreeSet::new();
        let mut tags_tell = false;
        // A part that was refused once may be stored from an attempt before, whose answer was lost.
        for (number, sent) in self.parts.sums.iter().chain(&self.parts.suspect) {
            let stored = found.get(number);
            let algorithm = sent.algorithm();
            let Some(sum) = stored.and_then(|stored| stored_sum(stored, algorithm)) else {
                continue;
            };
            match algorithm {
                ChecksumAlgorithm::Md5 if sum == *sent => tags_tell = true,
                ChecksumAlgorithm::Md5 => _ = by_tag.insert(*number),
                ChecksumAlgorithm::Crc32c if sum == *sent => {}
                ChecksumAlgorithm::Crc32c => _ = damaged.insert(*number),
            }
        }
        let seen = match (self.parts.tag_doubted, by_tag.first()) {
            // Sent once more, and still the tag is another.
            (Some((part, true)), Some(first)) if part == *first => by_tag.len() + 1,
            _ => by_tag.len(),
        };
        let is_last = self
            .plan
            .is_some_and(|plan| found.len() >= plan.count() as usize);
        if tags_tell || (seen == 1 && is_last) {
            self.parts.tag_doubted = by_tag.first().map(|part| (*part, false));
            damaged.append(&mut by_tag);
        }
        damaged
    }

    /// Compares a file that came back under another name or time with every part that is stored.
    pub(super) fn begin_sampling(&mut self, found: &BTreeMap<PartNumber, Part>, moment: Moment) {
        let stored = &self.parts.stored;
        let samples = Sample::of(stored.iter().filter_map(|part| found.get(part)));
        if samples.len() < stored.len() {
            // Not all can be compared: the file is not trusted on its size alone.
            return self.not_this_file();
        }
        self.go_to(Step::Sampling(samples), moment);
    }

    /// The file may be sent from: what is stored is of it.
    pub(super) fn trust_file(&mut self) {
        self.doubtful = false;
        self.distrusted = None;
        self.lent = false;
        // A record that named the file it was begun with would be believed without looking.
        self.is_other_file = true;
        self.remember();
    }

    pub(super) fn sample(&mut self, moment: Moment) {
        let Step::Sampling(samples) = &self.step else {
            return;
        };
        let Some(next) = samples.last().cloned() else {
            self.trust_file();
            return self.go_to(Step::Listing(Listing::resuming()), moment);
        };
        let Some(range) = self.plan.and_then(|plan| plan.range(next.part)) else {
            return self.not_this_file();
        };
        let algorithm = next.sum.algorithm();
        self.start(
            Action::Checksum { range, algorithm },
            Purpose::Sample,
            moment,
        );
    }

    pub(super) fn sampled(&mut self, answer: Answer, moment: Moment) {
        let sum = match answer {
            Ok(Reply::Checksum(sum)) => sum,
            Ok(_) => return self.not_this_file(),
            Err(failure) => return self.fail(Fault::by(Why::Refused, failure)),
        };
        let Step::Sampling(samples) = &mut self.step else {
            return;
        };
        match samples.pop() {
            Some(sample) if sample.sum == sum => self.sample(moment),
            _ => self.not_this_file(),
        }
    }
}

/// A stored part that the file is compared with.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    part: PartNumber,
    sum: PartChecksum,
}

impl Sample {
    /// The stored parts that can be compared; the last of them is compared first. A file that was edited
    /// differs anywhere, one that is another differs at once: the first part, the last and one between
    /// them come before all others.
    pub(super) fn of<'a>(stored: impl Iterator<Item = &'a Part>) -> Vec<Self> {
        let mut samples: Vec<Self> = stored.filter_map(Self::new).collect();
        let len = samples.len();
        if len > 2 {
            let middle = samples.remove(len / 2);
            samples.insert(len - 2, middle);
        }
        if len > 1 {
            let first = samples.remove(0);
            samples.push(first);
        }
        samples
    }

    fn new(stored: &Part) -> Option<Self> {
        let sum = stored_sum(stored, ChecksumAlgorithm::Crc32c)
            .or_else(|| stored_sum(stored, ChecksumAlgorithm::Md5))?;
        Some(Self {
            part: stored.part_number,
            sum,
        })
    }
}

/// What the store tells of a part's checksum.
fn stored_sum(stored: &Part, algorithm: ChecksumAlgorithm) -> Option<PartChecksum> {
    match algorithm {
        ChecksumAlgorithm::Crc32c => {
            PartChecksum::new(algorithm, stored.checksum_crc32c.clone()?).ok()
        }
        ChecksumAlgorithm::Md5 => Some(PartChecksum::md5(digest(stored.etag.as_deref()?)?)),
    }
}

/// The MD5 that an entity tag is: 32 hexadecimal digits. Stores that encrypt have other tags.
fn digest(tag: &str) -> Option<[u8; 16]> {
    let tag = tag.trim_matches('"');
    if tag.len() != 32 || !tag.is_ascii() {
        return None;
    }
    let mut bytes = [0; 16];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(tag.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// The entity tag of an object put together from these parts, in S3's form: the MD5 of their MD5s,
/// and their number. `None` where a part's tag is of another form.
pub(in crate::upload) fn tag_of<'a>(
    parts: impl ExactSizeIterator<Item = &'a str>,
) -> Option<String> {
    let count = parts.len();
    let mut md5 = Md5::new();
    for tag in parts {
        md5.update(digest(tag)?);
    }
    Some(format!("{}-{count}", hex(&md5.finalize())))
}

/// Bytes as tags show them.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_of_an_object_follows_from_those_of_its_parts() {
        // As S3 answers for "a" and "b" as two parts.
        let parts = [
            "\"0cc175b9c0f1b6a831c399e269772661\"",
            "92eb5ffee6ae2fec3ad71c777531578f",
        ];
        assert_eq!(
            tag_of(parts.into_iter()).unwrap(),
            "96e024ba2074fe77e8e965ba43a704be-2"
        );
        assert_eq!(tag_of(["encrypted-by-the-store"].into_iter()), None);
        assert_eq!(tag_of(["é".repeat(16).as_str()].into_iter()), None);
    }
}
