//! `Content-MD5` on multi-delete: HCP demands it, the SDK no longer sends it.

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::{box_error::BoxError, client::interceptors::dyn_dispatch_hint};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use md5::{Digest as _, Md5};

/// Puts the header on a request before it is signed, in the place of the SDK's newer checksums,
/// which older releases of HCP refuse.
#[derive(Debug)]
pub(super) struct ContentMd5;

/// What the SDK adds on its own.
const NEWER: [&str; 2] = ["x-amz-checksum-crc32", "x-amz-sdk-checksum-algorithm"];

#[dyn_dispatch_hint]
impl Intercept for ContentMd5 {
    fn name(&self) -> &'static str {
        "ContentMd5"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let body = request
            .body()
            .bytes()
            .ok_or("only a body in memory has its MD5 in a header")?;
        let digest = BASE64.encode(Md5::digest(body));
        let headers = request.headers_mut();
        for name in NEWER {
            headers.remove(name);
        }
        headers.insert("content-md5", digest);
        Ok(())
    }
}
