//! What the document says of background work. One function answers all of these routes, so each is
//! described by an item of its own.
#![expect(dead_code, reason = "only the descriptions are used")]

use model::{
    Problem,
    task::{
        ArchiveTask, BulkDeletion, CancelCopy, CancelDeletion, CopyTask, DeletionTask, GetArchive,
        GetCopy, GetDeletion, GetStats, PrefixCopy, Selection, StartArchive, StartCopy,
        StartDeletion, StartStats, StatsQuery, StatsTask,
    },
};

use crate::openapi::params::{Bytes, InBucket, OfTask};
use model::Endpoint as _;

/// The routes of this folder.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    start_stats,
    get_stats,
    start_archive,
    get_archive,
    start_deletion,
    get_deletion,
    cancel_deletion,
    start_copy,
    get_copy,
    cancel_copy,
))]
pub(in crate::routes) struct Documented;

#[utoipa::path(
    post,
    path = StartStats::ROUTE,
    operation_id = "start_stats",
    tag = "Background work",
    summary = "Count objects",
    description = "Objects, folders and bytes below a prefix, the newest object and the ten largest. The answer is a task to ask for; as a job it can be stopped.",
    params(InBucket, StatsQuery),
    responses(
        (status = 202, description = "`counting`.", body = StatsTask),
        (status = 429, description = "Too many tasks of the caller are running.", body = Problem),
    ),
)]
fn start_stats() {}

#[utoipa::path(
    get,
    path = GetStats::ROUTE,
    operation_id = "get_stats",
    tag = "Background work",
    summary = "Tell how far a count is",
    params(OfTask),
    responses(
        (
            status = 200,
            description = "The numbers so far; `ready` when they are complete, `failed` with `error` where they never will be.",
            body = StatsTask,
        ),
        (status = 404, description = "The caller has no such task in this bucket.", body = Problem),
    ),
)]
fn get_stats() {}

#[utoipa::path(
    post,
    path = StartArchive::ROUTE,
    operation_id = "start_archive",
    tag = "Background work",
    summary = "Download many objects as a ZIP archive",
    description = "The archive is made while it is downloaded: objects that cannot be read are listed in its last entry, `_errors.txt`. \
        With `Accept: application/json` or `Prefer: respond-async` it is made in the background, and the answer is a task to ask for.",
    params(
        InBucket,
        (
            "Prefer" = Option<String>,
            Header,
            description = "`respond-async` asks for a task.",
            nullable = false,
            example = "respond-async",
        ),
    ),
    request_body(content((Selection = "application/json"), (Selection = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The archive.", body = Bytes, content_type = "application/zip"),
        (status = 202, description = "`processing`.", body = ArchiveTask),
        (
            status = 400,
            description = "Neither `keys` nor prefixes, nothing below the prefixes, or more than 50,000 objects.",
            body = Problem,
        ),
        (status = 429, description = "Too many tasks of the caller are running.", body = Problem),
    ),
)]
fn start_archive() {}

#[utoipa::path(
    get,
    path = GetArchive::ROUTE,
    operation_id = "get_archive",
    tag = "Background work",
    summary = "Tell how far an archive is, or fetch it",
    description = "The same request answers with the archive when it is ready, as often as it is asked for.",
    params(
        OfTask,
        (
            "Range" = Option<String>,
            Header,
            description = "Only some of the archive's bytes.",
            nullable = false,
        ),
    ),
    responses(
        (
            status = 200,
            description = "`processing`, or the archive.",
            content((ArchiveTask = "application/json"), (Bytes = "application/zip")),
            headers(
                ("x-zip-failed" = u64, description = "How many objects could not be read."),
                ("x-zip-failed-keys" = String, description = "The first of their keys, percent-encoded, separated by commas."),
            ),
        ),
        (status = 206, description = "The bytes that were asked for.", body = Bytes, content_type = "application/zip"),
        (status = 304, description = "The archive is the one that the caller has."),
        (status = 404, description = "The caller has no such task in this bucket.", body = Problem),
        (status = 412, description = "The archive is another one.", body = Problem),
        (status = 416, description = "The archive has no such bytes.", body = Problem),
        (status = 500, description = "The archive could not be made: `detail` tells why.", body = Problem),
    ),
)]
fn get_archive() {}

#[utoipa::path(
    post,
    path = StartDeletion::ROUTE,
    operation_id = "start_deletion",
    tag = "Background work",
    summary = "Delete many objects in the background",
    params(InBucket),
    request_body = BulkDeletion,
    responses(
        (status = 202, description = "`processing`.", body = DeletionTask),
        (status = 429, description = "Too many tasks of the caller are running.", body = Problem),
    ),
)]
fn start_deletion() {}

#[utoipa::path(
    get,
    path = GetDeletion::ROUTE,
    operation_id = "get_deletion",
    tag = "Background work",
    summary = "Tell how far a deletion is",
    params(OfTask),
    responses(
        (status = 200, description = "The numbers so far.", body = DeletionTask),
        (status = 404, description = "The caller has no such task in this bucket.", body = Problem),
        (status = 502, description = "It failed: `detail` tells why.", body = Problem),
    ),
)]
fn get_deletion() {}

#[utoipa::path(
    post,
    path = CancelDeletion::ROUTE,
    operation_id = "cancel_deletion",
    tag = "Background work",
    summary = "Stop a deletion",
    description = "After the chunk that it is at; what is deleted stays deleted.",
    params(OfTask),
    responses(
        (status = 200, description = "`canceling`, or how it has ended.", body = DeletionTask),
        (status = 404, description = "The caller has no such task in this bucket.", body = Problem),
    ),
)]
fn cancel_deletion() {}

#[utoipa::path(
    post,
    path = StartCopy::ROUTE,
    operation_id = "start_copy",
    tag = "Background work",
    summary = "Copy, move or rename all below a prefix",
    description = "Inside the store. When moving, an object goes once its copy is made.",
    params(InBucket),
    request_body = PrefixCopy,
    responses(
        (status = 202, description = "`processing`.", body = CopyTask),
        (status = 429, description = "Too many tasks of the caller are running.", body = Problem),
    ),
)]
fn start_copy() {}

#[utoipa::path(
    get,
    path = GetCopy::ROUTE,
    operation_id = "get_copy",
    tag = "Background work",
    summary = "Tell how far a copy is",
    params(OfTask),
    responses(
        (status = 200, description = "The numbers so far.", body = CopyTask),
        (status = 404, description = "The caller has no such task in this bucket.", body = Problem),
        (status = 502, description = "It failed: `detail` tells why.", body = Problem),
    ),
)]
fn get_copy() {}

#[utoipa::path(
    post,
    path = CancelCopy::ROUTE,
    operation_id = "cancel_copy",
    tag = "Background work",
    summary = "Stop a copy",
    description = "After what it is at; what is copied stays copied.",
    params(OfTask),
    responses(
        (status = 200, description = "`canceling`, or how it has ended.", body = CopyTask),
        (status = 404, description = "The caller has no such task in this bucket.", body = Problem),
        (
            status = 415,
            description = "That is no task's id: an object's key may begin like this route.",
            body = Problem,
        ),
    ),
)]
fn cancel_copy() {}
