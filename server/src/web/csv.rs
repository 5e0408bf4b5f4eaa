//! Tables as CSV.

use bytes::Bytes;

use crate::Error;

/// A row of CSV, as RFC 4180 has it.
pub fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> Result<Bytes, Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer
        .write_record(cells.into_iter().map(harmless))
        .map_err(Error::internal)?;
    let row = writer
        .into_inner()
        .map_err(|e| Error::internal(e.to_string()))?;
    Ok(row.into())
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let number = cell.parse::<f64>().is_ok();
    if !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{cell}");
    }
    cell.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_are_no_formulas() {
        let written = row(["=1+1", "a,\"b\"", "", "-x\n"]).unwrap();
        assert_eq!(written, "'=1+1,\"a,\"\"b\"\"\",,\"'-x\n\"\r\n");
        assert_eq!(row(["-1", "+1e3", "-1+1"]).unwrap(), "-1,+1e3,'-1+1\r\n");
    }
}
