//! TLS: a certificate that nobody signed is refused, unless the operator says otherwise.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hcp::{AuthType, ErrorKind, Roots, S3Endpoint, Store};
use model::session::Backend;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::script::{NO_BUCKETS, chain, config, credentials};

/// Made for these tests, for `localhost`, signed by itself, valid until 2126.
const CERTIFICATE: &[u8] = include_bytes!("certificate.der");
const KEY: &[u8] = include_bytes!("key.der");

/// An authority, and what it signed for `localhost`; also valid until 2126.
const AUTHORITY: &[u8] = include_bytes!("authority.der");
const SIGNED: &[u8] = include_bytes!("signed.der");
const SIGNED_KEY: &[u8] = include_bytes!("signed-key.der");

async fn server() -> u16 {
    serve(CERTIFICATE, KEY).await
}

async fn serve(certificate: &'static [u8], key: &'static [u8]) -> u16 {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            // A client that does not like the certificate hangs up here.
            let Ok(mut stream) = acceptor.accept(socket).await else {
                continue;
            };
            let mut request = [0; 8192];
            let _ = stream.read(&mut request).await.unwrap();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
                NO_BUCKETS.len()
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(NO_BUCKETS.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
        }
    });
    port
}

fn store(port: u16, verify_tls: bool) -> Store {
    let any = Url::parse("http://127.0.0.1:1").unwrap();
    let mut config = config(&any, Backend::Hcp, AuthType::Hcp);
    config.s3 = S3Endpoint::Fixed(Url::parse(&format!("https://127.0.0.1:{port}")).unwrap());
    config.verify_tls = verify_tls;
    Store::new(config).unwrap()
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_by_default() {
    let store = store(server().await, true);
    let error = store
        .verify(&credentials(&store, Some("acme")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(chain(&error).contains("certificate"), "{}", chain(&error));
}

#[tokio::test]
async fn an_unknown_certificate_is_taken_where_the_operator_says_so() {
    let store = store(server().await, false);
    store
        .verify(&credentials(&store, Some("acme")))
        .await
        .unwrap();
}

fn pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    format!("its name\n-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

async fn with_roots(host: &str, port: u16, certificate: &[u8]) -> Result<(), hcp::Error> {
    let any = Url::parse("http://127.0.0.1:1").unwrap();
    let mut config = config(&any, Backend::Hcp, AuthType::Hcp);
    config.s3 = S3Endpoint::Fixed(Url::parse(&format!("https://{host}:{port}")).unwrap());
    config.roots = Roots::from_pem(pem(certificate).as_bytes()).unwrap();
    let store = Store::new(config).unwrap();
    store.verify(&credentials(&store, Some("acme"))).await
}

#[tokio::test]
async fn whom_the_operator_s_authority_vouches_for_is_taken() {
    let port = serve(SIGNED, SIGNED_KEY).await;
    let verified = with_roots("localhost", port, AUTHORITY).await;
    verified.unwrap_or_else(|e| panic!("{}", chain(&e)));
    // Not by another name, and not by another authority.
    let error = with_roots("127.0.0.1", port, AUTHORITY).await.unwrap_err();
    assert!(chain(&error).contains("certificate"), "{}", chain(&error));
    let error = with_roots("localhost", port, CERTIFICATE)
        .await
        .unwrap_err();
    assert!(chain(&error).contains("certificate"), "{}", chain(&error));
}

#[tokio::test]
async fn a_certificate_that_the_operator_names_is_taken_itself() {
    let port = server().await;
    let verified = with_roots("localhost", port, CERTIFICATE).await;
    verified.unwrap_or_else(|e| panic!("{}", chain(&e)));
}

#[test]
fn a_file_without_a_certificate_is_told() {
    for nothing in [
        "",
        "none here",
        &pem(b"no certificate").replace("BEGIN", "BEGUN"),
    ] {
        assert!(Roots::from_pem(nothing.as_bytes()).is_err(), "{nothing}");
    }
}
