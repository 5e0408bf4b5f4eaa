//! Tables as text: which character divides them, and whether they have a head.

use encoding_rs::Encoding;
use model::preview::{Delimiter, Table, limit};

use super::text::decode;

/// Letters of a cell that are shown.
const CELL: usize = 1_000;
/// Rows by which a delimiter is told.
const TRIED: usize = 20;

/// How a table is to be read; what is absent is told by its rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    pub delimiter: Option<Delimiter>,
    pub header: Option<bool>,
}

/// Reads the beginning of a table. `is_cut`: the bytes end before it does.
pub(super) fn table(
    bytes: &[u8],
    is_cut: bool,
    encoding: &'static Encoding,
    wanted: Wanted,
) -> Table {
    // Of what is cut, the last line is none.
    let bytes = if is_cut {
        let end = bytes.iter().rposition(|byte| *byte == b'\n');
        &bytes[..end.map_or(bytes.len(), |end| end + 1)]
    } else {
        bytes
    };
    let text = decode(encoding, bytes);
    let delimiter = wanted.delimiter.unwrap_or_else(|| guess(&text));
    let (rows, more) = rows(&text, delimiter, limit::TABLE_ROWS);
    let header = wanted.header.unwrap_or_else(|| has_header(&rows));
    Table {
        delimiter,
        header,
        rows,
        is_cut: is_cut || more,
        encoding: encoding.name().to_owned(),
    }
}

/// Reads rows; also whether something was left out.
fn rows(text: &str, delimiter: Delimiter, most: usize) -> (Vec<Vec<String>>, bool) {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.byte())
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut more = false;
    for record in reader.records() {
        // Of texts in memory none is broken: any number of cells will do.
        let Ok(record) = record else { break };
        if rows.len() == most {
            more = true;
            break;
        }
        more |= record.len() > limit::TABLE_COLUMNS;
        let cells = record.iter().take(limit::TABLE_COLUMNS).map(short);
        rows.push(cells.collect());
    }
    (rows, more)
}

fn short(cell: &str) -> String {
    match cell.char_indices().nth(CELL) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

/// The character that divides most rows into equally many cells, more than one.
fn guess(text: &str) -> Delimiter {
    let weight = |delimiter: &Delimiter| {
        let (rows, _) = rows(text, *delimiter, TRIED);
        let Some(first) = rows.first().map(Vec::len).filter(|cells| *cells > 1) else {
            return (0, 0);
        };
        let alike = rows.iter().filter(|row| row.len() == first).count();
        (alike * 100 / rows.len(), first)
    };
    // The last of equals wins, so the most usual stands last.
    let mut all = Delimiter::ALL;
    all.reverse();
    all.into_iter()
        .max_by_key(weight)
        .unwrap_or(Delimiter::Comma)
}

fn is_number(cell: &str) -> bool {
    let plain = cell.trim().replace(',', ".");
    !plain.is_empty() && plain.parse::<f64>().is_ok()
}

/// Whether the first row names the columns: all its cells are words, no two alike, and some column below is of
/// numbers; or it is the only one whose cells are all filled with short words.
fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return false;
    };
    let words = first.iter().enumerate().all(|(at, cell)| {
        let cell = cell.trim();
        !cell.is_empty()
            && !is_number(cell)
            && !first[..at].iter().any(|other| other.trim() == cell)
    });
    let numbers = (0..first.len()).any(|at| {
        rest.iter()
            .any(|row| row.get(at).is_some_and(|cell| is_number(cell)))
    });
    let longest = |row: &Vec<String>| row.iter().map(|cell| cell.chars().count()).max();
    let short = longest(first) < rest.iter().filter_map(longest).max();
    words && (numbers || short)
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Table {
        table(text.as_bytes(), false, UTF_8, Wanted::default())
    }

    #[test]
    fn delimiter_and_head_are_found() {
        for (text, delimiter, header) in [
            ("name,size\na,1\nb,2\n", Delimiter::Comma, true),
            ("namn;storlek\nå;1,5\nä;2,25\n", Delimiter::Semicolon, true),
            ("a\tb\n1\t2\n", Delimiter::Tab, true),
            ("1|2\n3|4\n", Delimiter::Pipe, false),
            ("1,2\n3,4", Delimiter::Comma, false),
            ("name,town\nAda Lovelace,London\n", Delimiter::Comma, true),
            ("only", Delimiter::Comma, false),
            ("", Delimiter::Comma, false),
        ] {
            let table = read(text);
            assert_eq!(
                (table.delimiter, table.header),
                (delimiter, header),
                "{text:?}"
            );
        }
    }

    #[test]
    fn quotes_hold_lines_and_delimiters() {
        let table = read("a,b\n\"x, \"\"y\"\"\nz\",2\n");
        assert_eq!(table.rows[1], ["x, \"y\"\nz", "2"]);
    }

    #[test]
    fn a_table_has_its_limits() {
        let long = "a,b\n".repeat(limit::TABLE_ROWS + 1);
        let table = read(&long);
        assert_eq!((table.rows.len(), table.is_cut), (limit::TABLE_ROWS, true));
        let wide = vec!["a"; limit::TABLE_COLUMNS + 1].join(",");
        let table = read(&wide);
        assert_eq!(
            (table.rows[0].len(), table.is_cut),
            (limit::TABLE_COLUMNS, true)
        );
        let cell = "å".repeat(CELL + 1);
        assert_eq!(read(&cell).rows[0][0].chars().count(), CELL + 1);
        let cut = super::table(b"a,b\n1,2\n3,", true, UTF_8, Wanted::default());
        assert_eq!((cut.rows.len(), cut.is_cut), (2, true));
    }

    #[test]
    fn somebody_may_know_better() {
        let wanted = Wanted {
            delimiter: Some(Delimiter::Semicolon),
            header: Some(true),
        };
        let table = table(b"1,2;3\n4,5;6\n", false, UTF_8, wanted);
        assert_eq!(table.rows, [["1,2", "3"], ["4,5", "6"]]);
        assert!(table.header);
    }

    proptest! {
        #[test]
        fn any_text_is_some_table(text in "[a-z,;\t|\"\n\r ]{0,60}") {
            let table = read(&text);
            prop_assert!(table.rows.iter().all(|row| row.len() <= limit::TABLE_COLUMNS));
        }
    }
}
