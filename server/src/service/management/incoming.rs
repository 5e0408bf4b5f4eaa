//! What came in: names of the path, parameters of the query, and a body, all checked.

use axum::body::Bytes;
use hcp::Call;
use http::{HeaderMap, Method};
use model::{
    mapi::{
        Value as _,
        calls::{Carries, Operation, Parameter, ParameterKind, check_segment},
        password::MAX_LENGTH,
    },
    problem::FieldError,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

use crate::{Error, audit, web::extract};

/// The names of a path with their parameters.
pub type Names = Vec<(String, String)>;

/// A request that can become a call.
#[derive(Debug)]
pub struct Incoming {
    names: Names,
    plain: Vec<(&'static Parameter, String)>,
    secrets: Vec<(&'static Parameter, SecretString)>,
    body: Map<String, Value>,
}

impl Incoming {
    /// Reads a request strictly: all that is wrong is named at once, and nothing of it repeated.
    pub fn read(
        operation: &'static Operation,
        names: Names,
        query: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Self, Error> {
        let mut faults = Vec::new();
        for (parameter, text) in &names {
            if let Err(rule) = check_segment(parameter, text) {
                faults.push(fault("path", &[parameter], "value_error", &rule));
            }
        }
        let mut incoming = Self {
            names,
            plain: Vec::new(),
            secrets: Vec::new(),
            body: Map::new(),
        };
        incoming.read_query(operation, query, &mut faults)?;
        let mut body = read_body(operation, headers, body)?;
        audit::note_properties(&body);
        incoming.read_properties(operation, &mut body, &mut faults);
        match operation.read(body) {
            Ok(body) => incoming.body = without_nulls(body),
            Err(found) => faults.extend(found.into_iter().map(|found| {
                let path: Vec<_> = found.path.iter().map(String::as_str).collect();
                if found.missing {
                    missing(&path)
                } else {
                    fault("body", &path, "value_error", &found.message)
                }
            })),
        }
        incoming.check_whole(operation, &mut faults);
        if faults.is_empty() {
            Ok(incoming)
        } else {
            Err(Error::Validation(faults))
        }
    }

    fn read_query(
        &mut self,
        operation: &'static Operation,
        query: &str,
        faults: &mut Vec<FieldError>,
    ) -> Result<(), Error> {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        for parameter in operation.parameters {
            let value = pairs.iter().rev().find(|(name, _)| name == parameter.name);
            let Some((_, text)) = value else {
                continue;
            };
            if parameter.kind == ParameterKind::Refused {
                return Err(Error::bad_request(
                    model::ErrorCode::InvalidArgument,
                    format!(
                        "{}: HCP takes this for one new password of all accounts with the security \
                         role, not for names. Send the password in the body: {{\"password\"}}.",
                        parameter.name
                    ),
                ));
            }
            match checked(parameter, text) {
                Ok(Some(value)) => self.put(parameter, value),
                Ok(None) => {}
                Err((kind, msg)) => faults.push(fault("query", &[parameter.name], kind, &msg)),
            }
        }
        Ok(())
    }

    /// Takes the parameters out of a body that may stand there as well; there they count more.
    fn read_properties(
        &mut self,
        operation: &'static Operation,
        body: &mut Map<String, Value>,
        faults: &mut Vec<FieldError>,
    ) {
        for parameter in operation.parameters.iter().filter(|p| p.in_body) {
            let Some(value) = body.remove(parameter.name).filter(|v| !v.is_null()) else {
                continue;
            };
            let text = match (parameter.kind, &value) {
                (ParameterKind::Flag | ParameterKind::Action, value) => {
                    bool::read(value).map(|flag| flag.to_string())
                }
                (_, Value::String(text)) => Ok(text.clone()),
                _ => Err("has to be text".to_owned()),
            };
            let read = text
                .map_err(|msg| ("value_error", msg))
                .and_then(|text| checked(parameter, &text));
            self.plain.retain(|(known, _)| known.name != parameter.name);
            self.secrets
                .retain(|(known, _)| known.name != parameter.name);
            match read {
                Ok(Some(value)) => self.put(parameter, value),
                Ok(None) => {}
                Err((kind, msg)) => faults.push(fault("body", &[parameter.name], kind, &msg)),
            }
        }
    }

    fn put(&mut self, parameter: &'static Parameter, value: String) {
        if parameter.kind == ParameterKind::Secret {
            self.secrets.push((parameter, value.into()));
        } else {
            self.plain.push((parameter, value));
        }
    }

    /// Rules between several things.
    fn check_whole(&self, operation: &Operation, faults: &mut Vec<FieldError>) {
        // What is wrong in itself is not missing as well.
        let is_named = |name: &str, faults: &[FieldError]| faults.iter().any(|f| f.field() == name);
        let mut wants = |name: &str, given: bool| {
            if !given && !is_named(name, faults) {
                faults.push(missing(&[name]));
            }
        };
        match operation.id {
            "create_tenant" => {
                let by_group = self.parameter("initialSecurityGroup").is_some();
                let account = self.parameter("username").is_some();
                wants("username", account || by_group);
                wants("password", self.password().is_some() || !account);
            }
            "create_user" => {
                // RADIUS knows the password of an account that is not local.
                let local = self.body.get("localAuthentication") != Some(&Value::Bool(false));
                wants("password", self.password().is_some() || !local);
            }
            "set_system_user_password" | "reset_passwords" => {
                wants("password", self.password().is_some());
            }
            _ => {}
        }
        let actions = self.plain.iter().map(|(parameter, _)| parameter);
        let actions: Vec<_> = actions
            .filter(|p| p.kind == ParameterKind::Action)
            .collect();
        if let [_, second, ..] = actions[..] {
            let rule = "one action at a time";
            faults.push(fault("query", &[second.name], "value_error", rule));
        }
        if let (Some(start), Some(end)) = (self.time("start"), self.time("end"))
            && start > end
        {
            let rule = "is not after the end";
            faults.push(fault("query", &["start"], "value_error", rule));
        }
    }

    fn time(&self, name: &str) -> Option<OffsetDateTime> {
        instant(self.parameter(name)?)
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.plain.iter().find(|(known, _)| known.name == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The new password.
    pub(super) fn password(&self) -> Option<&SecretString> {
        self.secrets.first().map(|(_, secret)| secret)
    }

    /// Whether there is a new password, and nothing else changes.
    pub(super) fn is_password_alone(&self) -> bool {
        self.body.is_empty() && !self.secrets.is_empty()
    }

    /// Whether a list is to hold more than names.
    pub(super) fn is_full(&self) -> bool {
        self.parameter("verbose").is_some()
    }

    /// Whether nothing is to change.
    pub(super) fn is_dry_run(&self) -> bool {
        self.parameter("dry_run").is_some()
    }

    /// A property of the body.
    pub(super) fn property(&self, name: &str) -> Option<&Value> {
        self.body.get(name)
    }

    /// A name of the path.
    pub(super) fn name(&self, parameter: &str) -> Option<&str> {
        let found = self.names.iter().find(|(known, _)| known == parameter);
        found.map(|(_, name)| name.as_str())
    }

    /// All names of the path.
    pub(super) fn names(&self) -> Vec<&str> {
        self.names.iter().map(|(_, name)| name.as_str()).collect()
    }

    /// The last name of the path.
    pub(super) fn last_name(&self) -> &str {
        self.names.last().map_or("", |(_, name)| name.as_str())
    }

    /// The password itself, for the one body that HCP takes it in.
    pub(super) fn password_body(&self) -> Map<String, Value> {
        let password = self.password().map(|p| p.expose_secret().to_owned());
        Map::from_iter([("newPassword".to_owned(), password.into())])
    }

    /// HCP wants a body, be it empty, with each change; but with an action of replication none (HCP's
    /// management API, "Query parameters").
    fn sends_body(&self, operation: &Operation) -> bool {
        let replicates = operation.below().starts_with("/services/replication");
        match operation.takes {
            Some(_) if operation.carries == Carries::Body => true,
            Some(_) => !self.body.is_empty() || !replicates,
            None => operation.method == Method::POST && !replicates,
        }
    }

    /// The call on HCP.
    pub(super) fn call(&self, operation: &'static Operation) -> Result<Call, Error> {
        let mut call = Call::new(operation, &self.names())?;
        if operation.id == "cancel_health_check" {
            // HCP has it as an action of the report.
            call = call.to("/healthCheckReport").acting("cancel");
        }
        let sent = self.plain.iter().filter(|(p, _)| !p.sent_as.is_empty());
        for (parameter, value) in sent {
            call = match parameter.kind {
                ParameterKind::Action => call.acting(parameter.sent_as),
                _ => call.with(parameter.sent_as, value),
            };
        }
        let by_interval = operation.parameters.iter().any(|p| p.name == "granularity");
        if by_interval && self.parameter("granularity").is_none() {
            call = call.with("granularity", "total");
        }
        for (parameter, secret) in &self.secrets {
            call = call.with_secret(parameter.sent_as, secret.clone());
        }
        if self.sends_body(operation) {
            let mut body = self.body.clone();
            // Old scripts send it; HCP refuses a body with more than the new one.
            body.remove("oldPassword");
            call = call.with_body(body);
        }
        Ok(call)
    }
}

fn read_body(
    operation: &Operation,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Map<String, Value>, Error> {
    let may_be_in_body = operation.parameters.iter().any(|p| p.in_body);
    let is_needed = operation.takes.is_some() && operation.carries == Carries::Body;
    let may_be = operation.takes.is_some() || may_be_in_body;
    if !may_be || (!is_needed && body.trim_ascii().is_empty()) {
        return Ok(Map::new());
    }
    match extract::json_of(headers, body)? {
        Value::Object(properties) => Ok(properties),
        Value::Null if !is_needed => Ok(Map::new()),
        _ => Err(Error::Validation(vec![fault(
            "body",
            &[],
            "model_attributes_type",
            "Input should be an object",
        )])),
    }
}

/// A value as it is sent on; none where there is nothing to send.
fn checked(parameter: &Parameter, text: &str) -> Result<Option<String>, (&'static str, String)> {
    match parameter.kind {
        ParameterKind::Flag | ParameterKind::Action => match flag(text) {
            Some(flag) => Ok(flag.then(|| "true".to_owned())),
            None => Err((
                "bool_parsing",
                "Input should be a valid boolean, unable to interpret input".to_owned(),
            )),
        },
        ParameterKind::Number => match text.parse::<u32>() {
            Ok(number) => Ok(Some(number.to_string())),
            Err(_) => Err((
                "int_parsing",
                "Input should be a whole number from 0 on".to_owned(),
            )),
        },
        ParameterKind::Word(words) if words.contains(&text) => Ok(Some(text.to_owned())),
        ParameterKind::Word(words) => {
            let msg = format!("Input should be one of {}", words.join(", "));
            Err(("enum", msg))
        }
        // A plus sign that nobody encoded came as a space.
        ParameterKind::Time => Ok(Some(text.trim().replace(' ', "+")).filter(|t| !t.is_empty())),
        ParameterKind::Text => Ok(Some(text.to_owned()).filter(|t| !t.is_empty())),
        ParameterKind::Secret if text.is_empty() || text.chars().count() > MAX_LENGTH => {
            let msg = format!("A password has 1 to {MAX_LENGTH} characters");
            Err(("value_error", msg))
        }
        ParameterKind::Secret => Ok(Some(text.to_owned())),
        ParameterKind::Ignored | ParameterKind::Refused => Ok(None),
    }
}

/// The words for true and false (the contract's, in any case).
fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "t" | "on" => Some(true),
        "false" | "0" | "no" | "n" | "f" | "off" => Some(false),
        _ => None,
    }
}

/// A time as scripts write it: with a zone in either form, or a date alone. What cannot be read here is
/// for HCP to judge.
fn instant(text: &str) -> Option<OffsetDateTime> {
    if let Ok(time) = OffsetDateTime::parse(text, &Iso8601::PARSING) {
        return Some(time);
    }
    // HCP writes the zone without a colon.
    let with_colon = text
        .char_indices()
        .nth_back(1)
        .filter(|_| text.len() > 5 && text.is_char_boundary(text.len() - 5))
        .map(|(at, _)| format!("{}:{}", &text[..at], &text[at..]));
    if let Some(text) = with_colon
        && let Ok(time) = OffsetDateTime::parse(&text, &Iso8601::PARSING)
    {
        return Some(time);
    }
    let date = Date::parse(text, &Iso8601::DATE).ok()?;
    Some(date.midnight().assume_utc())
}

fn without_nulls(mut body: Map<String, Value>) -> Map<String, Value> {
    body.retain(|_, value| !value.is_null());
    body
}

fn missing(path: &[&str]) -> FieldError {
    fault("body", path, "missing", "Field required")
}

fn fault(place: &str, path: &[&str], kind: &str, msg: &str) -> FieldError {
    let loc = std::iter::once(&place).chain(path);
    FieldError {
        kind: kind.to_owned(),
        loc: loc.map(|one| (*one).to_owned()).collect(),
        msg: msg.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_scripts_and_hcp_write_them() {
        let of = |text: &str| instant(text).map(OffsetDateTime::unix_timestamp);
        let noon = Some(1_767_268_800);
        assert_eq!(of("2026-01-01T12:00:00Z"), noon);
        assert_eq!(of("2026-01-01T13:00:00+01:00"), noon);
        assert_eq!(of("2026-01-01T07:00:00-0500"), noon);
        assert_eq!(of("2026-01-01"), Some(1_767_225_600));
        for text in ["", "yesterday", "ä", "äöüß", "2026"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
