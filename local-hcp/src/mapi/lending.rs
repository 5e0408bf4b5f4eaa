//! Temporary keys, below `/hako`, where HCP has nothing: whoever has data lends access to a part of it. One signs in
//! as for management and needs no role; bodies are JSON.

use axum::{
    Json, Router,
    body::to_bytes,
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{delete, get},
};
use model::{
    BucketName, Timestamp,
    credentials::{KeyAccess, LentKey, NewTemporaryKey, TemporaryKey, TemporaryKeys},
};

use super::{Management, auth, error::Refusal};
use crate::{
    account::Account,
    clock::from_ms,
    store::{
        accounts,
        temporary_keys::{self, Listed},
    },
    temporary::{self, KeyRequest},
};

/// The longest body: the longest prefix, with every character escaped.
const MAX_BODY: usize = 16 * 1024;

/// The resource.
pub(super) fn router(management: Management) -> Router {
    Router::new()
        .route("/hako/temporaryKeys", get(list).put(lend))
        .route("/hako/temporaryKeys/{access_key}", delete(revoke))
        .with_state(management)
}

/// Who calls: an account with data.
async fn account(management: &Management, request: Request) -> Result<(Account, Request), Refusal> {
    let (parts, body) = request.into_parts();
    let account = auth::sign_in_to_data(management, &parts).await?;
    if account.tenant.is_none() {
        return Err(Refusal::forbidden(
            "System-level accounts have no data to lend access to.",
        ));
    }
    Ok((account, Request::from_parts(parts, body)))
}

async fn list(State(management): State<Management>, request: Request) -> Result<Response, Refusal> {
    let (account, _request) = account(&management, request).await?;
    let found = management
        .store
        .read(move |connection| temporary_keys::of_user(connection, account.id))
        .await?;
    let keys = found.into_iter().map(shown).collect();
    Ok(Json(TemporaryKeys { keys }).into_response())
}

async fn lend(State(management): State<Management>, request: Request) -> Result<Response, Refusal> {
    let (account, request) = account(&management, request).await?;
    let body = to_bytes(request.into_body(), MAX_BODY)
        .await
        .map_err(|_unread| Refusal::invalid("The body is too long, or broke off."))?;
    let new: NewTemporaryKey = serde_json::from_slice(&body)
        .map_err(|e| Refusal::invalid(format!("The body cannot be read: line {}.", e.line())))?;
    let faults = new.faults();
    if let Some(fault) = faults.first() {
        return Err(Refusal::invalid(format!(
            "{}: {}",
            fault.field(),
            fault.msg
        )));
    }
    BucketName::parse(new.bucket.as_str()).map_err(|e| Refusal::invalid(e.to_string()))?;
    let asked = KeyRequest {
        bucket: new.bucket.clone(),
        prefix: new.prefix.clone(),
        may_write: new.access == KeyAccess::ReadWrite,
        // The rule above holds it far below.
        lifetime_s: u32::try_from(new.duration).unwrap_or(u32::MAX),
    };
    let id = account.id;
    // Anew, as the write begins: the account may be gone by then.
    let find = move |connection: &rusqlite::Connection| {
        accounts::by_id(connection, id)?.ok_or(crate::Error::NoSuchUser(account.username))
    };
    let key = temporary::lend(&management.store, &management.clock, find, asked).await?;
    let answer = LentKey {
        key: TemporaryKey {
            access_key_id: key.access_key,
            bucket: new.bucket,
            prefix: new.prefix,
            access: new.access,
            created_at: Timestamp::new(from_ms(key.created_ms)),
            expires_at: Timestamp::new(from_ms(key.expires_ms)),
            last_used_at: None,
        },
        secret_access_key: key.secret_key,
    };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

async fn revoke(
    State(management): State<Management>,
    Path(access_key): Path<String>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    let (account, _request) = account(&management, request).await?;
    let gone = management
        .store
        .write(move |write| temporary_keys::remove(write.connection, account.id, &access_key))
        .await?;
    if gone {
        Ok(StatusCode::OK)
    } else {
        Err(Refusal::NotFound)
    }
}

fn shown(key: Listed) -> TemporaryKey {
    let Listed {
        loan,
        bucket,
        created_ms,
    } = key;
    let time = |ms| Timestamp::new(from_ms(ms));
    TemporaryKey {
        access_key_id: loan.access_key,
        bucket,
        prefix: loan.prefix,
        access: if loan.may_write {
            KeyAccess::ReadWrite
        } else {
            KeyAccess::Read
        },
        created_at: time(created_ms),
        expires_at: time(loan.expires_ms),
        last_used_at: loan.used_ms.map(time),
    }
}
