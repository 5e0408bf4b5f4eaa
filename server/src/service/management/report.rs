//! Chargeback reports as CSV, in HCP's order of columns.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use model::mapi::{ChargebackData, Resource as _, calls::Shape};
use serde_json::Value;

use crate::{Error, web::negotiation};

/// Whether a report is wanted as CSV.
pub(super) fn is_wanted(shape: &Shape, headers: &HeaderMap) -> bool {
    shape.root == "chargebackReport" && negotiation::wants_csv(headers)
}

/// The rows of a report.
pub(super) fn csv(report: &Value) -> Result<Response, Error> {
    let columns: Vec<&str> = ChargebackData::PROPERTIES.iter().map(|p| p.name).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).map_err(Error::internal)?;
    let rows = report["chargebackData"].as_array();
    for row in rows.into_iter().flatten() {
        let record = columns.iter().map(|column| cell(&row[*column]));
        writer.write_record(record).map_err(Error::internal)?;
    }
    let text = writer
        .into_inner()
        .map_err(|e| Error::internal(e.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"chargeback.csv\"",
        ),
    ];
    Ok((headers, text).into_response())
}

/// Text that a spreadsheet would take for a formula is told from one by an apostrophe.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
