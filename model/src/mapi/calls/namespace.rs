//! Namespaces and their settings.

use super::{
    Checkpoint, Nothing, Period, StatusReply, Verbose,
    macros::calls,
    operation::{About, Answer, Shape},
    parameters::{Paging, Unpaged},
};
use crate::mapi::{
    ChargebackReport, CifsProtocol, ComplianceSettings, Cors, CustomMetadataIndexingSettings,
    HttpProtocol, Names, Namespace, NfsProtocol, PermissionMask, Protocols,
    ReplicationCollisionSettings, RetentionClass, SmtpProtocol, Statistics, VersioningSettings,
};

const UPDATED: Answer = Answer::Status("updated", About::Nothing);
const DELETED: Answer = Answer::Status("deleted", About::Nothing);

calls! {
    OF_NAMESPACES;

    ListNamespaces "list_namespaces" "List the namespaces of a tenant"
        GET "/tenants/{tenant_name}/namespaces" (tenant_name) Paging,
        full ListNamespacesInFull Vec<Namespace>
        => Names, Answer::Names("name", Some(Shape::of::<Namespace>()));
    CreateNamespace "create_namespace" "Create a namespace"
        PUT "/tenants/{tenant_name}/namespaces" (tenant_name) Nothing,
        takes Namespace as Namespace ["name"]
        => StatusReply, Answer::Status("created", About::Body("name"));
    GetNamespace "get_namespace" "Tell what a namespace is"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}" (tenant_name, ns_name) Verbose
        => Namespace, Answer::One(Shape::of::<Namespace>());
    HeadNamespace "head_namespace" "Look whether a namespace is there"
        HEAD "/tenants/{tenant_name}/namespaces/{ns_name}" (tenant_name, ns_name) Nothing
        => (), Answer::Nothing;
    ModifyNamespace "modify_namespace" "Change or rename a namespace"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}" (tenant_name, ns_name) Checkpoint,
        takes Namespace as Namespace []
        => StatusReply, UPDATED;
    DeleteNamespace "delete_namespace" "Delete an empty namespace"
        DELETE "/tenants/{tenant_name}/namespaces/{ns_name}" (tenant_name, ns_name) Nothing
        => StatusReply, DELETED;

    GetVersioningSettings "get_versioning_settings" "Tell how a namespace keeps versions"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/versioningSettings"
        (tenant_name, ns_name) Nothing
        => VersioningSettings, Answer::One(Shape::of::<VersioningSettings>());
    ModifyVersioningSettings "modify_versioning_settings" "Set how a namespace keeps versions"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/versioningSettings"
        (tenant_name, ns_name) Nothing, takes VersioningSettings as VersioningSettings []
        => StatusReply, UPDATED;
    ResetVersioningSettings "reset_versioning_settings" "Let a namespace keep versions as new ones do"
        DELETE "/tenants/{tenant_name}/namespaces/{ns_name}/versioningSettings"
        (tenant_name, ns_name) Nothing
        => StatusReply, DELETED;
    GetComplianceSettings "get_compliance_settings" "Tell how a namespace keeps retention"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/complianceSettings"
        (tenant_name, ns_name) Nothing
        => ComplianceSettings, Answer::One(Shape::of::<ComplianceSettings>());
    ModifyComplianceSettings "modify_compliance_settings" "Set how a namespace keeps retention"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/complianceSettings"
        (tenant_name, ns_name) Nothing, takes ComplianceSettings as ComplianceSettings []
        => StatusReply, UPDATED;
    GetNamespacePermissions "get_namespace_permissions" "Tell what is possible in a namespace at most"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/permissions" (tenant_name, ns_name) Nothing
        => PermissionMask, Answer::One(Shape::of::<PermissionMask>());
    SetNamespacePermissions "set_namespace_permissions" "Set what is possible in a namespace at most"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/permissions" (tenant_name, ns_name)
        Nothing, takes PermissionMask as PermissionMask []
        => StatusReply, UPDATED;

    GetProtocols "get_protocols" "Tell the protocols of the default namespace"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/protocols" (tenant_name, ns_name) Nothing
        => Protocols, Answer::One(Shape::of::<Protocols>());
    ModifyProtocols "modify_protocols" "Set the protocols of the default namespace"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/protocols" (tenant_name, ns_name) Nothing,
        takes Protocols as Protocols []
        => StatusReply, UPDATED;
    GetProtocol "get_protocol" "Tell how a namespace speaks a protocol"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/{protocol_name}"
        (tenant_name, ns_name, protocol_name) Nothing
        => serde_json::Value, Answer::OneOf(&[
            Shape::of::<HttpProtocol>(),
            Shape::of::<CifsProtocol>(),
            Shape::of::<NfsProtocol>(),
            Shape::of::<SmtpProtocol>(),
        ]);
    GetHttpProtocol "get_http_protocol" "Tell how a namespace speaks HTTP"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/http" (tenant_name, ns_name)
        Nothing => HttpProtocol, Answer::One(Shape::of::<HttpProtocol>());
    ModifyHttpProtocol "modify_http_protocol" "Set how a namespace speaks HTTP"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/http" (tenant_name, ns_name)
        Nothing, takes HttpProtocol as HttpProtocol []
        => StatusReply, UPDATED;
    GetCifsProtocol "get_cifs_protocol" "Tell how a namespace speaks CIFS"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/cifs" (tenant_name, ns_name)
        Nothing => CifsProtocol, Answer::One(Shape::of::<CifsProtocol>());
    ModifyCifsProtocol "modify_cifs_protocol" "Set how a namespace speaks CIFS"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/cifs" (tenant_name, ns_name)
        Nothing, takes CifsProtocol as CifsProtocol []
        => StatusReply, UPDATED;
    GetNfsProtocol "get_nfs_protocol" "Tell how a namespace speaks NFS"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/nfs" (tenant_name, ns_name)
        Nothing => NfsProtocol, Answer::One(Shape::of::<NfsProtocol>());
    ModifyNfsProtocol "modify_nfs_protocol" "Set how a namespace speaks NFS"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/nfs" (tenant_name, ns_name)
        Nothing, takes NfsProtocol as NfsProtocol []
        => StatusReply, UPDATED;
    GetSmtpProtocol "get_smtp_protocol" "Tell how a namespace speaks SMTP"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/smtp" (tenant_name, ns_name)
        Nothing => SmtpProtocol, Answer::One(Shape::of::<SmtpProtocol>());
    ModifySmtpProtocol "modify_smtp_protocol" "Set how a namespace speaks SMTP"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/protocols/smtp" (tenant_name, ns_name)
        Nothing, takes SmtpProtocol as SmtpProtocol []
        => StatusReply, UPDATED;

    GetIndexingSettings "get_custom_metadata_indexing" "Tell what of custom metadata is indexed"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/customMetadataIndexingSettings"
        (tenant_name, ns_name) Nothing
        => CustomMetadataIndexingSettings,
        Answer::One(Shape::of::<CustomMetadataIndexingSettings>());
    ModifyIndexingSettings "modify_custom_metadata_indexing" "Set what of custom metadata is indexed"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/customMetadataIndexingSettings"
        (tenant_name, ns_name) Nothing,
        takes CustomMetadataIndexingSettings as CustomMetadataIndexingSettings []
        => StatusReply, UPDATED;
    GetCollisionSettings "get_replication_collision" "Tell what becomes of replication collisions"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/replicationCollisionSettings"
        (tenant_name, ns_name) Nothing
        => ReplicationCollisionSettings, Answer::One(Shape::of::<ReplicationCollisionSettings>());
    ModifyCollisionSettings "modify_replication_collision" "Set what becomes of replication collisions"
        POST "/tenants/{tenant_name}/namespaces/{ns_name}/replicationCollisionSettings"
        (tenant_name, ns_name) Nothing,
        takes ReplicationCollisionSettings as ReplicationCollisionSettings []
        => StatusReply, UPDATED;
    GetNamespaceCors "get_namespace_cors" "Tell the CORS document of a namespace"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/cors" (tenant_name, ns_name) Nothing
        => Cors, Answer::One(Shape::of::<Cors>());
    SetNamespaceCors "set_namespace_cors" "Set the CORS document of a namespace"
        PUT "/tenants/{tenant_name}/namespaces/{ns_name}/cors" (tenant_name, ns_name) Nothing,
        takes Cors as Cors ["cors"]
        => StatusReply, Answer::Status("created", About::Path("ns_name", "namespace"));
    DeleteNamespaceCors "delete_namespace_cors" "Remove the CORS document of a namespace"
        DELETE "/tenants/{tenant_name}/namespaces/{ns_name}/cors" (tenant_name, ns_name) Nothing
        => StatusReply, DELETED;

    ListRetentionClasses "list_retention_classes" "List the retention classes of a namespace"
        GET "/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses"
        (tenant_name, namespace_name) Unpaged,
        full ListRetentionClassesInFull Vec<RetentionClass>
        => Names, Answer::Names("name", Some(Shape::of::<RetentionClass>()));
    CreateRetentionClass "create_retention_class" "Create a retention class"
        PUT "/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses"
        (tenant_name, namespace_name) Nothing,
        takes RetentionClass as RetentionClass ["name", "value"]
        => StatusReply, Answer::Status("created", About::Body("name"));
    GetRetentionClass "get_retention_class" "Tell what a retention class is"
        GET "/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses/{retention_class_name}"
        (tenant_name, namespace_name, retention_class_name) Verbose
        => RetentionClass, Answer::One(Shape::of::<RetentionClass>());
    HeadRetentionClass "head_retention_class" "Look whether a retention class is there"
        HEAD "/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses/{retention_class_name}"
        (tenant_name, namespace_name, retention_class_name) Nothing
        => (), Answer::Nothing;
    ModifyRetentionClass "modify_retention_class" "Change a retention class"
        POST "/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses/{retention_class_name}"
        (tenant_name, namespace_name, retention_class_name) Nothing,
        takes RetentionClass as RetentionClass []
        => StatusReply, UPDATED;
    DeleteRetentionClass "delete_retention_class" "Delete a retention class"
        DELETE "/tenants/{tenant_name}/namespaces/{namespace_name}/retentionClasses/{retention_class_name}"
        (tenant_name, namespace_name, retention_class_name) Nothing
        => StatusReply, DELETED;

    GetNamespaceStatistics "get_namespace_statistics" "Tell what is in a namespace now"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/statistics" (tenant_name, ns_name) Nothing
        => Statistics, Answer::One(Shape::of::<Statistics>());
    GetNamespaceChargeback "get_namespace_chargeback" "Report what a namespace held and did"
        GET "/tenants/{tenant_name}/namespaces/{ns_name}/chargebackReport" (tenant_name, ns_name)
        Period
        => ChargebackReport, Answer::One(Shape::of::<ChargebackReport>());
}
