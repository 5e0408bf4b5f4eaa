//! The system itself: network, licences, nodes and services, logs, health reports, support.

use super::{
    Nothing, StatusReply, Verbose,
    macros::calls,
    operation::{About, Answer, Shape},
    parameters::LogAction,
};
use crate::mapi::{
    DownloadStatus, HealthCheckDownload, HealthCheckPrepare, License, LogDownload, LogPrepare,
    NetworkSettings, NodesReport, ServicesReport, SupportAccessCredentials,
};

const UPDATED: Answer = Answer::Status("updated", About::Nothing);
const CREATED: Answer = Answer::Status("created", About::Nothing);
const OK: Answer = Answer::Status("ok", About::Nothing);

/// Licences: `{"license": [{"serialNumber": "300051"}]}`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Licenses {
    /// The licences.
    pub license: Vec<License>,
}

calls! {
    OF_SYSTEM;

    GetNetwork "get_network" "Tell how the system's names are answered"
        GET "/network" () Verbose
        => NetworkSettings, Answer::One(Shape::of::<NetworkSettings>());
    ModifyNetwork "modify_network" "Set how the system's names are answered"
        POST "/network" () Nothing, takes NetworkSettings as NetworkSettings []
        => StatusReply, UPDATED;

    ListLicenses "list_licenses" "List the licences; verbose: also those of the past"
        GET "/storage/licenses" () Verbose
        => Licenses, Answer::Listed("license", Shape::of::<License>());
    UploadLicense "upload_license" "Put in a licence"
        PUT "/storage/licenses" () Nothing, with file
        => StatusReply, CREATED;
    GetLicense "get_license" "Tell what a licence allows"
        GET "/storage/licenses/{serial_number}" (serial_number) Nothing
        => License, Answer::One(Shape::of::<License>());

    GetNodeStatistics "get_node_statistics" "Tell what each node does now"
        GET "/nodes/statistics" () Verbose
        => NodesReport, Answer::One(Shape::of::<NodesReport>());
    GetServiceStatistics "get_service_statistics" "Tell what the services of the system do now, or did last"
        GET "/services/statistics" () Verbose
        => ServicesReport, Answer::One(Shape::of::<ServicesReport>());

    GetLogStatus "get_log_status" "Tell how far the logs are that were asked for"
        GET "/logs" () Nothing
        => DownloadStatus, Answer::One(Shape::of::<DownloadStatus>());
    ActOnLogs "act_on_logs" "Write a mark into the logs, or give up those that were asked for"
        POST "/logs" () LogAction
        => StatusReply, OK;
    PrepareLogs "prepare_logs" "Make logs ready to be fetched"
        POST "/logs/prepare" () Nothing, takes LogPrepare as LogPrepare []
        => StatusReply, OK;
    DownloadLogs "download_logs" "Fetch the logs that are ready, as a ZIP archive"
        POST "/logs/download" () Nothing, may_take LogDownload as LogDownload
        => (), Answer::Archive("hcp-logs.zip");

    GetHealthCheckStatus "get_health_check_status" "Tell how far the health report is that was asked for"
        GET "/healthCheckReport" () Nothing
        => DownloadStatus, Answer::One(Shape::of::<DownloadStatus>());
    PrepareHealthCheck "prepare_health_check" "Make a health report ready to be fetched"
        POST "/healthCheckReport/prepare" () Nothing, takes HealthCheckPrepare as HealthCheckPrepare []
        => StatusReply, OK;
    CancelHealthCheck "cancel_health_check" "Give up the health report that was asked for"
        POST "/healthCheckReport/cancel" () Nothing
        => StatusReply, Answer::Status("cancelled", About::Nothing);
    DownloadHealthCheck "download_health_check" "Fetch the health report that is ready, as a ZIP archive"
        POST "/healthCheckReport/download" () Nothing, may_take HealthCheckDownload as HealthCheckDownload
        => (), Answer::Archive("hcp-health-check.zip");

    GetSupportAccess "get_support_credentials" "Tell by which key support gets in"
        GET "/supportaccesscredentials" () Nothing
        => SupportAccessCredentials, Answer::One(Shape::of::<SupportAccessCredentials>());
    UploadSupportAccess "upload_support_credentials" "Put in a key of one's own for support"
        PUT "/supportaccesscredentials" () Nothing, with file
        => StatusReply, CREATED;
}
