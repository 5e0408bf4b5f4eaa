//! Reading what namespaces are.

use futures::future::{join_all, try_join_all};
use model::mapi::template::{NamespaceTemplate, Part, Template, VERSION, Warning, clean};
use serde_json::{Map, Value};

use super::{Templates, is_the_end, kind, words};
use crate::Error;

impl Templates<'_> {
    /// The settings of namespaces, each of which has to be there.
    ///
    /// # Errors
    /// A namespace cannot be read, or HCP does not answer. Parts that cannot be read are warnings.
    pub async fn export(&self, names: &[String]) -> Result<Template, Error> {
        let read = try_join_all(names.iter().map(|name| self.namespace(name))).await?;
        let (namespaces, warnings): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        Ok(Template {
            version: VERSION.to_owned(),
            exported_at: self.now,
            source_tenant: self.tenant.clone(),
            namespaces,
            warnings: warnings.concat(),
            single: Map::new(),
        })
    }

    /// The settings of one namespace, which are then at the top as well.
    ///
    /// # Errors
    /// As those of [`Self::export`].
    pub async fn export_one(&self, name: &str) -> Result<Template, Error> {
        let mut template = self.export(&[name.to_owned()]).await?;
        template.single = template.namespaces.first().cloned().unwrap_or_default();
        let compliance = Part::Compliance.of(&template.single).cloned();
        if let Some(compliance) = compliance {
            let name = "complianceSettings".to_owned();
            template.single.insert(name, compliance);
        }
        Ok(template)
    }

    /// One namespace, and what of it could not be read.
    pub(super) async fn namespace(
        &self,
        name: &str,
    ) -> Result<(NamespaceTemplate, Vec<Warning>), Error> {
        let verbose = |call: hcp::Call| call.with("verbose", "true");
        let told = self.perform("get_namespace", &[name], verbose).await?.body;
        let mut namespace = match clean(Part::Namespace, told) {
            Some(Value::Object(properties)) => properties,
            _ => Map::new(),
        };
        namespace.insert("name".to_owned(), name.into());
        let parts = join_all(Part::SINGLE.map(|part| self.part(name, part)));
        let (parts, classes) = futures::join!(parts, self.classes(name));
        let mut warnings = Vec::new();
        let mut note = |part: Part, error: Error| {
            if is_the_end(&error) {
                return Err(error);
            }
            warnings.push(Warning {
                namespace: name.to_owned(),
                part: part.path().to_owned(),
                detail: words(&error),
            });
            Ok(())
        };
        for (part, told) in Part::SINGLE.into_iter().zip(parts) {
            match told {
                Ok(Some(json)) => part.put(&mut namespace, json),
                Ok(None) => {}
                Err(error) => note(part, error)?,
            }
        }
        match classes {
            Ok(classes) if classes.is_empty() => {}
            Ok(classes) => Part::RetentionClasses.put(&mut namespace, classes.into()),
            Err(error) => note(Part::RetentionClasses, error)?,
        }
        Ok((namespace, warnings))
    }

    /// A part; none where nothing is set.
    async fn part(&self, name: &str, part: Part) -> Result<Option<Value>, Error> {
        let (read, _) = part.operations();
        match self.read(read, &[name]).await {
            Ok(json) => Ok(clean(part, json)),
            Err(error) if matches!(kind(&error), Some(hcp::ErrorKind::NotFound { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn classes(&self, name: &str) -> Result<Vec<Value>, Error> {
        let told = self.read("list_retention_classes", &[name]).await?;
        let names: Vec<String> = match told.get("name").unwrap_or(&told) {
            Value::Array(names) => names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            Value::String(name) if !name.trim().is_empty() => vec![name.clone()],
            _ => Vec::new(),
        };
        let (read, _) = Part::RetentionClasses.operations();
        let verbose = |call: hcp::Call| call.with("verbose", "true");
        let classes = names.iter().map(|class| async move {
            let told = self.perform(read, &[name, class], verbose).await?.body;
            Ok(clean(Part::RetentionClasses, told))
        });
        let told: Result<Vec<Option<Value>>, Error> = try_join_all(classes).await;
        Ok(told?.into_iter().flatten().collect())
    }
}
