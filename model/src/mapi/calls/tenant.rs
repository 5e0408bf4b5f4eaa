//! Tenants and their settings.

use super::{
    Nothing, Period, StatusReply, Verbose,
    macros::calls,
    operation::{About, Answer, Shape},
    parameters::{FirstAccount, Paging, Unpaged},
    password::NewTenant,
};
use crate::mapi::{
    AvailableServicePlan, ChargebackReport, ConsoleSecurity, ContactInfo, ContentClass, Cors,
    EmailNotification, Names, NamespaceDefaults, PermissionMask, SearchSecurity, Statistics,
    Tenant,
};

const UPDATED: Answer = Answer::Status("updated", About::Nothing);
const DELETED: Answer = Answer::Status("deleted", About::Nothing);

calls! {
    OF_TENANTS;

    ListTenants "list_tenants" "List the tenants"
        GET "/tenants" () Paging, full ListTenantsInFull Vec<Tenant>
        => Names, Answer::Names("name", Some(Shape::of::<Tenant>()));
    CreateTenant "create_tenant" "Create a tenant"
        PUT "/tenants" () FirstAccount, takes NewTenant as Tenant ["name"]
        => StatusReply, Answer::Status("created", About::Body("name"));
    GetTenant "get_tenant" "Tell what a tenant is"
        GET "/tenants/{tenant_name}" (tenant_name) Verbose
        => Tenant, Answer::One(Shape::of::<Tenant>());
    HeadTenant "head_tenant" "Look whether a tenant is there"
        HEAD "/tenants/{tenant_name}" (tenant_name) Nothing
        => (), Answer::Nothing;
    ModifyTenant "modify_tenant" "Change a tenant"
        POST "/tenants/{tenant_name}" (tenant_name) Nothing, takes Tenant as Tenant []
        => StatusReply, UPDATED;
    DeleteTenant "delete_tenant" "Delete a tenant that has no namespaces"
        DELETE "/tenants/{tenant_name}" (tenant_name) Nothing
        => StatusReply, DELETED;

    GetConsoleSecurity "get_console_security" "Tell what signing in to a tenant takes"
        GET "/tenants/{tenant_name}/consoleSecurity" (tenant_name) Nothing
        => ConsoleSecurity, Answer::One(Shape::of::<ConsoleSecurity>());
    ModifyConsoleSecurity "modify_console_security" "Set what signing in to a tenant takes"
        POST "/tenants/{tenant_name}/consoleSecurity" (tenant_name) Nothing,
        takes ConsoleSecurity as ConsoleSecurity []
        => StatusReply, UPDATED;
    GetContactInfo "get_contact_info" "Tell whom to ask about a tenant"
        GET "/tenants/{tenant_name}/contactInfo" (tenant_name) Nothing
        => ContactInfo, Answer::One(Shape::of::<ContactInfo>());
    ModifyContactInfo "modify_contact_info" "Set whom to ask about a tenant"
        POST "/tenants/{tenant_name}/contactInfo" (tenant_name) Nothing,
        takes ContactInfo as ContactInfo []
        => StatusReply, UPDATED;
    GetEmailNotification "get_email_notification" "Tell who gets mail of a tenant's events"
        GET "/tenants/{tenant_name}/emailNotification" (tenant_name) Nothing
        => EmailNotification, Answer::One(Shape::of::<EmailNotification>());
    ModifyEmailNotification "modify_email_notification" "Set who gets mail of a tenant's events"
        POST "/tenants/{tenant_name}/emailNotification" (tenant_name) Nothing,
        takes EmailNotification as EmailNotification ["recipients.address"]
        => StatusReply, UPDATED;
    GetNamespaceDefaults "get_namespace_defaults" "Tell what new namespaces of a tenant get"
        GET "/tenants/{tenant_name}/namespaceDefaults" (tenant_name) Verbose
        => NamespaceDefaults, Answer::One(Shape::of::<NamespaceDefaults>());
    ModifyNamespaceDefaults "modify_namespace_defaults" "Set what new namespaces of a tenant get"
        POST "/tenants/{tenant_name}/namespaceDefaults" (tenant_name) Nothing,
        takes NamespaceDefaults as NamespaceDefaults []
        => StatusReply, UPDATED;
    GetSearchSecurity "get_search_security" "Tell from where a tenant can be searched"
        GET "/tenants/{tenant_name}/searchSecurity" (tenant_name) Nothing
        => SearchSecurity, Answer::One(Shape::of::<SearchSecurity>());
    ModifySearchSecurity "modify_search_security" "Set from where a tenant can be searched"
        POST "/tenants/{tenant_name}/searchSecurity" (tenant_name) Nothing,
        takes SearchSecurity as SearchSecurity []
        => StatusReply, UPDATED;
    GetTenantPermissions "get_tenant_permissions" "Tell what is possible in a tenant at most"
        GET "/tenants/{tenant_name}/permissions" (tenant_name) Nothing
        => PermissionMask, Answer::One(Shape::of::<PermissionMask>());
    SetTenantPermissions "set_tenant_permissions" "Set what is possible in a tenant at most"
        POST "/tenants/{tenant_name}/permissions" (tenant_name) Nothing,
        takes PermissionMask as PermissionMask []
        => StatusReply, UPDATED;
    ListServicePlans "list_available_service_plans" "List the service plans that a tenant may choose"
        GET "/tenants/{tenant_name}/availableServicePlans" (tenant_name) Nothing
        => Names, Answer::Names("name", None);
    GetServicePlan "get_available_service_plan" "Tell what a service plan does"
        GET "/tenants/{tenant_name}/availableServicePlans/{plan_name}" (tenant_name, plan_name) Nothing
        => AvailableServicePlan, Answer::One(Shape::of::<AvailableServicePlan>());
    GetTenantCors "get_tenant_cors" "Tell the CORS document of a tenant"
        GET "/tenants/{tenant_name}/cors" (tenant_name) Nothing
        => Cors, Answer::One(Shape::of::<Cors>());
    SetTenantCors "set_tenant_cors" "Set the CORS document of a tenant"
        PUT "/tenants/{tenant_name}/cors" (tenant_name) Nothing, takes Cors as Cors ["cors"]
        => StatusReply, Answer::Status("created", About::Path("tenant_name", "tenant"));
    DeleteTenantCors "delete_tenant_cors" "Remove the CORS document of a tenant"
        DELETE "/tenants/{tenant_name}/cors" (tenant_name) Nothing
        => StatusReply, DELETED;

    GetTenantStatistics "get_tenant_statistics" "Tell what is in a tenant now"
        GET "/tenants/{tenant_name}/statistics" (tenant_name) Nothing
        => Statistics, Answer::One(Shape::of::<Statistics>());
    GetTenantChargeback "get_tenant_chargeback" "Report what a tenant held and did"
        GET "/tenants/{tenant_name}/chargebackReport" (tenant_name) Period
        => ChargebackReport, Answer::One(Shape::of::<ChargebackReport>());

    ListContentClasses "list_content_classes" "List the content classes of a tenant"
        GET "/tenants/{tenant_name}/contentClasses" (tenant_name) Unpaged,
        full ListContentClassesInFull Vec<ContentClass>
        => Names, Answer::Names("name", Some(Shape::of::<ContentClass>()));
    CreateContentClass "create_content_class" "Create a content class"
        PUT "/tenants/{tenant_name}/contentClasses" (tenant_name) Nothing,
        takes ContentClass as ContentClass [
            "name", "contentProperties.name", "contentProperties.expression", "contentProperties.type"
        ]
        => StatusReply, Answer::Status("created", About::Body("name"));
    GetContentClass "get_content_class" "Tell what a content class takes out of annotations"
        GET "/tenants/{tenant_name}/contentClasses/{content_class_name}"
        (tenant_name, content_class_name) Verbose
        => ContentClass, Answer::One(Shape::of::<ContentClass>());
    HeadContentClass "head_content_class" "Look whether a content class is there"
        HEAD "/tenants/{tenant_name}/contentClasses/{content_class_name}"
        (tenant_name, content_class_name) Nothing
        => (), Answer::Nothing;
    ModifyContentClass "modify_content_class" "Change a content class"
        POST "/tenants/{tenant_name}/contentClasses/{content_class_name}"
        (tenant_name, content_class_name) Nothing,
        takes ContentClass as ContentClass [
            "contentProperties.name", "contentProperties.expression", "contentProperties.type"
        ]
        => StatusReply, UPDATED;
    DeleteContentClass "delete_content_class" "Delete a content class that takes nothing"
        DELETE "/tenants/{tenant_name}/contentClasses/{content_class_name}"
        (tenant_name, content_class_name) Nothing
        => StatusReply, DELETED;
}
