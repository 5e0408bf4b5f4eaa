//! Replication: the service, certificates, links with what goes by them and when.

use super::{
    Nothing, StatusReply, Verbose,
    macros::calls,
    operation::{About, Answer, Shape},
    parameters::{AllLinks, LinkActions, TenantActions, Unpaged},
};
use crate::mapi::{
    Certificate, Link, LinkContent, LinkTenant, Names, ReplicationService, Schedule,
};

const UPDATED: Answer = Answer::Status("updated", About::Nothing);
const CONTENT: Answer = Answer::One(Shape::of::<LinkContent>());
const TENANTS: Answer = Answer::Members("tenants", Shape::of::<LinkContent>());
const DIRECTORIES: Answer =
    Answer::Members("defaultNamespaceDirectories", Shape::of::<LinkContent>());
const LINKS: Answer = Answer::Members("chainedLinks", Shape::of::<LinkContent>());

/// Certificates: `{"certificate": [{"id": "server"}]}`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Certificates {
    /// The certificates.
    pub certificate: Vec<Certificate>,
}

calls! {
    OF_REPLICATION;

    GetReplication "get_replication_service" "Tell how the system replicates"
        GET "/services/replication" () Verbose
        => ReplicationService, Answer::One(Shape::of::<ReplicationService>());
    ModifyReplication "modify_replication_service" "Set how the system replicates, or stop or start all links"
        POST "/services/replication" () AllLinks, may_take ReplicationService as ReplicationService
        => StatusReply, UPDATED;

    ListCertificates "list_certificates" "List the certificates of the systems that are trusted"
        GET "/services/replication/certificates" () Verbose
        => Certificates, Answer::Listed("certificate", Shape::of::<Certificate>());
    UploadCertificate "upload_certificate" "Trust another system: put in its certificate"
        PUT "/services/replication/certificates" () Nothing, with file
        => StatusReply, Answer::Status("created", About::Nothing);
    GetServerCertificate "download_server_certificate" "Fetch the system's own certificate, for others to trust"
        GET "/services/replication/certificates/server" () Nothing
        => String, Answer::Text("text/plain; charset=utf-8", "hcp-certificate.pem");
    GetCertificate "get_certificate" "Tell whose a certificate is"
        GET "/services/replication/certificates/{certificate_id}" (certificate_id) Nothing
        => Certificate, Answer::One(Shape::of::<Certificate>());
    DeleteCertificate "delete_certificate" "Trust another system no longer"
        DELETE "/services/replication/certificates/{certificate_id}" (certificate_id) Nothing
        => StatusReply, Answer::Status("deleted", About::Path("certificate_id", "certificateId"));

    ListLinks "list_replication_links" "List the links to other systems"
        GET "/services/replication/links" () Unpaged, full ListLinksInFull Vec<Link>
        => Names, Answer::Names("name", Some(Shape::of::<Link>()));
    CreateLink "create_replication_link" "Make a link to another system"
        PUT "/services/replication/links" () Nothing,
        takes Link as Link ["name", "type", "connection", "connection.remoteHost"]
        => StatusReply, Answer::Status("created", About::Body("name"));
    GetLink "get_replication_link" "Tell what a link is and how it does"
        GET "/services/replication/links/{link_name}" (link_name) Verbose
        => Link, Answer::One(Shape::of::<Link>());
    HeadLink "head_replication_link" "Look whether a link is there"
        HEAD "/services/replication/links/{link_name}" (link_name) Nothing
        => (), Answer::Nothing;
    ModifyLink "modify_replication_link" "Change a link, or act on it"
        POST "/services/replication/links/{link_name}" (link_name) LinkActions, may_take Link as Link
        => StatusReply, UPDATED;
    DeleteLink "delete_replication_link" "Delete a link"
        DELETE "/services/replication/links/{link_name}" (link_name) Nothing
        => StatusReply, Answer::Status("deleted", About::Path("link_name", "name"));

    GetLinkContent "get_link_content" "Tell what goes by a link"
        GET "/services/replication/links/{link_name}/content" (link_name) Nothing
        => LinkContent, CONTENT;
    ListLinkTenants "list_link_tenants" "List the tenants that go by a link"
        GET "/services/replication/links/{link_name}/content/tenants" (link_name) Nothing
        => LinkContent, TENANTS;
    GetLinkTenant "get_link_tenant" "Tell how far a tenant is with a link"
        GET "/services/replication/links/{link_name}/content/tenants/{tenant_name}" (link_name, tenant_name) Nothing
        => LinkTenant, Answer::One(Shape::of::<LinkTenant>());
    AddLinkTenant "add_tenant_to_link" "Let a tenant go by a link"
        PUT "/services/replication/links/{link_name}/content/tenants/{tenant_name}" (link_name, tenant_name) Nothing
        => StatusReply, Answer::Status("created", About::Path("tenant_name", "tenant"));
    ActOnLinkTenant "act_on_link_tenant" "Stop a tenant on a link, or let it go on"
        POST "/services/replication/links/{link_name}/content/tenants/{tenant_name}" (link_name, tenant_name) TenantActions
        => StatusReply, UPDATED;
    RemoveLinkTenant "remove_tenant_from_link" "Let a tenant go by a link no longer"
        DELETE "/services/replication/links/{link_name}/content/tenants/{tenant_name}" (link_name, tenant_name) Nothing
        => StatusReply, Answer::Status("deleted", About::Path("tenant_name", "tenant"));
    ListLinkDirectories "list_link_default_ns_dirs" "List the directories of the default namespace that go by a link"
        GET "/services/replication/links/{link_name}/content/defaultNamespaceDirectories" (link_name) Nothing
        => LinkContent, DIRECTORIES;
    AddLinkDirectory "add_default_ns_dir_to_link" "Let a directory of the default namespace go by a link"
        PUT "/services/replication/links/{link_name}/content/defaultNamespaceDirectories/{dir_name}"
        (link_name, dir_name) Nothing
        => StatusReply, Answer::Status("created", About::Path("dir_name", "directory"));
    RemoveLinkDirectory "remove_default_ns_dir_from_link"
        "Let a directory of the default namespace go by a link no longer"
        DELETE "/services/replication/links/{link_name}/content/defaultNamespaceDirectories/{dir_name}"
        (link_name, dir_name) Nothing
        => StatusReply, Answer::Status("deleted", About::Path("dir_name", "directory"));
    ListChainedLinks "list_chained_links" "List the links whose objects go on by a link"
        GET "/services/replication/links/{link_name}/content/chainedLinks" (link_name) Nothing
        => LinkContent, LINKS;
    AddChainedLink "add_chained_link" "Let the objects of another link go on by a link"
        PUT "/services/replication/links/{link_name}/content/chainedLinks/{chained_link_name}"
        (link_name, chained_link_name) Nothing
        => StatusReply, Answer::Status("created", About::Path("chained_link_name", "name"));
    RemoveChainedLink "remove_chained_link" "Let the objects of another link go on by a link no longer"
        DELETE "/services/replication/links/{link_name}/content/chainedLinks/{chained_link_name}"
        (link_name, chained_link_name) Nothing
        => StatusReply, Answer::Status("deleted", About::Path("chained_link_name", "name"));

    GetLocalCandidates "get_local_candidates" "Tell what of this system could go by a link"
        GET "/services/replication/links/{link_name}/localCandidates" (link_name) Nothing
        => LinkContent, CONTENT;
    ListLocalTenants "get_local_candidate_tenants" "List the tenants of this system that could go by a link"
        GET "/services/replication/links/{link_name}/localCandidates/tenants" (link_name) Nothing
        => LinkContent, TENANTS;
    ListLocalDirectories "get_local_candidate_dirs" "List the directories of this system that could go by a link"
        GET "/services/replication/links/{link_name}/localCandidates/defaultNamespaceDirectories" (link_name) Nothing
        => LinkContent, DIRECTORIES;
    ListLocalLinks "get_local_candidate_chained" "List the links of this system whose objects could go on by a link"
        GET "/services/replication/links/{link_name}/localCandidates/chainedLinks" (link_name) Nothing
        => LinkContent, LINKS;
    GetRemoteCandidates "get_remote_candidates" "Tell what of the other system could go by a link"
        GET "/services/replication/links/{link_name}/remoteCandidates" (link_name) Nothing
        => LinkContent, CONTENT;
    ListRemoteTenants "get_remote_candidate_tenants" "List the tenants of the other system that could go by a link"
        GET "/services/replication/links/{link_name}/remoteCandidates/tenants" (link_name) Nothing
        => LinkContent, TENANTS;
    ListRemoteDirectories "get_remote_candidate_dirs"
        "List the directories of the other system that could go by a link"
        GET "/services/replication/links/{link_name}/remoteCandidates/defaultNamespaceDirectories" (link_name) Nothing
        => LinkContent, DIRECTORIES;
    ListRemoteLinks "get_remote_candidate_chained"
        "List the links of the other system whose objects could go on by a link"
        GET "/services/replication/links/{link_name}/remoteCandidates/chainedLinks" (link_name) Nothing
        => LinkContent, LINKS;

    GetSchedule "get_link_schedule" "Tell when a link sends, and how much"
        GET "/services/replication/links/{link_name}/schedule" (link_name) Nothing
        => Schedule, Answer::One(Shape::of::<Schedule>());
    SetSchedule "set_link_schedule" "Set when a link sends, and how much"
        POST "/services/replication/links/{link_name}/schedule" (link_name) Nothing,
        takes Schedule as Schedule [
            "local.transition.time", "local.transition.performanceLevel",
            "remote.transition.time", "remote.transition.performanceLevel"
        ]
        => StatusReply, UPDATED;
}
