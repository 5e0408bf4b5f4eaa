//! A way to the store that gives out in the middle.

use std::{
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// Hands connections on to the store, up to so many bytes in each direction; then nothing moves any more.
pub(super) struct Throttled {
    pub(super) address: SocketAddr,
    store: Arc<OnceLock<SocketAddr>>,
    sent: Arc<Allowance>,
    fetched: Arc<Allowance>,
}

/// How many bytes may pass, and did.
struct Allowance {
    limit: AtomicU64,
    passed: AtomicU64,
}

impl Allowance {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            limit: AtomicU64::new(u64::MAX),
            passed: AtomicU64::new(0),
        })
    }

    fn set(&self, limit: u64) {
        self.passed.store(0, Ordering::SeqCst);
        self.limit.store(limit, Ordering::SeqCst);
    }

    /// Whether so many bytes more may pass.
    fn take(&self, bytes: u64) -> bool {
        let passed = self.passed.fetch_add(bytes, Ordering::SeqCst) + bytes;
        passed <= self.limit.load(Ordering::SeqCst)
    }
}

impl Throttled {
    pub(super) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let throttled = Self {
            address: listener.local_addr().unwrap(),
            store: Arc::default(),
            sent: Allowance::new(),
            fetched: Allowance::new(),
        };
        let (store, sent, fetched) = (
            Arc::clone(&throttled.store),
            Arc::clone(&throttled.sent),
            Arc::clone(&throttled.fetched),
        );
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let inside = TcpStream::connect(store.get().unwrap()).await.unwrap();
                let ((from_client, to_client), (from_store, to_store)) =
                    (client.into_split(), inside.into_split());
                tokio::spawn(pass(from_client, to_store, Arc::clone(&sent)));
                tokio::spawn(pass(from_store, to_client, Arc::clone(&fetched)));
            }
        });
        throttled
    }

    pub(super) fn before(&self, store: SocketAddr) {
        self.store.set(store).unwrap();
    }

    /// Lets so many bytes to the store pass from now on, and so many back.
    pub(super) fn allow(&self, sent: u64, fetched: u64) {
        self.sent.set(sent);
        self.fetched.set(fetched);
    }

    /// Bytes to the store since then.
    pub(super) fn sent(&self) -> u64 {
        self.sent.passed.load(Ordering::SeqCst)
    }

    /// Bytes from the store since then.
    pub(super) fn fetched(&self) -> u64 {
        self.fetched.passed.load(Ordering::SeqCst)
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    allowance: Arc<Allowance>,
) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        if !allowance.take(length as u64) {
            std::future::pending::<()>().await;
        }
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
