//! What keeps an object from being deleted, by HCP's own protocol: it alone changes retention and holds of an
//! object without storing it anew, and tells the class.

use http::{HeaderMap, Method};
use model::{endpoint::encode, protection::LABELS_HEADER};
use serde_json::json;

use crate::{AnnotationsOf, Error, ErrorKind, annotations::Outgoing};

/// What keeps an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    /// Seconds since 1970, or one of the three special values.
    pub retention: i64,
    /// The class that it comes from.
    pub class: Option<String>,
    /// On hold.
    pub hold: bool,
    /// On hold under some label.
    pub labelled: bool,
    /// The labels; `None` where there are some that this account is not told.
    pub labels: Option<Vec<String>>,
    /// When the object was stored, in seconds since 1970.
    pub stored: Option<i64>,
}

impl Protection {
    /// Reads the headers of a look at an object.
    fn read(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::trim)
        };
        let is = |name: &str| text(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let labelled = is("x-hcp-labelretentionhold");
        let told = headers.get(LABELS_HEADER);
        let labels = told.and_then(|value| serde_json::from_slice(value.as_bytes()).ok());
        Some(Self {
            retention: text("x-hcp-retention")?.parse().ok()?,
            class: text("x-hcp-retentionclass")
                .filter(|class| !class.is_empty())
                .map(str::to_owned),
            hold: is("x-hcp-retentionhold"),
            labelled,
            labels: if labelled { labels } else { Some(Vec::new()) },
            stored: text("x-hcp-ingesttime").and_then(|stored| stored.parse().ok()),
        })
    }
}

impl AnnotationsOf<'_> {
    /// What keeps the object.
    pub async fn protection(&self, version: Option<&str>) -> Result<Protection, Error> {
        let (_status, headers, _body) = self
            .send(Outgoing::new(Method::HEAD, version, None))
            .await?;
        Protection::read(&headers).ok_or_else(|| {
            Error::new(ErrorKind::Unexpected, self.resource(None))
                .caused_by("the answer tells no retention")
        })
    }

    /// Gives it another retention.
    pub async fn set_retention(&self, value: &str) -> Result<(), Error> {
        self.change(&format!("retention={}", encode(value))).await
    }

    /// Puts it on hold, or lifts the hold.
    pub async fn set_hold(&self, hold: bool) -> Result<(), Error> {
        self.change(&format!("hold={hold}")).await
    }

    /// Puts it on hold under labels, or lifts them.
    pub async fn set_labels<'l>(
        &self,
        labels: impl IntoIterator<Item = (&'l str, bool)>,
    ) -> Result<(), Error> {
        let labels: Vec<_> = labels
            .into_iter()
            .map(|(id, hold)| json!({"id": id, "hold": hold}))
            .collect();
        let labels = serde_json::Value::from(labels).to_string();
        self.change(&format!("label_hold={}", encode(&labels)))
            .await
    }

    async fn change(&self, form: &str) -> Result<(), Error> {
        let mut request = Outgoing::new(Method::POST, None, None);
        request.is_form = true;
        request.body = Some(form.to_owned().into());
        self.send(request).await.map(|_answer| ())
    }

    /// Deletes it though its retention keeps it. The store keeps the reason.
    pub async fn delete_privileged(&self, reason: &str) -> Result<(), Error> {
        let mut request = Outgoing::new(Method::DELETE, None, None);
        request.more = Some(format!("privileged=true&reason={}", encode(reason)));
        self.send(request).await.map(|_answer| ())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(headers: &[(&'static str, &str)]) -> Option<Protection> {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
                    HeaderValue::from_bytes(value.as_bytes()).unwrap(),
                )
            })
            .collect();
        Protection::read(&headers)
    }

    #[test]
    fn labels_are_told_or_not_told() {
        let held = [
            ("x-hcp-retention", "-1"),
            ("x-hcp-labelretentionhold", "true"),
        ];
        assert_eq!(read(&held).unwrap().labels, None);
        let told = [held[0], held[1], (LABELS_HEADER, "[\"case 7\",\"ö\"]")];
        let labels = read(&told).unwrap().labels.unwrap();
        assert_eq!(labels, ["case 7", "ö"]);
        let free = read(&[
            ("x-hcp-retention", "0"),
            ("x-hcp-labelretentionhold", "false"),
        ]);
        assert_eq!(free.unwrap().labels, Some(Vec::new()));
        assert_eq!(read(&[("x-hcp-retention", "soon")]), None);
        assert_eq!(read(&[]), None);
    }
}
