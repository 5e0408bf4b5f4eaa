//! Reads the headers of retention and holds: HCP's, which the SDK does not know, and those of object lock.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents,
    interceptors::BeforeDeserializationInterceptorContextRef,
};
use aws_smithy_runtime_api::{box_error::BoxError, client::interceptors::dyn_dispatch_hint};
use model::{lock::MODE_HEADER, protection::LABELS_HEADER, upload::PROTECTION_HEADERS};

/// Hears what one answer says of what protects an object.
#[derive(Clone, Debug, Default)]
pub(super) struct Protected(Arc<Mutex<BTreeMap<&'static str, String>>>);

impl Protected {
    /// What was heard.
    pub(super) fn take(&self) -> BTreeMap<&'static str, String> {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *heard)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Protected {
    fn name(&self) -> &'static str {
        "Protected"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.response().headers();
        let found = PROTECTION_HEADERS
            .into_iter()
            .chain([LABELS_HEADER, MODE_HEADER])
            .filter_map(|name| Some((name, headers.get(name)?.to_owned())));
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *heard = found.collect();
        Ok(())
    }
}
