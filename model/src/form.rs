//! Plain HTML forms: each field set becomes the same request that a script would send.
//!
//! A page posts its form to its own URL with the hidden field `op`. [`decode`] turns the fields into a
//! request of the API; the server dispatches it and renders the page again, or redirects.

use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    BucketName, Endpoint, ErrorCode, ObjectKey, Problem, Timestamp, UploadId,
    acl::{
        ALL_USERS, AUTHENTICATED_USERS, AclPolicy, AclRight, Grant, Grantee, PutBucketAcl,
        PutObjectAcl,
    },
    auth::TokenRequest,
    bucket::{CreateBucket, DeleteBucket, NewBucket},
    cors::{ChangeCors, CorsChange, CorsEdit, RuleText},
    credentials::RevokeKey,
    endpoint::encode,
    expiry::{ClearExpiry, NewExpiry, SetExpiry, typed_life},
    id::folder_key,
    job::{CancelJob, JobKind, JobWait, KeySearch, NewJob, RetryJob, StartJob, UndoJob},
    link::{ChangeLink, LinkChange, RestoreLink, RevokeLink},
    mapi::{
        Choice, Schedule, ScheduleOverride,
        calls::{self, Carries, Operation, Parameter, ParameterKind},
        edit,
        week::{self, DAY, DAYS, Week, level_of},
    },
    multipart::{Abort, AbortUpload},
    object::{
        CopyObject, CopySource, CreateFolder, DeleteObject, DeleteObjects, Deletion, NewFolder,
    },
    problem::FieldError,
    properties::{NewProperties, Properties, PropertyField, SetProperties, pairs},
    route::is_task_id,
    session::{
        ChangeOwnPassword, OwnPassword, PreferencesChange, SessionChoice, SetPreferences, SignIn,
        SignOut, SignOutAll, SignOutOne, SwitchSession,
    },
    unit,
    version::{NewVersioning, PutVersioning, VersioningStatus},
};

/// The fields of a submitted form; a name may come several times.
pub type Fields = [(String, String)];

/// A form turned into a request of the API.
#[derive(Clone, Debug)]
pub struct FormRequest {
    /// The HTTP method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The JSON body.
    pub body: Option<Value>,
    /// Where to go when it worked: a path of this site.
    pub next: String,
}

/// What a failed form shows again: which form it was, what was typed, what is wrong.
#[derive(Clone, Debug)]
pub struct FormOutcome {
    /// The form's `op`.
    pub operation: String,
    /// What was typed, secrets left out; a name may come several times.
    pub values: Vec<(String, String)>,
    /// What is wrong.
    pub problem: Problem,
}

/// The field with the text of a file, where it is pasted and not chosen.
pub const FILE_TEXT: &str = "text";

/// Whether a form puts a file in by the operation of its `op`.
pub fn takes_file(op: &str) -> bool {
    let found = calls::operations().find(|operation| operation.id == op);
    found.is_some_and(|operation| operation.carries == Carries::File)
}

/// Whether a text has a private key in it, as people put in by mistake for a certificate.
pub fn holds_a_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

/// The field names whose values are never shown again.
const SECRET_FIELDS: &[&str] = &[
    "password",
    "newPassword",
    "oldPassword",
    "current_password",
    "new_password",
    "repeat_password",
    "webdavBasicAuthPassword",
];

/// The field with the session that the page was drawn with, as in the header of pages with scripts.
pub const SESSION: &str = "session";
/// The form that goes on as another session: what it leads to is a page that this one may see.
pub const SWITCH: &str = "switch_session";
/// What stands before the name of a path's parameter.
pub const AT: &str = "at.";
/// What stands before the name of a parameter of the query: an action, or the reason for it.
pub const QUERY: &str = "query.";
/// The field that says how many consequences there are to tick.
pub const CONSEQUENCES: &str = "consequences";
/// The field of each consequence that was ticked.
pub const CONSEQUENCE: &str = "consequence";
/// What stands in `next` for the name of what is created.
pub const NAME: &str = "{name}";
/// What stands in `next` for the id of the job that is started.
pub const JOB: &str = "{job}";
/// The units in which sizes are typed.
pub const SIZE_UNITS: [(&str, u64); 5] = [
    ("B", 1),
    ("KB", unit::KB),
    ("MB", unit::MB),
    ("GB", unit::GB),
    ("TB", unit::TB),
];
/// The field that names what cannot be undone among the fields of its form, with commas between.
pub const ONE_WAY: &str = "one_way";
/// The field that says that it is known, or that repeats the name of what goes.
pub const CONFIRMATION: &str = "confirmation";
/// The field with the words that are to be typed, where the page made them.
pub const PHRASE: &str = "phrase";
/// The form that sets when a link sends.
pub const SET_SCHEDULE: &str = "set_link_schedule";
/// The form that sets who may do what.
pub const SET_ACL: &str = "set_acl";
/// The form that sets when an object is removed.
pub const SET_EXPIRY: &str = "set_expiry";
/// The form by which an object stays that was to be removed.
pub const CLEAR_EXPIRY: &str = "clear_expiry";
/// The field with the seconds that something lives, or [`OWN`].
pub const EXPIRES_IN: &str = "expires_in";
/// That a time was typed, as a number and its unit.
pub const OWN: &str = "own";
/// The field with the number.
pub const NUMBER: &str = "number";
/// The field with the seconds of its unit.
pub const UNIT: &str = "unit";
/// The field with a grant that stays, as JSON; it comes once per grant.
pub const GRANT: &str = "grant";
/// The field with a name of metadata; it comes once per line.
pub const META_NAME: &str = "meta_name";
/// The field with its value.
pub const META_VALUE: &str = "meta_value";
/// The field with what has to be typed to confirm.
pub const EXPECTED: &str = "expected";

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, v)| v.as_str())
}

impl FormOutcome {
    /// Keeps what may be shown again of a form that failed.
    pub fn new(fields: &Fields, problem: Problem) -> Self {
        let values = fields
            .iter()
            .filter(|(name, _)| !SECRET_FIELDS.contains(&name.as_str()))
            .cloned()
            .collect();
        Self {
            operation: field(fields, "op").unwrap_or_default().to_owned(),
            values,
            problem,
        }
    }
}

/// Takes a path only if it stays on this site.
pub fn safe_path(path: &str) -> Option<&str> {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control);
    inside.then_some(path)
}

/// Turns the fields of a form into a request.
///
/// # Errors
/// The [`Problem`] names an unknown `op` or the fields that break rules.
pub fn decode(fields: &Fields) -> Result<FormRequest, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let next = |default: &str| {
        safe_path(value("next"))
            .filter(|path| !path.is_empty())
            .unwrap_or(default)
            .to_owned()
    };
    let bucket = || {
        BucketName::parse(value("bucket"))
            .map_err(|e| Problem::fields(vec![FieldError::body("bucket", e.to_string())]))
    };
    match value("op") {
        op @ ("sign_in" | "sign_out" | "sign_out_one" | "sign_out_all" | SWITCH) => {
            Ok(of_session(op, fields, &next))
        }
        "change_own_password" => own_password(fields, next("/")),
        "set_preferences" => Ok(request_of(&SetPreferences(preferences(fields)), next("/"))),
        "create_bucket" => {
            let request = CreateBucket(NewBucket {
                bucket: value("bucket").to_owned(),
            });
            Ok(request_of(&request, next("/buckets")))
        }
        "delete_bucket" => Ok(request_of(
            &DeleteBucket { bucket: bucket()? },
            next("/buckets"),
        )),
        "create_folder" => Ok(request_of(&creation(fields, bucket()?)?, next("/buckets"))),
        "delete_objects" => {
            let request = DeleteObjects {
                bucket: bucket()?,
                body: deletion(fields),
            };
            Ok(request_of(&request, next("/buckets")))
        }
        "change_cors" | "restore_version" | "delete_version" | "set_versioning"
        | "set_properties" | SET_EXPIRY | CLEAR_EXPIRY | SET_ACL => {
            of_bucket(value("op"), fields, bucket()?, next("/buckets"))
        }
        "empty_bucket" => Ok(request_of(&emptying(fields, bucket()?)?, next("/jobs"))),
        "measure_usage" => {
            let order = NewJob::new(JobKind::Usage, bucket()?.to_string());
            let wait = JobWait::default();
            Ok(request_of(&StartJob { order, wait }, next("/jobs")))
        }
        op @ ("measure_uploads" | "plan_abort_uploads" | "abort_uploads") => {
            Ok(request_of(&of_uploads(op, fields)?, next("/jobs/uploads")))
        }
        op @ ("start_search" | "cancel_job" | "retry_job" | "undo_job") => {
            of_job(op, fields, &next)
        }
        op @ ("revoke_link" | "restore_link" | "extend_link") => {
            of_link(op, fields, next("/links"))
        }
        "revoke_key" => {
            let access_key_id = value("access_key_id").to_owned();
            Ok(request_of(
                &RevokeKey { access_key_id },
                next("/credentials"),
            ))
        }
        "abort_upload" => Ok(request_of(&abortion(fields, bucket()?)?, next("/buckets"))),
        SET_SCHEDULE => schedule(fields, next("/")),
        other => match calls::operations().find(|operation| operation.id == other) {
            Some(operation) => management(operation, fields, next("/")),
            None => Err(Problem::fields(vec![FieldError::body(
                "op",
                format!("unknown form `{other}`"),
            )])),
        },
    }
}

/// A form about sessions.
fn of_session(op: &str, fields: &Fields, next: &impl Fn(&str) -> String) -> FormRequest {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let id = || value("id").to_owned();
    match op {
        "sign_out" => request_of(&SignOut, next("/sign-in")),
        "sign_out_one" => request_of(&SignOutOne { id: id() }, next("/sign-in")),
        "sign_out_all" => request_of(&SignOutAll, next("/sign-in")),
        SWITCH => request_of(&SwitchSession(SessionChoice { id: id() }), next("/")),
        _ => {
            let tenant = Some(value("tenant").to_owned()).filter(|t| !t.trim().is_empty());
            let request = TokenRequest {
                username: value("username").to_owned(),
                password: value("password").to_owned(),
                tenant,
                grant_type: None,
                workspace: None,
            };
            request_of(&SignIn(request), next("/"))
        }
    }
}

fn creation(fields: &Fields, bucket: BucketName) -> Result<CreateFolder, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let key = folder_key(value("prefix"), value("name"), ObjectKey::MAX_BYTES)
        .map_err(|e| Problem::fields(vec![FieldError::body("name", e.to_string())]))?;
    let folder = NewFolder {
        folder_name: key.into(),
    };
    Ok(CreateFolder { bucket, folder })
}

fn preferences(fields: &Fields) -> PreferencesChange {
    let mut change = PreferencesChange::default();
    for (name, word) in fields {
        change.take(name, word);
    }
    change
}

/// The forms of a bucket's CORS rules and versions.
fn of_bucket(
    op: &str,
    fields: &Fields,
    bucket: BucketName,
    next: String,
) -> Result<FormRequest, Problem> {
    Ok(match op {
        "change_cors" => {
            let body = cors_edit(fields)?;
            request_of(&ChangeCors { bucket, body }, next)
        }
        SET_ACL => granting(fields, bucket, next)?,
        "restore_version" => request_of(&restoring(fields, bucket)?, next),
        "set_properties" => request_of(&properties(fields, bucket)?, next),
        SET_EXPIRY => request_of(&ending(fields, bucket)?, next),
        CLEAR_EXPIRY => {
            let key = key_of(fields)?;
            request_of(&ClearExpiry { bucket, key }, next)
        }
        "delete_version" => {
            confirmed(fields)?;
            let (key, version_id) = version(fields)?;
            let request = DeleteObject {
                bucket,
                key,
                version_id: Some(version_id),
            };
            request_of(&request, next)
        }
        _ => request_of(&versioning(fields, bucket)?, next),
    })
}

/// The grants that stay, as they were told, and a new one.
fn granting(fields: &Fields, bucket: BucketName, next: String) -> Result<FormRequest, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let wrong = |name: &str, why: &str| Problem::fields(vec![FieldError::body(name, why)]);
    let kept = fields.iter().filter(|(name, _)| name == GRANT);
    let mut grants = kept
        .map(|(_, json)| {
            serde_json::from_str(json).map_err(|_not_one| wrong(GRANT, "This is no grant."))
        })
        .collect::<Result<Vec<Grant>, _>>()?;
    let person = value("person").trim();
    let new = match value("to") {
        "everybody" if value("public") != "true" => {
            return Err(wrong(
                "public",
                "Say that everybody shall have it, without an account.",
            ));
        }
        "everybody" => Some(Grantee::group(ALL_USERS)),
        "signed-in" => Some(Grantee::group(AUTHENTICATED_USERS)),
        _ if person.is_empty() => None,
        _ => Some(Grantee::typed(person, value("is_hcp") == "true")),
    };
    if let Some(grantee) = new {
        let right = AclRight::parse(value("right"));
        let right = right.ok_or_else(|| wrong("right", "There is no such right."))?;
        grants.push(Grant::new(grantee, right));
    }
    let text = |name: &str| Some(value(name).to_owned()).filter(|text| !text.is_empty());
    let policy = AclPolicy {
        grants: Some(grants),
        fingerprint: text("fingerprint"),
        ..AclPolicy::default()
    };
    let Some(key) = text("key") else {
        return Ok(request_of(&PutBucketAcl { bucket, policy }, next));
    };
    let key = ObjectKey::parse(key).map_err(|why| wrong("key", &why.to_string()))?;
    let request = PutObjectAcl {
        bucket,
        key,
        version_id: text("version_id"),
        policy,
    };
    Ok(request_of(&request, next))
}

/// A new password is typed twice where it can be mistyped unseen.
fn own_password(fields: &Fields, next: String) -> Result<FormRequest, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default().to_owned();
    if field(fields, "repeat_password").is_some_and(|again| again != value("new_password")) {
        return Err(Problem::fields(vec![FieldError::body(
            "repeat_password",
            "The two passwords differ.",
        )]));
    }
    let change = OwnPassword {
        current_password: Some(value("current_password")).filter(|typed| !typed.is_empty()),
        new_password: value("new_password"),
    };
    Ok(request_of(&ChangeOwnPassword(change), next))
}

/// A form of administration: `op` is the operation's id, `at.{name}` are the names of its path, and
/// the fields have HCP's names, each beside the text that it was loaded with.
fn management(
    operation: &Operation,
    fields: &Fields,
    next: String,
) -> Result<FormRequest, Problem> {
    confirmed(fields)?;
    let segments = operation.route.split('/').map(|segment| {
        let Some(name) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        else {
            return Ok(segment.to_owned());
        };
        let given = fields
            .iter()
            .find(|(field, value)| field.strip_prefix(AT) == Some(name) && !value.is_empty());
        given
            .map(|(_, value)| encode(value))
            .ok_or_else(|| Problem::fields(vec![FieldError::body(name, "the name is missing")]))
    });
    let path = segments.collect::<Result<Vec<_>, _>>()?.join("/");
    let query = query(operation, fields);
    let changing = operation.method == Method::POST || operation.method == Method::PUT;
    let body = changing.then(|| body(operation, fields));
    // What is done by an action, or by a name in the path, says nothing else.
    let body =
        body.filter(|body| !body.is_empty() || operation.takes.is_some() && query.is_empty());
    if operation.method == Method::POST
        && !ACTS.contains(&operation.id)
        && query.is_empty()
        && body.as_ref().is_none_or(Map::is_empty)
    {
        return Err(Problem::new(
            ErrorCode::Validation,
            "Nothing was changed, so nothing was saved.",
        ));
    }
    let separator = if query.is_empty() { "" } else { "?" };
    Ok(FormRequest {
        method: operation.method.clone(),
        path: format!("{path}{separator}{query}"),
        body: body.map(Value::Object),
        next: next.replace(NAME, &encode(field(fields, "name").unwrap_or_default())),
    })
}

/// Operations that do something without being told anything.
const ACTS: &[&str] = &[
    "prepare_logs",
    "download_logs",
    "prepare_health_check",
    "download_health_check",
    "cancel_health_check",
];

/// The parameters of the query that a form names. A secret never is one.
fn query(operation: &Operation, fields: &Fields) -> String {
    let named = operation.parameters.iter().filter(|one| {
        matches!(
            one.kind,
            ParameterKind::Action | ParameterKind::Flag | ParameterKind::Text
        ) && !one.in_body
    });
    let given = named.filter_map(|Parameter { name, .. }| {
        let given = fields.iter().find(|(field, value)| {
            field.strip_prefix(QUERY) == Some(*name) && !value.trim().is_empty()
        });
        given.map(|(_, value)| format!("{name}={}", encode(value.trim())))
    });
    given.collect::<Vec<_>>().join("&")
}

/// The week of one end of a link: as it was, what holds in its place, and hours that are set in it.
fn schedule(fields: &Fields, next: String) -> Result<FormRequest, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let wrong = |name: &str, why: &str| Problem::fields(vec![FieldError::body(name, why)]);
    let link_name = value("at.link_name").to_owned();
    let side = value("side");
    if link_name.is_empty() || !["local", "remote"].contains(&side) {
        return Err(wrong("side", "A link has this end and the other one."));
    }
    let before = Week::of_letters(value("was.week"));
    let mut week =
        Week::of_letters(value("week")).ok_or_else(|| wrong("week", "This is no week."))?;
    let hour = |name: &str| {
        value(name)
            .parse::<usize>()
            .ok()
            .filter(|hour| *hour <= DAY)
    };
    for (_, day) in fields.iter().filter(|(name, _)| name == "day") {
        let day = day.parse::<usize>().ok().filter(|day| *day < DAYS.len());
        let level = value("level").chars().next().and_then(level_of);
        match (
            day,
            hour("from").filter(|hour| *hour < DAY),
            hour("until"),
            level,
        ) {
            (Some(day), Some(from), Some(until), Some(level)) => {
                week.paint(day, from, until, level);
            }
            _ => return Err(wrong("from", "Hours go from 0 to 24.")),
        }
    }
    if week.is_off() {
        return Err(wrong(
            "week",
            "The link would never send: a week has to have some hour that is not off.",
        ));
    }
    let holds = |name: &str| Choice::<ScheduleOverride>::of(value(name)).known();
    let change = week::change(
        side,
        Some((&week, before.as_ref())),
        holds("override").map(|now| (now, holds("was.override"))),
    );
    if change.is_empty() {
        return Err(Problem::new(
            ErrorCode::Validation,
            "Nothing was changed, so nothing was saved.",
        ));
    }
    let query = calls::Nothing;
    let path = calls::SetSchedule {
        link_name,
        query,
        body: Schedule::default(),
    };
    Ok(FormRequest {
        method: Method::POST,
        path: path.path(),
        body: Some(Value::Object(change)),
        next,
    })
}

/// What changed, and what stands beside the resource: a first account, a password.
fn body(operation: &Operation, fields: &Fields) -> Map<String, Value> {
    let properties = operation.takes.map_or(&[][..], |shape| shape.properties);
    let mut body = edit::changes(properties, &edit::edits(fields, properties));
    let beside = operation.parameters.iter().filter(|one| one.in_body);
    for Parameter { name, kind, .. } in beside {
        let Some(value) = field(fields, name).filter(|value| !value.is_empty()) else {
            continue;
        };
        let value = match kind {
            ParameterKind::Flag => Value::Bool(value == "true"),
            _ => Value::from(value),
        };
        body.insert((*name).to_owned(), value);
    }
    // A password has no text that it was loaded with.
    for name in SECRET_FIELDS {
        let wanted = properties.iter().any(|property| property.name == *name);
        let value = field(fields, name).filter(|value| wanted && !value.is_empty());
        if let Some(value) = value {
            body.insert((*name).to_owned(), Value::from(value));
        }
    }
    body
}

/// What cannot be undone is confirmed: by the name of what goes, or by a tick.
fn confirmed(fields: &Fields) -> Result<(), Problem> {
    let given = field(fields, CONFIRMATION).unwrap_or_default();
    let unconfirmed = |message: String| {
        Err(Problem::fields(vec![FieldError::body(
            CONFIRMATION,
            message,
        )]))
    };
    match field(fields, EXPECTED) {
        Some(expected) if expected != given => {
            return unconfirmed(format!("Type {expected} to confirm"));
        }
        _ => {}
    }
    if let Some(count) = field(fields, CONSEQUENCES) {
        let ticked = fields.iter().filter(|(name, _)| name == CONSEQUENCE);
        if count.parse() != Ok(ticked.count()) {
            return Err(Problem::fields(vec![FieldError::body(
                CONSEQUENCE,
                "Tick each consequence.",
            )]));
        }
    }
    let changed = |name: &&str| {
        let before = fields
            .iter()
            .find(|(field, _)| field.strip_prefix(edit::BEFORE) == Some(name))
            .map_or("", |(_, value)| value);
        let now = field(fields, name).unwrap_or(if before == "true" { "false" } else { before });
        before != now && !(before == "false" && now != "true")
    };
    let one_way = field(fields, ONE_WAY).unwrap_or_default();
    if one_way.split(',').any(|name| changed(&name)) && given != "true" {
        return unconfirmed("This change cannot be undone. Tick the box to confirm it.".to_owned());
    }
    Ok(())
}

/// One change of CORS rules: the rule in fields of its own, the document as text, or a place.
fn cors_edit(fields: &Fields) -> Result<CorsEdit, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let place = |name: &str| {
        let wrong = || FieldError::body(name, "a place is a number");
        let place = value(name).parse::<usize>();
        place.map_err(|_not_a_number| Problem::fields(vec![wrong()]))
    };
    let rule = || {
        let faults = |faults: Vec<crate::cors::RuleFault>| {
            let fields = faults.iter();
            let fields = fields.map(|fault| FieldError::body(fault.field(), fault.to_string()));
            Problem::fields(fields.collect())
        };
        rule_text(fields).rule().map_err(faults)
    };
    let change = match value("change") {
        "add" => CorsChange::Add {
            at: (!value("at").is_empty()).then(|| place("at")).transpose()?,
            rule: rule()?,
        },
        "replace" => CorsChange::Replace {
            at: place("at")?,
            rule: rule()?,
        },
        "move" => CorsChange::Move {
            from: place("from")?,
            to: place("to")?,
        },
        "remove" => CorsChange::Remove { at: place("at")? },
        "document" => CorsChange::Document {
            xml: value("xml").to_owned(),
        },
        "copy_tenant" => CorsChange::CopyTenant,
        _ => {
            let fault = FieldError::body("change", "this is not a change");
            return Err(Problem::fields(vec![fault]));
        }
    };
    Ok(CorsEdit {
        fingerprint: value("fingerprint").to_owned(),
        change,
        with_tenant: value("with_tenant") == "true",
    })
}

/// The fields of a CORS rule.
pub fn rule_text(fields: &Fields) -> RuleText {
    let value = |name: &str| field(fields, name).unwrap_or_default().to_owned();
    let methods = fields.iter().filter(|(name, _)| name == "methods");
    RuleText {
        id: value("id"),
        origins: value("origins"),
        methods: methods.map(|(_, method)| method.clone()).collect(),
        headers: value("allowed"),
        exposed: value("exposed"),
        max_age: value("max_age"),
    }
}

/// The key and the version of a form. Never one without the other: without a version a deletion would be one
/// of the object.
fn version(fields: &Fields) -> Result<(ObjectKey, String), Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let refused = |name: &str, why: String| Problem::fields(vec![FieldError::body(name, why)]);
    let key = ObjectKey::parse(value("key")).map_err(|e| refused("key", e.to_string()))?;
    let id = value("version_id");
    if id.is_empty() {
        return Err(refused("version_id", "the version is missing".to_owned()));
    }
    Ok((key, id.to_owned()))
}

/// A version copied onto its own key.
fn restoring(fields: &Fields, bucket: BucketName) -> Result<CopyObject, Problem> {
    let (key, version_id) = version(fields)?;
    Ok(CopyObject {
        source: CopySource {
            source_bucket: bucket.to_string(),
            source_key: key.to_string(),
            source_version_id: Some(version_id),
        },
        bucket,
        key,
    })
}

fn key_of(fields: &Fields) -> Result<ObjectKey, Problem> {
    ObjectKey::parse(field(fields, "key").unwrap_or_default())
        .map_err(|e| Problem::fields(vec![FieldError::body("key", e.to_string())]))
}

/// When an object is removed: after one of the times that are offered, or after a number of some unit.
fn ending(fields: &Fields, bucket: BucketName) -> Result<SetExpiry, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let (name, life) = if value(EXPIRES_IN) == OWN {
        (NUMBER, typed_life(value(NUMBER), value(UNIT)))
    } else {
        (EXPIRES_IN, typed_life(value(EXPIRES_IN), "1"))
    };
    let refused = || {
        let why = "a whole number from 1 on, for a hundred years at most";
        Problem::fields(vec![FieldError::body(name, why)])
    };
    let etag = Some(value("etag")).filter(|etag| !etag.is_empty());
    Ok(SetExpiry {
        bucket,
        key: key_of(fields)?,
        expiry: NewExpiry {
            expires_in: life.ok_or_else(refused)?,
            etag: etag.map(str::to_owned),
        },
    })
}

/// What an object is described with; the pairs of its metadata come as names and values by turns.
fn properties(fields: &Fields, bucket: BucketName) -> Result<SetProperties, Problem> {
    let refused = |name: &str, why: String| Problem::fields(vec![FieldError::body(name, why)]);
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let key = ObjectKey::parse(value("key")).map_err(|e| refused("key", e.to_string()))?;
    let mut properties = Properties::default();
    for header in PropertyField::HEADERS {
        properties.set_header(header, value(header.as_str()).trim());
    }
    properties.metadata = pairs(&meta_pairs(fields))
        .map_err(|why| refused(PropertyField::Metadata.as_str(), why.to_string()))?;
    Ok(SetProperties {
        bucket,
        key,
        body: NewProperties {
            fingerprint: value("fingerprint").to_owned(),
            properties,
        },
    })
}

/// Names and values of metadata as they were typed, line by line.
pub fn meta_pairs(fields: &Fields) -> Vec<(String, String)> {
    let of = |name: &'static str| {
        let found = fields.iter().filter(move |(field, _)| field == name);
        found.map(|(_, value)| value.clone())
    };
    of(META_NAME).zip(of(META_VALUE)).collect()
}

/// Versioning on, which no bucket ever loses again, is confirmed; suspending it is not.
fn versioning(fields: &Fields, bucket: BucketName) -> Result<PutVersioning, Problem> {
    let status = match field(fields, "status") {
        Some("Enabled") => VersioningStatus::Enabled,
        Some("Suspended") => VersioningStatus::Suspended,
        _ => {
            let fault = FieldError::body("status", "versioning is Enabled or Suspended");
            return Err(Problem::fields(vec![fault]));
        }
    };
    if status == VersioningStatus::Enabled && field(fields, CONFIRMATION) != Some("true") {
        let told = "Tick the box to confirm it.";
        let fault = FieldError::body(CONFIRMATION, told);
        return Err(Problem::fields(vec![fault]));
    }
    Ok(PutVersioning {
        bucket,
        versioning: NewVersioning { status },
    })
}

/// A bucket is emptied once its name was typed.
fn emptying(fields: &Fields, bucket: BucketName) -> Result<StartJob, Problem> {
    if field(fields, CONFIRMATION) != Some(bucket.as_str()) {
        let told = format!("Type {bucket} to confirm");
        return Err(Problem::fields(vec![FieldError::body(CONFIRMATION, told)]));
    }
    let versions = field(fields, "versions") == Some("true");
    Ok(StartJob {
        order: NewJob::emptying(bucket.as_str(), versions),
        wait: JobWait::default(),
    })
}

/// What is unfinished is counted, or given up once the words that say how much were typed.
fn of_uploads(op: &str, fields: &Fields) -> Result<StartJob, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let chosen = fields.iter().filter(|(name, _)| name == "buckets");
    let buckets: Vec<String> = chosen.map(|(_, bucket)| bucket.clone()).collect();
    let wait = JobWait { wait: Some(2) };
    if op == "measure_uploads" {
        let order = NewJob::on_uploads(buckets);
        return Ok(StartJob { order, wait });
    }
    let days = value("days").trim().parse();
    let days = days.map_err(|_no_number| {
        Problem::fields(vec![FieldError::body("days", "a whole number of days")])
    })?;
    let plan = op == "plan_abort_uploads";
    if !plan && (value(PHRASE).is_empty() || value(CONFIRMATION) != value(PHRASE)) {
        let told = format!("Type {} to confirm", value(PHRASE));
        return Err(Problem::fields(vec![FieldError::body(CONFIRMATION, told)]));
    }
    let order = NewJob::aborting(buckets, days, plan);
    Ok(StartJob { order, wait })
}

/// The search over a listing that a form describes: sizes as a number with a unit beside it, times in UTC.
///
/// # Errors
/// The fields that cannot be read. Whether they make sense together is for [`NewJob::check`].
pub fn searching(fields: &Fields) -> Result<NewJob, Vec<FieldError>> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let mut faults = Vec::new();
    let mut size = |name: &str, unit: &str| {
        let typed = value(name).trim();
        let read = Some(typed).filter(|typed| !typed.is_empty()).map(|typed| {
            let bytes = bytes_of(typed, value(unit));
            bytes.ok_or_else(|| FieldError::body(name, "this is no size"))
        });
        read.transpose().unwrap_or_else(|fault| {
            faults.push(fault);
            None
        })
    };
    let (min_size, max_size) = (size("min_size", "min_unit"), size("max_size", "max_unit"));
    let mut time = |name: &str| {
        let typed = value(name).trim();
        let read = Some(typed).filter(|typed| !typed.is_empty()).map(|typed| {
            let why = "this is no date with a time";
            Timestamp::parse_typed(typed).ok_or_else(|| FieldError::body(name, why))
        });
        read.transpose().unwrap_or_else(|fault| {
            faults.push(fault);
            None
        })
    };
    let (changed_from, changed_to) = (time("changed_from"), time("changed_to"));
    if !faults.is_empty() {
        return Err(faults);
    }
    let search = KeySearch {
        prefix: value("prefix").to_owned(),
        name_contains: value("name_contains").to_owned(),
        name_matches: value("name_matches").to_owned(),
        match_case: value("match_case") == "true",
        min_size,
        max_size,
        changed_from,
        changed_to,
        limit: None,
    };
    Ok(NewJob::searching(value("bucket").trim(), search))
}

/// A size as it was typed, in bytes; with a comma or a point. `None` where it is no size.
pub fn bytes_of(number: &str, unit: &str) -> Option<u64> {
    let (_, scale) = match unit {
        "" => SIZE_UNITS.first(),
        unit => SIZE_UNITS.iter().find(|(word, _)| *word == unit),
    }?;
    // Whole numbers stay exact, however large.
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(*scale);
    }
    let plain = number
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    let value = number
        .replace(',', ".")
        .parse::<f64>()
        .ok()
        .filter(|_| plain)?;
    #[expect(clippy::cast_precision_loss, reason = "what is typed has few digits")]
    let bytes = (value * *scale as f64).round();
    // From here on, neighbours cannot be told apart.
    if !(0.0..9_007_199_254_740_992.0).contains(&bytes) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounded, and inside of the range"
    )]
    let bytes = bytes as u64;
    Some(bytes)
}

/// What a form does with a job. A search leads to itself, a stopped job is looked at where it was, and one that
/// was begun anew stands first in the list.
fn of_job(
    op: &str,
    fields: &Fields,
    next: &impl Fn(&str) -> String,
) -> Result<FormRequest, Problem> {
    if op == "start_search" {
        let order = searching(fields).map_err(Problem::fields)?;
        let wait = JobWait::default();
        let there = format!("/search?job={JOB}");
        return Ok(request_of(&StartJob { order, wait }, next(&there)));
    }
    let id = field(fields, "job").filter(|id| is_task_id(id));
    let id = id.map(str::to_owned).ok_or_else(|| {
        let why = "this is no job's id".to_owned();
        Problem::fields(vec![FieldError::body("job", why)])
    })?;
    let list = "/jobs".to_owned();
    Ok(match op {
        "cancel_job" => request_of(&CancelJob { id }, next("/jobs")),
        "retry_job" => request_of(&RetryJob { id }, list),
        _ => request_of(&UndoJob { id }, list),
    })
}

/// What a form does with a Hako link.
fn of_link(op: &str, fields: &Fields, next: String) -> Result<FormRequest, Problem> {
    let refused = |name: &str, why: &str| Problem::fields(vec![FieldError::body(name, why)]);
    let id = field(fields, "link").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| refused("link", "this is no link's id"))?;
    let id = id.to_owned();
    Ok(match op {
        "revoke_link" => request_of(&RevokeLink { id }, next),
        "restore_link" => request_of(&RestoreLink { id }, next),
        _ => {
            let life = field(fields, "expires_in").and_then(|life| life.parse().ok());
            let life: u64 = life.ok_or_else(|| refused("expires_in", "this is no time"))?;
            let change = LinkChange {
                expires_in: Some(life),
                uses: None,
            };
            request_of(&ChangeLink { id, change }, next)
        }
    })
}

/// The upload that a form gives up. Never without its key and its id: what HCP does not understand of
/// such a request it reads as the deletion of the object.
fn abortion(fields: &Fields, bucket: BucketName) -> Result<AbortUpload, Problem> {
    let value = |name: &str| field(fields, name).unwrap_or_default();
    let refused = |name: &str, why: String| Problem::fields(vec![FieldError::body(name, why)]);
    let key = ObjectKey::parse(value("key")).map_err(|e| refused("key", e.to_string()))?;
    let upload_id =
        UploadId::parse(value("upload_id")).map_err(|e| refused("upload_id", e.to_string()))?;
    let body = Abort {
        upload_id: upload_id.to_string(),
    };
    Ok(AbortUpload { bucket, key, body })
}

/// The keys of a form, and the one prefix. An empty prefix would be the whole bucket, which no form of
/// ours asks for.
fn deletion(fields: &Fields) -> Deletion {
    let keys = fields.iter().filter(|(name, _)| name == "key");
    let prefix = field(fields, "prefix").filter(|p| !p.is_empty());
    Deletion {
        keys: keys.map(|(_, value)| value.clone()).collect(),
        prefix: prefix.map(str::to_owned),
        all: false,
    }
}

fn request_of<E: Endpoint>(request: &E, next: String) -> FormRequest
where
    E::Body: Serialize,
{
    let body = request
        .body()
        .and_then(|body| serde_json::to_value(body).ok());
    FormRequest {
        method: E::METHOD,
        path: request.path(),
        body,
        next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn grants_that_are_ticked_stay_and_one_is_added() {
        let kept = Grant::new(Grantee::typed("anna", true), AclRight::Read);
        let json = serde_json::to_string(&kept).unwrap();
        let form = |more: &[(&str, &str)]| {
            let mut pairs = vec![
                ("op", SET_ACL),
                ("bucket", "scans"),
                ("fingerprint", "f"),
                ("is_hcp", "true"),
                (GRANT, json.as_str()),
            ];
            pairs.extend(more);
            decode(&fields(&pairs))
        };
        let policy = |more: &[(&str, &str)]| {
            let request = form(more).unwrap();
            assert_eq!(request.method, Method::PUT);
            let policy: AclPolicy = serde_json::from_value(request.body.unwrap()).unwrap();
            assert_eq!(policy.fingerprint.as_deref(), Some("f"));
            (request.path, policy.grants.unwrap())
        };
        let (path, grants) = policy(&[("to", "person"), ("person", " "), ("right", "READ")]);
        assert_eq!(path, "/api/v1/buckets/scans/acl");
        assert_eq!(grants, std::slice::from_ref(&kept));
        let bo = Grant::new(Grantee::typed("bo", true), AclRight::WriteAcp);
        let (path, grants) = policy(&[("key", "a b"), ("person", "bo"), ("right", "WRITE_ACP")]);
        assert_eq!(path, "/api/v1/buckets/scans/object/acl?key=a%20b");
        assert_eq!(grants, [kept, bo]);
        let public = [("to", "everybody"), ("right", "READ")];
        assert!(form(&public).unwrap_err().field("public").is_some());
        let (_, grants) = policy(&[public[0], public[1], ("public", "true")]);
        assert!(crate::acl::Public::of(&grants).read);
        for bad in [("right", "ALL"), (GRANT, "{")] {
            assert!(form(&[("person", "bo"), bad]).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_job_is_named_by_its_id_and_nothing_else() {
        const ID: &str = "5f0c3a52-6f5e-4c0e-9b6a-0f8d4a1b2c3d";
        for (op, word) in [
            ("cancel_job", "cancel"),
            ("retry_job", "retry"),
            ("undo_job", "undo"),
        ] {
            let request = decode(&fields(&[("op", op), ("job", ID)])).unwrap();
            assert_eq!(request.method, Method::POST);
            assert_eq!(request.path, format!("/api/v1/jobs/{ID}/{word}"));
            assert!(request.next.starts_with("/jobs"));
            let problem = decode(&fields(&[("op", op), ("job", "../x")])).unwrap_err();
            assert!(problem.field("job").is_some());
        }
    }

    #[test]
    fn a_search_is_read_with_its_units_and_times() {
        let request = decode(&fields(&[
            ("op", "start_search"),
            ("bucket", " raw-scans "),
            ("prefix", "a/"),
            ("name_contains", " x"),
            ("min_size", "1,5"),
            ("min_unit", "KB"),
            ("max_size", "2"),
            ("max_unit", "GB"),
            ("changed_from", "2026-01-31T12:00"),
            ("changed_to", ""),
        ]))
        .unwrap();
        assert_eq!(request.path, "/api/v1/jobs");
        assert_eq!(request.next, "/search?job={job}");
        let order: NewJob = serde_json::from_value(request.body.unwrap()).unwrap();
        assert!(order.check().is_ok());
        assert_eq!(
            (order.kind.as_str(), order.bucket.as_str()),
            ("search", "raw-scans")
        );
        let search = order.search.unwrap();
        assert_eq!(
            (search.prefix.as_str(), search.name_contains.as_str()),
            ("a/", " x")
        );
        assert_eq!(
            (search.min_size, search.max_size),
            (Some(1_536), Some(2 << 30))
        );
        let from = search.changed_from.map(|time| time.to_string());
        assert_eq!(from.as_deref(), Some("2026-01-31T12:00:00Z"));
        assert_eq!((search.changed_to, search.match_case), (None, false));

        let wrong = searching(&fields(&[
            ("bucket", "raw-scans"),
            ("min_size", "-1"),
            ("max_size", "1"),
            ("max_unit", "miles"),
            ("changed_from", "yesterday"),
        ]));
        let names: Vec<_> = wrong
            .unwrap_err()
            .iter()
            .map(|f| f.field().to_owned())
            .collect();
        assert_eq!(names, ["min_size", "max_size", "changed_from"]);
    }

    #[test]
    fn sizes_are_exact_where_they_are_whole() {
        assert_eq!(bytes_of("0", "B"), Some(0));
        assert_eq!(bytes_of("18446744073709551615", "B"), Some(u64::MAX));
        assert_eq!(bytes_of("18446744073709551615", "KB"), None);
        assert_eq!(bytes_of("0.5", "MB"), Some(524_288));
        for odd in ["", "1.2.3", "1e3", "NaN", "inf", "-0", "99999999999.5"] {
            assert_eq!(bytes_of(odd, "TB"), None, "{odd}");
        }
    }

    #[test]
    fn a_bucket_is_emptied_once_its_name_was_typed() {
        let typed = |text: &str, versions: &str| {
            decode(&fields(&[
                ("op", "empty_bucket"),
                ("bucket", "raw-scans"),
                ("versions", versions),
                (CONFIRMATION, text),
            ]))
        };
        for (versions, kind) in [("true", "purge"), ("", "delete")] {
            let request = typed("raw-scans", versions).unwrap();
            assert_eq!(request.method, Method::POST);
            assert_eq!(request.path, "/api/v1/jobs");
            assert_eq!(request.next, "/jobs");
            let order: NewJob = serde_json::from_value(request.body.unwrap()).unwrap();
            assert_eq!(order.kind.as_str(), kind);
            assert!(order.check().is_ok() && order.rule.is_some_and(|rule| rule.all));
        }
        for wrong in ["", "raw-scan", "RAW-SCANS", "raw-scans "] {
            let problem = typed(wrong, "true").unwrap_err();
            assert!(problem.field(CONFIRMATION).is_some(), "{wrong}");
        }
    }

    #[test]
    fn old_uploads_go_once_their_number_was_typed() {
        let sent = |op: &str, days: &str, typed: &str| {
            decode(&fields(&[
                ("op", op),
                ("days", days),
                ("buckets", "one"),
                ("buckets", "two"),
                (PHRASE, "abort 3 uploads"),
                (CONFIRMATION, typed),
            ]))
        };
        let order = |request: FormRequest| -> NewJob {
            assert_eq!(request.path, "/api/v1/jobs?wait=2");
            assert_eq!(request.next, "/jobs/uploads");
            serde_json::from_value(request.body.unwrap()).unwrap()
        };
        let plan = order(sent("plan_abort_uploads", "7", "").unwrap());
        assert!(plan.plan && plan.older_than_days == Some(7));
        assert_eq!(plan.buckets, ["one", "two"]);
        let abort = order(sent("abort_uploads", "7", "abort 3 uploads").unwrap());
        assert!(!abort.plan && abort.kind.as_str() == "abort_uploads");
        let measure = order(sent("measure_uploads", "", "").unwrap());
        assert_eq!(measure.kind.as_str(), "uploads");
        for wrong in ["", "abort 4 uploads"] {
            let problem = sent("abort_uploads", "7", wrong).unwrap_err();
            assert!(problem.field(CONFIRMATION).is_some(), "{wrong}");
        }
        let days = sent("plan_abort_uploads", "a week", "").unwrap_err();
        assert!(days.field("days").is_some());
    }

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for path in [
            "https://elsewhere",
            "//elsewhere",
            "/\\elsewhere",
            "elsewhere",
            "",
            "/a\nb",
        ] {
            assert_eq!(safe_path(path), None, "{path}");
        }
        assert_eq!(
            safe_path("/buckets/x?prefix=a%2F"),
            Some("/buckets/x?prefix=a%2F")
        );
        let request = decode(&fields(&[("op", "sign_out"), ("next", "//elsewhere")])).unwrap();
        assert_eq!(request.next, "/sign-in");
    }

    #[test]
    fn a_form_becomes_the_request_of_a_script() {
        let form = [
            ("op", "create_folder"),
            ("bucket", "b-1"),
            ("prefix", "a/"),
            ("name", "n"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.path, "/api/v1/buckets/b-1/objects/folder");
        assert_eq!(request.body.unwrap()["folder_name"], "a/n/");
    }

    #[test]
    fn a_folder_is_deleted_by_its_prefix_and_a_bucket_never() {
        let body = |pairs: &[(&str, &str)]| decode(&fields(pairs)).unwrap().body.unwrap();
        let form = [("op", "delete_objects"), ("bucket", "b-1"), ("key", "k")];
        let folder = body(&[form.as_slice(), &[("prefix", "a/")]].concat());
        assert_eq!(folder["prefix"], "a/");
        assert_eq!(folder["keys"][0], "k");
        let files = body(&[form.as_slice(), &[("prefix", "")]].concat());
        assert!(files["prefix"].is_null());
        assert_eq!(files["all"], false);
    }

    #[test]
    fn an_upload_is_given_up_by_its_key_and_id() {
        let form = [
            ("op", "abort_upload"),
            ("bucket", "b-1"),
            ("key", "a/ö&x"),
            ("upload_id", "94837746087105"),
            ("next", "/buckets/b-1/uploads"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(
            request.path,
            "/api/v1/buckets/b-1/object/multipart/abort?key=a%2F%C3%B6%26x"
        );
        assert_eq!(request.body.unwrap()["upload_id"], "94837746087105");
        assert_eq!(request.next, "/buckets/b-1/uploads");
        for missing in ["key", "upload_id"] {
            let some: Vec<_> = form.into_iter().filter(|(n, _)| *n != missing).collect();
            assert!(decode(&fields(&some)).is_err(), "{missing}");
        }
    }

    #[test]
    fn a_rule_is_changed_by_its_fields() {
        let form = [
            ("op", "change_cors"),
            ("bucket", "b-1"),
            ("fingerprint", "f"),
            ("change", "add"),
            ("origins", "https://a.example\r\nhttps://b.example"),
            ("methods", "PUT"),
            ("methods", "GET"),
            ("max_age", "60"),
            ("with_tenant", "true"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(request.path, "/api/v1/buckets/b-1/cors/changes");
        assert_eq!(
            request.body.unwrap(),
            serde_json::json!({
                "fingerprint": "f", "with_tenant": true,
                "change": {"kind": "add", "at": null, "rule": {
                    "AllowedOrigins": ["https://a.example", "https://b.example"],
                    "AllowedMethods": ["PUT", "GET"], "MaxAgeSeconds": 60,
                }},
            })
        );
        let with = |name: &str, value: &str| {
            let form = form.map(|(n, v)| if n == name { (n, value) } else { (n, v) });
            decode(&fields(&form))
        };
        assert!(
            with("methods", "PATCH")
                .unwrap_err()
                .field("methods")
                .is_some()
        );
        assert!(
            with("max_age", "soon")
                .unwrap_err()
                .field("max_age")
                .is_some()
        );
        assert!(with("change", "remove").unwrap_err().field("at").is_some());
        assert!(with("change", "burn").is_err());
    }

    #[test]
    fn a_version_is_never_deleted_without_its_name() {
        let form = [
            ("op", "delete_version"),
            ("bucket", "b-1"),
            ("key", "a&b"),
            ("version_id", "null"),
            ("expected", "delete 1 version"),
            ("confirmation", "delete 1 version"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(request.method, Method::DELETE);
        assert_eq!(
            request.path,
            "/api/v1/buckets/b-1/object?key=a%26b&version_id=null"
        );
        for missing in ["key", "version_id", "confirmation"] {
            let some: Vec<_> = form.into_iter().filter(|(n, _)| *n != missing).collect();
            assert!(decode(&fields(&some)).is_err(), "{missing}");
        }
        let restore = [
            ("op", "restore_version"),
            ("bucket", "b-1"),
            ("key", "a&b"),
            ("version_id", "7"),
        ];
        let request = decode(&fields(&restore)).unwrap();
        assert_eq!(request.path, "/api/v1/buckets/b-1/object/copy?key=a%26b");
        assert_eq!(
            request.body.unwrap(),
            serde_json::json!({
                "source_bucket": "b-1", "source_key": "a&b", "source_version_id": "7",
            })
        );
        assert!(decode(&fields(&restore[..3])).is_err());
    }

    #[test]
    fn versioning_is_switched_on_after_a_second_question() {
        let form = |status: &'static str, sure: &'static str| {
            decode(&fields(&[
                ("op", "set_versioning"),
                ("bucket", "b-1"),
                ("status", status),
                ("confirmation", sure),
            ]))
        };
        assert!(
            form("Enabled", "")
                .unwrap_err()
                .field("confirmation")
                .is_some()
        );
        assert_eq!(
            form("Enabled", "true").unwrap().body.unwrap()["status"],
            "Enabled"
        );
        assert_eq!(
            form("Suspended", "").unwrap().body.unwrap()["status"],
            "Suspended"
        );
        assert!(form("Off", "true").is_err());
    }

    #[test]
    fn a_password_is_not_shown_again() {
        let form = fields(&[
            ("op", "sign_in"),
            ("username", "u"),
            ("password", "hunter2"),
        ]);
        let outcome = FormOutcome::new(&form, Problem::fields(Vec::new()));
        assert!(
            outcome
                .values
                .contains(&("username".to_owned(), "u".to_owned()))
        );
        assert!(!format!("{outcome:?}").contains("hunter2"));
    }

    #[test]
    fn sessions_are_switched_and_ended_by_forms() {
        let form = |pairs: &[(&str, &str)]| decode(&fields(pairs)).unwrap();
        let switch = form(&[
            ("op", SWITCH),
            ("id", "a1"),
            ("next", "/buckets/x?prefix=a%2F"),
        ]);
        assert_eq!(switch.path, "/api/v1/sessions/current");
        assert_eq!(switch.body.unwrap()["id"], "a1");
        assert_eq!(switch.next, "/buckets/x?prefix=a%2F");
        let one = form(&[("op", "sign_out_one"), ("id", "a/1")]);
        assert_eq!(one.path, "/api/v1/sessions/a%2F1");
        assert_eq!(one.method, Method::DELETE);
        let all = form(&[("op", "sign_out_all")]);
        assert_eq!(
            (all.path.as_str(), all.next.as_str()),
            ("/api/v1/sessions", "/sign-in")
        );
    }

    #[test]
    fn a_new_password_is_typed_twice() {
        let typed = |again: &str| {
            let form = [
                ("op", "change_own_password"),
                ("current_password", ""),
                ("new_password", "hunter2"),
                ("repeat_password", again),
            ];
            decode(&fields(&form))
        };
        let request = typed("hunter2").unwrap();
        assert_eq!(request.path, "/api/v1/session/password");
        let body = request.body.unwrap();
        assert_eq!(body, serde_json::json!({"new_password": "hunter2"}));
        let refused = typed("hunter3").unwrap_err();
        assert!(refused.field("repeat_password").is_some());
        let form = fields(&[("op", "change_own_password"), ("new_password", "hunter2")]);
        assert!(!format!("{:?}", FormOutcome::new(&form, refused)).contains("hunter2"));
    }

    #[test]
    fn a_form_changes_the_preferences_that_it_has() {
        let form = [
            ("op", "set_preferences"),
            ("density", "compact"),
            ("theme", "purple"),
        ];
        let body = decode(&fields(&form)).unwrap().body.unwrap();
        assert_eq!(body, serde_json::json!({"density": "compact"}));
    }

    #[test]
    fn a_form_of_administration_becomes_the_call_of_a_script() {
        let form = [
            ("op", "modify_namespace"),
            ("next", "/namespaces/a%20b/general"),
            ("at.tenant_name", "acme"),
            ("at.ns_name", "a b"),
            ("was.description", ""),
            ("description", "scans"),
            ("was.softQuota", "85"),
            ("softQuota", "85"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.path, "/api/v1/mapi/tenants/acme/namespaces/a%20b");
        assert_eq!(
            request.body.unwrap(),
            serde_json::json!({"description": "scans"})
        );
        assert_eq!(request.next, "/namespaces/a%20b/general");
        let nothing: Vec<_> = form
            .into_iter()
            .filter(|(n, _)| *n != "description")
            .collect();
        assert!(decode(&fields(&nothing)).is_err());
        let nowhere: Vec<_> = form
            .into_iter()
            .filter(|(n, _)| *n != "at.ns_name")
            .collect();
        assert!(decode(&fields(&nowhere)).is_err());
    }

    #[test]
    fn the_first_account_of_a_tenant_goes_along() {
        let form = [
            ("op", "create_tenant"),
            ("next", "/system/tenants/{name}/created"),
            ("was.name", ""),
            ("name", "acme"),
            ("username", "root"),
            ("password", "hunter2!"),
            ("forcePasswordChange", "true"),
        ];
        let request = decode(&fields(&form)).unwrap();
        assert_eq!(request.method, Method::PUT);
        assert!(!request.path.contains("hunter2"));
        assert_eq!(request.next, "/system/tenants/acme/created");
        assert_eq!(
            request.body.unwrap(),
            serde_json::json!({
                "name": "acme", "username": "root",
                "password": "hunter2!", "forcePasswordChange": true,
            })
        );
    }

    #[test]
    fn what_cannot_be_undone_is_asked_for_twice() {
        let deletion = [
            ("op", "delete_user"),
            ("at.tenant_name", "acme"),
            ("at.username", "bob"),
            ("expected", "bob"),
        ];
        assert!(
            decode(&fields(&deletion))
                .unwrap_err()
                .field("confirmation")
                .is_some()
        );
        let confirmed = [deletion.as_slice(), &[("confirmation", "bob")]].concat();
        let request = decode(&fields(&confirmed)).unwrap();
        assert_eq!(request.method, Method::DELETE);
        assert_eq!(request.body, None);

        let door = |before: &'static str, now: &'static [(&'static str, &'static str)]| {
            let form = [
                ("op", "modify_versioning_settings"),
                ("at.tenant_name", "acme"),
                ("at.ns_name", "a"),
                ("one_way", "useDeleteMarkers"),
                ("was.useDeleteMarkers", before),
                ("was.pruneDays", "0"),
                ("pruneDays", "5"),
            ];
            decode(&fields(&[form.as_slice(), now].concat()))
        };
        assert!(door("false", &[]).is_ok());
        assert!(door("false", &[("useDeleteMarkers", "true")]).is_err());
        assert!(door("true", &[]).is_err());
        assert!(
            door(
                "false",
                &[("useDeleteMarkers", "true"), ("confirmation", "true")]
            )
            .is_ok()
        );
    }

    #[test]
    fn an_action_is_a_parameter_and_is_done_once_all_that_it_means_was_ticked() {
        let form = [
            ("op", "modify_replication_link"),
            ("at.link_name", "east west"),
            ("query.failOver", "true"),
            ("consequences", "2"),
            ("consequence", "true"),
            ("expected", "east west"),
            ("confirmation", "east west"),
        ];
        let problem = decode(&fields(&form)).unwrap_err();
        assert!(problem.field("consequence").is_some());
        let ticked = [form.as_slice(), &[("consequence", "true")]].concat();
        let request = decode(&fields(&ticked)).unwrap();
        assert_eq!(request.method, Method::POST);
        assert_eq!(
            request.path,
            "/api/v1/mapi/services/replication/links/east%20west?failOver=true"
        );
        assert_eq!(request.body, None);
        let untyped: Vec<_> = ticked
            .into_iter()
            .filter(|(name, _)| *name != "confirmation")
            .collect();
        assert!(
            decode(&fields(&untyped))
                .unwrap_err()
                .field(CONFIRMATION)
                .is_some()
        );

        let reason = |reason: &'static str| {
            decode(&fields(&[
                ("op", "modify_replication_service"),
                ("query.shutDownAllLinks", reason),
            ]))
        };
        assert!(reason(" ").is_err());
        let request = reason("a move & more").unwrap();
        assert!(
            request
                .path
                .ends_with("?shutDownAllLinks=a%20move%20%26%20more")
        );
        assert_eq!(request.body, None);
        let put = [
            ("op", "add_tenant_to_link"),
            ("at.link_name", "east"),
            ("at.tenant_name", "acme"),
            ("query.password", "hunter2"),
        ];
        let request = decode(&fields(&put)).unwrap();
        assert!(request.path.ends_with("/links/east/content/tenants/acme"));
        assert_eq!((request.method, request.body), (Method::PUT, None));
    }

    #[test]
    fn the_ends_of_a_new_link_are_sent_whole() {
        let form = [
            ("op", "create_replication_link"),
            ("was.name", ""),
            ("name", "east"),
            ("was.type", ""),
            ("type", "OUTBOUND"),
            ("was.connection.remoteHost", ""),
            ("connection.remoteHost", "replication.hcp2.example.com"),
            ("was.connection.remotePort", ""),
            ("connection.remotePort", "5748"),
            ("was.failoverSettings.remote.autoFailover", "false"),
            ("failoverSettings.remote.autoFailover", "true"),
            ("was.failoverSettings.remote.autoFailoverMinutes", "120"),
            ("failoverSettings.remote.autoFailoverMinutes", "30"),
        ];
        assert_eq!(
            decode(&fields(&form)).unwrap().body.unwrap(),
            serde_json::json!({
                "name": "east",
                "type": "OUTBOUND",
                "connection": {"remoteHost": "replication.hcp2.example.com", "remotePort": 5748},
                "failoverSettings": {"remote": {"autoFailover": true, "autoFailoverMinutes": 30}},
            })
        );
    }

    #[test]
    fn an_end_is_one_of_those_offered_or_a_number_with_its_unit() {
        let of = |pairs: &[(&str, &str)]| {
            let common = [("bucket", "b-1"), ("key", "a b")];
            let pairs: Vec<_> = common.iter().chain(pairs).copied().collect();
            decode(&fields(&pairs))
        };
        let hour = of(&[("op", SET_EXPIRY), (EXPIRES_IN, "3600"), (NUMBER, "7")]).unwrap();
        assert_eq!(hour.path, "/api/v1/buckets/b-1/object/expiry?key=a%20b");
        assert_eq!(hour.body.unwrap(), serde_json::json!({"expires_in": 3600}));
        let own = [
            ("op", SET_EXPIRY),
            (EXPIRES_IN, OWN),
            (NUMBER, "3"),
            (UNIT, "86400"),
            ("etag", "\"x\""),
        ];
        let own = of(&own).unwrap().body.unwrap();
        assert_eq!(
            own,
            serde_json::json!({"expires_in": 259_200, "etag": "\"x\""})
        );
        let wrong = of(&[("op", SET_EXPIRY), (EXPIRES_IN, OWN), (NUMBER, "x")]);
        assert!(wrong.unwrap_err().field(NUMBER).is_some());
        let none = of(&[("op", SET_EXPIRY)]).unwrap_err();
        assert!(none.field(EXPIRES_IN).is_some());
        let clear = of(&[("op", CLEAR_EXPIRY)]).unwrap();
        assert_eq!(clear.method, Method::DELETE);
        let no_key = decode(&fields(&[("op", CLEAR_EXPIRY), ("bucket", "b-1")]));
        assert!(no_key.unwrap_err().field("key").is_some());
    }

    #[test]
    fn a_week_is_set_by_hours_and_never_wholly_off() {
        let high = "h".repeat(168);
        let form = |changes: &[(&str, &str)]| {
            let same = [
                ("op", SET_SCHEDULE),
                ("at.link_name", "east"),
                ("side", "local"),
                ("was.week", high.as_str()),
                ("week", high.as_str()),
                ("was.override", "NONE"),
                ("override", "NONE"),
            ];
            decode(&fields(&[same.as_slice(), changes].concat()))
        };
        assert!(form(&[]).is_err());
        let hours = [
            ("from", "20"),
            ("until", "24"),
            ("level", "o"),
            ("day", "1"),
            ("day", "3"),
        ];
        let request = form(&hours).unwrap();
        assert!(request.path.ends_with("/links/east/schedule"));
        let off =
            |time: &str, level: &str| serde_json::json!({"time": time, "performanceLevel": level});
        assert_eq!(
            request.body.unwrap(),
            serde_json::json!({"local": {"transition": [
                off("Mon:20", "OFF"), off("Tue:00", "HIGH"), off("Wed:20", "OFF"), off("Thu:00", "HIGH"),
            ]}})
        );
        let all: Vec<(&str, &str)> = [("from", "0"), ("until", "24"), ("level", "o")]
            .into_iter()
            .chain(["0", "1", "2", "3", "4", "5", "6"].map(|day| ("day", day)))
            .collect();
        assert!(form(&all).unwrap_err().field("week").is_some());
        assert!(form(&[("day", "1"), ("from", "30"), ("until", "2"), ("level", "o")]).is_err());
    }

    #[test]
    fn an_unknown_form_is_a_problem() {
        assert!(decode(&fields(&[("op", "format_disk")])).is_err());
        assert!(decode(&[]).is_err());
    }
}
