//! What an object is stored with, as headers: those of HCP are unknown to the SDK.

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::{box_error::BoxError, client::interceptors::dyn_dispatch_hint};
use model::attributes::Attributes;

/// Puts the headers on a request before it is signed.
#[derive(Debug)]
pub(super) struct WithAttributes(pub(super) Attributes);

#[dyn_dispatch_hint]
impl Intercept for WithAttributes {
    fn name(&self) -> &'static str {
        "WithAttributes"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        for (name, value) in self.0.headers() {
            headers.try_insert(name, value)?;
        }
        Ok(())
    }
}
