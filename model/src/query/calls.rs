//! The calls of metadata queries.

use http::Method;

use super::{ObjectQuery, ObjectQueryResponse, OperationQuery, OperationQueryResponse};
use crate::{
    TenantName,
    endpoint::{Endpoint, encode},
};

/// `POST /query/tenants/{tenant_name}/objects`: objects by what they are.
#[derive(Clone, Debug)]
pub struct QueryObjects {
    /// The tenant whose namespaces are searched.
    pub tenant: TenantName,
    /// What is looked for.
    pub request: ObjectQuery,
}

impl Endpoint for QueryObjects {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/query/tenants/{tenant_name}/objects";
    type Body = ObjectQuery;
    type Response = ObjectQueryResponse;

    fn path(&self) -> String {
        of(&self.tenant, "objects")
    }

    fn body(&self) -> Option<&ObjectQuery> {
        Some(&self.request)
    }
}

/// `POST /query/tenants/{tenant_name}/operations`: what was done to objects, also to those that are gone.
#[derive(Clone, Debug)]
pub struct QueryOperations {
    /// The tenant whose namespaces are searched.
    pub tenant: TenantName,
    /// What is looked for.
    pub request: OperationQuery,
}

impl Endpoint for QueryOperations {
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/v1/query/tenants/{tenant_name}/operations";
    type Body = OperationQuery;
    type Response = OperationQueryResponse;

    fn path(&self) -> String {
        of(&self.tenant, "operations")
    }

    fn body(&self) -> Option<&OperationQuery> {
        Some(&self.request)
    }
}

fn of(tenant: &TenantName, what: &str) -> String {
    format!("/api/v1/query/tenants/{}/{what}", encode(tenant.as_str()))
}
