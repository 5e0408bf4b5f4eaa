//! What a visitor sees of a link that may be seen: a file, a folder, or a place for files.

use app::shared::{AFTER, AT, FILE, FileInFolder, Preview, SHOW, SharedFile, SharedFolder, Shown};
use model::{ObjectKey, link::LinkKind};

use super::Visitor;
use crate::service::links::{Closed, Harmless, Opened};

impl Visitor {
    /// What the link is, to somebody who may see it.
    pub(super) async fn sight(&self, opened: &Opened) -> Result<Shown, Closed> {
        match opened.kind() {
            LinkKind::Download => {
                let key = opened.file(&self.state, None)?;
                self.file(opened, &key, None).await
            }
            LinkKind::Folder => match self.given(FILE) {
                Some(path) => {
                    let key = opened.file(&self.state, Some(&path))?;
                    let within = (opened.name().to_owned(), path);
                    self.file(opened, &key, Some(within)).await
                }
                None => self.folder(opened).await,
            },
            LinkKind::Request => Ok(Shown::Request {
                ends_at: opened.ends_at(),
                // How many files were just stored, as the address says after a form.
                done: self.given("stored").and_then(|count| count.parse().ok()),
                problem: None,
            }),
        }
    }

    async fn file(
        &self,
        opened: &Opened,
        key: &ObjectKey,
        within: Option<(String, String)>,
    ) -> Result<Shown, Closed> {
        let head = opened.look(&self.state, key).await?;
        let harmless = opened.showable(&self.state, key).await?;
        let is_asked = self.given(SHOW).is_some();
        let preview = match harmless {
            None => None,
            Some(Harmless::Pdf) => Some(Preview::Pdf),
            Some(_) if !is_asked => Some(Preview::Offered),
            Some(Harmless::Picture) => Some(Preview::Picture),
            Some(Harmless::Text) => {
                let text = opened.text(&self.state, key).await?;
                Some(Preview::Text {
                    is_cut: text.next.is_some(),
                    text: text.text,
                })
            }
        };
        Ok(Shown::File(SharedFile {
            name: key.file_name().to_owned(),
            within,
            size: head.size,
            content_type: head.content_type,
            preview,
            ends_at: opened.ends_at(),
        }))
    }

    async fn folder(&self, opened: &Opened) -> Result<Shown, Closed> {
        let path = self.given(AT).unwrap_or_default();
        let after = self.given(AFTER);
        let listing = opened.list(&self.state, &path, after.as_deref()).await?;
        let files = listing.files.into_iter().map(|file| FileInFolder {
            name: file.key,
            size: file.size,
            modified: file.last_modified,
        });
        Ok(Shown::Folder(SharedFolder {
            root: opened.name().to_owned(),
            path,
            folders: listing.folders,
            files: files.collect(),
            is_later: after.is_some(),
            next: listing.next,
            ends_at: opened.ends_at(),
        }))
    }
}
