//! What was measured: a table for people, JSON for programs.

use std::{io::Write as _, path::Path};

use anyhow::Result;
use serde::Serialize;

/// The values of one thing, one of each round.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rounds(Vec<f64>);

impl Rounds {
    /// None yet.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The middle value; of an even number, the lower of the two.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len().saturating_sub(1) / 2;
        sorted.get(middle).copied().unwrap_or(f64::NAN)
    }
}

impl From<f64> for Rounds {
    fn from(value: f64) -> Self {
        Self(vec![value])
    }
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wanted {
    AtLeast(f64),
    AtMost(f64),
    Below(f64),
}

impl Wanted {
    fn met(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(bound) => figure >= bound,
            Self::AtMost(bound) => figure <= bound,
            Self::Below(bound) => figure < bound,
        }
    }
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, ">= {bound}"),
            Self::AtMost(bound) => write!(f, "<= {bound}"),
            Self::Below(bound) => write!(f, "< {bound}"),
        }
    }
}

/// One figure of ours, alone or beside another.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    name: String,
    unit: &'static str,
    ours: f64,
    rounds: Vec<f64>,
    against: Option<Against>,
    /// Ours by theirs.
    ratio: Option<f64>,
    /// Of the ratio, or of our figure where it stands alone.
    wanted: Option<Wanted>,
    met: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Against {
    name: String,
    value: f64,
    rounds: Vec<f64>,
}

impl Line {
    pub(crate) fn new(name: impl Into<String>, unit: &'static str, ours: &Rounds) -> Self {
        Self {
            name: name.into(),
            unit,
            ours: ours.median(),
            rounds: ours.0.clone(),
            against: None,
            ratio: None,
            wanted: None,
            met: None,
        }
    }

    /// Puts another's figure beside ours.
    pub(crate) fn against(mut self, name: impl Into<String>, theirs: &Rounds) -> Self {
        self.ratio = Some(self.ours / theirs.median());
        self.against = Some(Against {
            name: name.into(),
            value: theirs.median(),
            rounds: theirs.0.clone(),
        });
        self
    }

    /// Says what the ratio should be, or our figure where it stands alone.
    pub(crate) fn wanted(mut self, wanted: Wanted) -> Self {
        self.met = Some(wanted.met(self.ratio.unwrap_or(self.ours)));
        self.wanted = Some(wanted);
        self
    }

    fn cells(&self) -> [String; 7] {
        let or_nothing = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let against = self.against.as_ref();
        [
            self.name.clone(),
            format!("{} {}", figure(self.ours), self.unit),
            or_nothing(against.map(|one| format!("{} {}", figure(one.value), self.unit))),
            or_nothing(against.map(|one| one.name.clone())),
            or_nothing(self.ratio.map(figure)),
            or_nothing(self.wanted.map(|wanted| wanted.to_string())),
            or_nothing(
                self.met
                    .map(|met| if met { "yes" } else { "NO" }.to_owned()),
            ),
        ]
    }
}

/// A figure with about three digits that matter.
fn figure(value: f64) -> String {
    let places = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 0.1 => 2,
        _ => 4,
    };
    format!("{value:.places$}")
}

/// All lines, and where they were measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    folder: String,
    cores: usize,
    lines: Vec<Line>,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.display().to_string(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            lines: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, line: Line) {
        progress(&format!("  {}", line.cells().join("  ")));
        self.lines.push(line);
    }

    /// Something to know about the figures.
    pub(crate) fn note(&mut self, text: String) {
        progress(&format!("  {text}"));
        self.notes.push(text);
    }

    /// The table.
    pub(crate) fn table(&self) -> String {
        let heads = [
            "measured", "ours", "theirs", "against", "ratio", "wanted", "met",
        ];
        let mut rows = vec![heads.map(str::to_owned)];
        rows.extend(self.lines.iter().map(Line::cells));
        let widths: Vec<usize> = (0..heads.len())
            .map(|column| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                cells
                    .map(|cell| cell.chars().count())
                    .max()
                    .unwrap_or_default()
            })
            .collect();
        let mut table = String::new();
        for row in rows {
            let cells: Vec<_> = row
                .iter()
                .zip(&widths)
                .map(|(cell, &width)| format!("{cell:width$}"))
                .collect();
            table += cells.join("  ").trim_end();
            table.push('\n');
        }
        for note in &self.notes {
            table += "note: ";
            table += note;
            table.push('\n');
        }
        table
    }

    /// Prints the table.
    pub(crate) fn print(&self) -> Result<()> {
        write!(
            std::io::stdout(),
            "\n{} processor cores, shared by client and server; files in {}.\n\
             Ratios are ours by theirs: of rates more is better, of times less.\n\n{}",
            self.cores,
            self.folder,
            self.table()
        )?;
        Ok(())
    }

    /// The figures of every round.
    pub(crate) fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// Says on standard error what goes on.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(values: &[f64]) -> Rounds {
        Rounds(values.to_vec())
    }

    #[test]
    fn one_bad_round_does_not_move_the_median() {
        assert!((rounds(&[5.0, 1.0, 4.0, 900.0, 3.0]).median() - 4.0).abs() < 1e-9);
        assert!(rounds(&[]).median().is_nan());
    }

    #[test]
    fn a_bound_is_on_the_ratio_where_there_is_one() {
        let line = || Line::new("put", "MB/s", &rounds(&[300.0]));
        let theirs = rounds(&[600.0]);
        let beside = line()
            .against("plain", &theirs)
            .wanted(Wanted::AtLeast(0.7));
        assert_eq!(beside.met, Some(false));
        assert_eq!(line().wanted(Wanted::AtLeast(0.7)).met, Some(true));
        assert_eq!(line().wanted(Wanted::Below(300.0)).met, Some(false));
        assert_eq!(line().wanted(Wanted::AtMost(300.0)).met, Some(true));
    }

    #[test]
    fn figures_that_are_no_numbers_meet_nothing() {
        let line = Line::new("put", "MB/s", &rounds(&[]));
        assert_eq!(line.wanted(Wanted::AtMost(1.0)).met, Some(false));
    }

    #[test]
    fn the_table_is_aligned() {
        let mut report = Report::new(Path::new("/data"));
        let ours = rounds(&[2.5]);
        report.add(Line::new("a page", "ms", &ours).against("10,000 keys", &rounds(&[2.0])));
        report.add(Line::new("x", "MB", &ours).wanted(Wanted::Below(150.0)));
        let table = report.table();
        let expected = "\
measured  ours     theirs   against      ratio  wanted  met
a page    2.50 ms  2.00 ms  10,000 keys  1.25   -       -
x         2.50 MB  -        -            -      < 150   yes
";
        assert_eq!(table, expected);
    }
}
