//! What tenants say to people who sign in (`loginMessage` of HCP's `consoleSecurity`).
//!
//! HCP tells it to security accounts alone, and at sign-in there is no account yet. So the message is kept
//! when an account that may see it passes by: as far as this server knows, in memory.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use serde_json::Value;

/// The messages, by tenant in lower case.
#[derive(Debug, Default)]
pub struct LoginMessages(RwLock<HashMap<String, String>>);

impl LoginMessages {
    /// Keeps the message of settings that were read, or sent. Settings without one say nothing of it.
    pub fn note(&self, tenant: &str, settings: &Value) {
        let Some(message) = settings.get("loginMessage").and_then(Value::as_str) else {
            return;
        };
        let tenant = tenant.to_ascii_lowercase();
        let mut messages = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if message.trim().is_empty() {
            messages.remove(&tenant);
        } else {
            messages.insert(tenant, message.to_owned());
        }
    }

    /// The message of a tenant.
    pub fn of(&self, tenant: &str) -> Option<String> {
        let messages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        messages.get(&tenant.trim().to_ascii_lowercase()).cloned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_is_kept_until_another_is_set_or_none() {
        let messages = LoginMessages::default();
        assert_eq!(messages.of("demo"), None);
        messages.note("demo", &json!({"loginMessage": "Be good."}));
        assert_eq!(messages.of(" DEMO ").as_deref(), Some("Be good."));
        messages.note("demo", &json!({"minimumPasswordLength": 8}));
        assert_eq!(messages.of("demo").as_deref(), Some("Be good."));
        assert_eq!(messages.of("other"), None);
        messages.note("Demo", &json!({"loginMessage": " "}));
        assert_eq!(messages.of("demo"), None);
    }
}
