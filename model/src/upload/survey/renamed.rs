//! The same files under other paths.

use super::{Finding, Survey};
use crate::upload::{Day, FileFacts, Pattern};

impl Survey {
    /// The survey of the same files where a pattern gives them their paths. `facts` tells of a file by
    /// what the caller knows it by. What is litter is told by the file's own name, and lists of
    /// checksums stay with the files that they name.
    #[must_use]
    pub fn renamed<'a>(
        &self,
        pattern: &Pattern,
        day: Day,
        facts: impl Fn(usize) -> Option<&'a FileFacts>,
    ) -> Self {
        let mut renamed = Self::new(&self.prefix, self.limits, self.fold);
        for file in &self.files {
            // Every file keeps its place: checksums are told by it.
            if let Some(facts) = facts(file.index) {
                let path = pattern.apply(&facts.relative_path, day);
                renamed.add_as(file.index, facts, &path);
            }
        }
        for finding in [Finding::Unreadable, Finding::Checksums] {
            let told = self.told[finding as usize].clone();
            renamed.told[finding as usize] = told;
        }
        renamed.sums.clone_from(&self.sums);
        renamed.unlisted = self.unlisted;
        renamed
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::upload::{Limits, Remedies, Remedy, parse_checksum_list};

    fn file(path: &str, size: u64) -> FileFacts {
        FileFacts {
            relative_path: path.to_owned(),
            size,
            modified: 0,
            content_type: None,
        }
    }

    fn survey(files: &[FileFacts]) -> Survey {
        let mut survey = Survey::new("in/", Limits::new(1_024, None), str::to_lowercase);
        for (index, facts) in files.iter().enumerate() {
            survey.add(index, facts);
        }
        survey
    }

    fn renamed(survey: &Survey, files: &[FileFacts], pattern: &str) -> Survey {
        let pattern = Pattern::parse(pattern).unwrap();
        let day = Day::new(2026, 3, 7).unwrap();
        survey.renamed(&pattern, day, |index| files.get(index))
    }

    fn counted(survey: &Survey) -> Vec<(Finding, usize)> {
        let findings = survey.findings().into_iter();
        findings.map(|told| (told.finding, told.count)).collect()
    }

    #[test]
    fn files_that_get_one_key_are_found() {
        let files = [file("a/x.tif", 1), file("b/x.tif", 2), file("b/y.tif", 3)];
        let survey = survey(&files);
        assert_eq!(counted(&survey), []);
        let flat = renamed(&survey, &files, "{date}-{name}");
        assert_eq!(counted(&flat), [(Finding::SameKey, 1)]);
        assert!(flat.asks());
        let keys = |remedies: &Remedies| -> Vec<String> {
            let sent = flat.resolve(remedies).sent.into_iter();
            sent.map(|leaving| leaving.key).collect()
        };
        let mut remedies = Remedies::default();
        assert_eq!(
            keys(&remedies),
            [
                "in/2026-03-07-x.tif",
                "in/2026-03-07-x (2).tif",
                "in/2026-03-07-y.tif"
            ]
        );
        remedies.choose(Finding::SameKey, Remedy::LeaveOut);
        assert_eq!(keys(&remedies).len(), 2);
        let one = renamed(&survey, &files, "all.tif");
        assert_eq!(counted(&one), [(Finding::SameKey, 2)]);
    }

    #[test]
    fn litter_and_checksums_go_by_the_files_own_names() {
        let files = [
            file("a/.DS_Store", 1),
            file("a/x.tif", 2),
            file("a/SHA256SUMS", 3),
        ];
        let mut survey = survey(&files);
        let sum = "0".repeat(64);
        let list = parse_checksum_list(&format!("{sum}  x.tif\n{sum}  gone\n"), false);
        survey.add_list("a/SHA256SUMS", list);
        survey.add_unreadable("locked");
        let by_day = renamed(&survey, &files, "{date}/scan-{name}");
        assert_eq!(counted(&by_day), counted(&survey));
        assert_eq!(by_day.missing(), 1);
        let sent = by_day.resolve(&Remedies::default()).sent;
        assert_eq!(sent[0].key, "in/2026-03-07/scan-x.tif");
        assert_eq!(sent[0].sha256.as_deref(), Some(sum.as_str()));
        assert_eq!(sent[1].sha256, None);
    }

    proptest! {
        #[test]
        fn never_two_files_to_one_key_without_the_finding(
            paths in prop::collection::vec("([ab]/){0,2}[ab]{1,2}", 1..8),
            pattern in "((\\{(path|name|folder|date)\\}|/|x|A){0,4})(\\{name\\}|\\{folder\\}|x)",
            rename in any::<bool>(),
        ) {
            let files: Vec<_> = paths.iter().map(|path| file(path, 1)).collect();
            let survey = renamed(&survey(&files), &files, &pattern);
            let mut remedies = Remedies::default();
            if !rename {
                remedies.choose(Finding::SameKey, Remedy::LeaveOut);
                remedies.choose(Finding::Alike, Remedy::Include);
            }
            let resolved = survey.resolve(&remedies);
            let keys: HashSet<_> = resolved.sent.iter().map(|leaving| &leaving.key).collect();
            prop_assert_eq!(keys.len(), resolved.sent.len(), "two files have one key");
            let pattern = Pattern::parse(&pattern).unwrap();
            let day = Day::new(2026, 3, 7).unwrap();
            let wanted: HashSet<_> = files.iter().map(|file| {
                let path = pattern.apply(&file.relative_path, day);
                path.trim_start_matches('/').to_owned()
            }).filter(|path| !path.is_empty()).collect();
            let named = files.len() - counted(&survey).iter()
                .filter(|(finding, _)| *finding == Finding::Key).map(|(_, count)| count).sum::<usize>();
            let told = counted(&survey).iter().any(|(finding, _)| *finding == Finding::SameKey);
            prop_assert_eq!(told, wanted.len() < named, "{:?}", counted(&survey));
        }
    }
}
