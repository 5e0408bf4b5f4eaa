//! New passwords, where they are all that changes.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use hcp::Call;
use http::StatusCode;
use model::{
    ErrorCode,
    mapi::{
        Role, UserAccount,
        calls::{Operation, operations},
    },
};
use serde_json::{Value, json};

use super::{Incoming, Management, shape};
use crate::Error;

impl Management<'_> {
    /// Sets the password of one account by the request that has it in its body: HCP's other form has it
    /// in the URL.
    pub(super) async fn set_password(
        &self,
        operation: &'static Operation,
        incoming: &Incoming,
    ) -> Result<Response, Error> {
        let change = operations()
            .find(|one| one.route.strip_prefix(operation.route) == Some("/changePassword"))
            .ok_or_else(|| Error::internal("no request changes passwords"))?;
        let call = Call::new(change, &incoming.names())?.with_body(incoming.password_body());
        self.perform(&call).await?;
        Ok(Json(json!({"status": "updated"})).into_response())
    }

    /// Sets one password for all local accounts of a tenant that have the security role, and says how
    /// many these are, where that can be seen.
    pub(super) async fn reset_passwords(
        &self,
        operation: &'static Operation,
        incoming: &Incoming,
    ) -> Result<Response, Error> {
        if !self.is_of_system() {
            return Err(Error::Refused {
                status: StatusCode::FORBIDDEN,
                code: ErrorCode::AccessDenied,
                detail: "Only an administrator of the system resets the passwords of a tenant."
                    .to_owned(),
            });
        }
        let accounts = self.accounts_to_reset(incoming).await?;
        let dry = incoming.is_dry_run();
        if !dry {
            self.perform(&incoming.call(operation)?).await?;
        }
        let status = if dry { "not_reset" } else { "passwords_reset" };
        Ok(Json(json!({"status": status, "accounts": accounts})).into_response())
    }

    /// How many accounts a reset reaches; none where roles cannot be seen.
    async fn accounts_to_reset(&self, incoming: &Incoming) -> Result<Option<usize>, Error> {
        let list = operations().find(|one| one.id == "list_users");
        let list = list.ok_or_else(|| Error::internal("no request lists users"))?;
        let call = Call::new(list, &incoming.names())?;
        let names = shape::items("username", self.perform(&call).await?.body);
        let names: Vec<String> = names
            .into_iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        if names.is_empty() {
            return Ok(Some(0));
        }
        let (found, failed) = match self.each(list, incoming, &names).await {
            Ok(answers) => answers,
            // Who may reset may not be allowed to look.
            Err(_unseen) => return Ok(None),
        };
        let accounts: Option<Vec<UserAccount>> = found
            .into_iter()
            .map(|json: Value| serde_json::from_value(json).ok())
            .collect();
        let seen =
            accounts.filter(|all| failed.is_empty() && all.iter().all(|u| u.roles.is_some()));
        Ok(seen.map(|all| all.iter().filter(|user| is_reached(user)).count()))
    }
}

fn is_reached(user: &UserAccount) -> bool {
    let is_local = user.local_authentication != Some(false);
    let mut roles = user.roles.iter().flat_map(|roles| roles.known());
    is_local && roles.any(|role| role == Role::Security)
}
