//! Who reads Hako's own log, and which lines.

use hcp::Call;
use http::StatusCode;
use model::{
    ErrorCode,
    log::{LogPage, LogQuery},
    mapi::calls::operations,
};

use super::management::Management;
use crate::{Error, session::Session, state::AppState};

/// The call that the store lets accounts make that may look after its logs.
const LIKE: &str = "get_log_status";

/// Refuses who may not look after the logs of the system: lines are about all tenants.
pub async fn check_may_read(state: &AppState, session: &Session) -> Result<(), Error> {
    if state.embedded_s3().is_none() {
        return Err(Error::Refused {
            status: StatusCode::NOT_IMPLEMENTED,
            code: ErrorCode::NotSupported,
            detail: "This server keeps no lines of its log: they are on its standard error."
                .to_owned(),
        });
    }
    let like = operations()
        .find(|one| one.id == LIKE)
        .ok_or_else(|| Error::internal("no request tells how far logs are"))?;
    let management = Management::new(state, session)?.anew(true);
    management.perform(&Call::new(like, &[])?).await?;
    Ok(())
}

/// The lines that a query is about.
#[cfg(feature = "embedded")]
pub fn read(state: &AppState, query: &LogQuery, limit: u32) -> LogPage {
    let text = query.text.as_deref().unwrap_or_default().to_lowercase();
    let found = |number: u64, written: &str| {
        let has_text = text.is_empty() || written.to_lowercase().contains(&text);
        let line = has_text
            .then(|| model::log::LogLine::read(number, written))
            .flatten()?;
        let is_bad = query.level.is_none_or(|level| line.level >= level);
        let asked = query.request_id.as_ref();
        let is_of = asked.is_none_or(|id| line.request_id.as_ref() == Some(id));
        (is_bad && is_of).then_some(line)
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let stretch = match query.after {
        Some(number) => state.journal().after(number, limit, found),
        None => state.journal().newest(limit, found),
    };
    let local_hcp::Stretch { lines, last } = stretch;
    LogPage { lines, last }
}

/// Without an embedded store nothing is kept.
#[cfg(not(feature = "embedded"))]
pub fn read(_state: &AppState, _query: &LogQuery, _limit: u32) -> LogPage {
    LogPage {
        lines: Vec::new(),
        last: 0,
    }
}
