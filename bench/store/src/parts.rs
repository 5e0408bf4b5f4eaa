//! A plain client that sends the parts of a file: what the browser's uploads are compared with.

use std::{
    io::{Read as _, Write as _, stdin, stdout},
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use serde::Deserialize;
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};

use crate::{body::Repeated, client::Client, crowd::crowd};

/// As many as a browser opens connections to one host.
const IN_FLIGHT: usize = 6;

/// What is to be sent, as JSON on standard input.
#[derive(Deserialize)]
struct Parts {
    /// Bytes of each part but the last.
    part_size: u64,
    /// A presigned URL for each, in order.
    urls: Vec<String>,
}

/// Sends a file in parts and prints the seconds that it took.
pub(crate) async fn send(file: &Path) -> Result<()> {
    let mut text = String::new();
    stdin().read_to_string(&mut text)?;
    let parts: Parts = serde_json::from_str(&text).context("the parts")?;
    let size = std::fs::metadata(file)?.len();
    let client = Client::new()?;
    let (count, file) = (parts.urls.len(), Arc::<Path>::from(file));
    let parts = Arc::new(parts);
    let took = crowd(IN_FLIGHT, count, move |one| {
        let (client, file, parts) = (client.clone(), Arc::clone(&file), Arc::clone(&parts));
        async move {
            let start = one as u64 * parts.part_size;
            let bytes = read(&file, start, parts.part_size.min(size - start)).await?;
            let url = parts.urls.get(one).context("a URL")?.parse()?;
            client.put(url, Repeated::once(bytes)).await
        }
    })
    .await?;
    writeln!(stdout(), "{}", took.as_secs_f64())?;
    Ok(())
}

async fn read(file: &Path, start: u64, length: u64) -> Result<Bytes> {
    let mut file = File::open(file).await?;
    file.seek(std::io::SeekFrom::Start(start)).await?;
    let mut bytes = vec![0; usize::try_from(length)?];
    file.read_exact(&mut bytes).await?;
    Ok(bytes.into())
}
