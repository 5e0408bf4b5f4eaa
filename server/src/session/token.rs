//! Tokens: a JWT whose credentials are encrypted inside it.
//!
//! A JWT alone is signed, not secret. So everything that says who the session is, and the secret by
//! which the store knows them, travels as one authenticated ciphertext in the claim `enc`, under a key
//! of its own derived from the deployment's secret. Outside stand only `iat`, `exp` and `jti`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hcp::Credentials;
use hkdf::Hkdf;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use model::{BucketName, TenantName, Timestamp, Username};
use rand::RngCore;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

const NONCE_BYTES: usize = 24;

/// The deployment's secret, from which both keys are derived.
#[derive(Clone, Debug)]
pub struct SecretKey(SecretString);

impl SecretKey {
    /// Takes 32 bytes or more (checked by the configuration).
    pub fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    pub(crate) fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        let hkdf = Hkdf::<Sha256>::new(Some(b"hako token v1"), self.0.expose_secret().as_bytes());
        // 32 bytes are within what one expansion can give, so this cannot fail.
        if hkdf.expand(purpose, &mut out).is_err() {
            out.fill(0);
        }
        out
    }
}

/// What stands in the token in clear.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Outer {
    iat: i64,
    exp: i64,
    jti: String,
    enc: String,
}

/// What stands in the ciphertext.
#[derive(Serialize, Deserialize)]
struct Inner {
    tenant: Option<TenantName>,
    username: Username,
    secret: String,
    /// The secret is the proof of an account of the users file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    of_file: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workspace: Option<BucketName>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// A token, opened.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The session's id.
    pub id: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Who it is, and by what the store knows them.
    pub credentials: Credentials,
    /// Whether it is an account of the users file. Of a token that was just opened the credentials are
    /// then a proof alone, and no keys.
    pub of_file: bool,
    /// The workspace that is meant where a call names none.
    pub workspace: Option<BucketName>,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// Not one of ours.
    Invalid,
    /// Its time is over.
    Expired,
}

/// Makes and opens tokens.
#[derive(Clone)]
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    cipher: XChaCha20Poly1305,
    owner_key: [u8; 32],
    link_key: [u8; 32],
    expiry_cipher: XChaCha20Poly1305,
    lifetime_seconds: i64,
}

/// Seals credentials, bound to where they belong: a random nonce, and the ciphertext.
fn close(
    cipher: &XChaCha20Poly1305,
    belongs: &[u8],
    credentials: &Credentials,
    workspace: Option<&BucketName>,
) -> Result<Vec<u8>, crate::Error> {
    let inner = Inner {
        tenant: credentials.tenant.clone(),
        username: credentials.username.clone(),
        secret: credentials.secret().expose_secret().to_owned(),
        of_file: credentials.is_lent(),
        workspace: workspace.cloned(),
    };
    let mut clear = serde_json::to_vec(&inner).map_err(crate::Error::internal)?;
    let mut nonce = [0; NONCE_BYTES];
    rand::rng().fill_bytes(&mut nonce);
    let payload = Payload {
        msg: &clear,
        aad: belongs,
    };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload);
    clear.zeroize();
    let sealed = sealed.map_err(|_opaque| crate::Error::internal("sealing a token failed"))?;
    let mut closed = nonce.to_vec();
    closed.extend(sealed);
    Ok(closed)
}

/// Opens what [`close`] made.
fn reveal(cipher: &XChaCha20Poly1305, belongs: &[u8], closed: &[u8]) -> Option<Inner> {
    let (nonce, sealed) = closed.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload {
        msg: sealed,
        aad: belongs,
    };
    let mut clear = cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
    let inner = serde_json::from_slice(&clear).ok();
    clear.zeroize();
    inner
}

impl Tokens {
    /// Derives the keys.
    pub fn new(secret: &SecretKey, lifetime: std::time::Duration) -> Self {
        let mut signing = secret.derive(b"sign");
        let mut sealing = secret.derive(b"seal");
        let mut expiring = secret.derive(b"expiry");
        let tokens = Self {
            encoding: EncodingKey::from_secret(&signing),
            decoding: DecodingKey::from_secret(&signing),
            cipher: XChaCha20Poly1305::new(&Key::from(sealing)),
            owner_key: secret.derive(b"owner"),
            link_key: secret.derive(b"link"),
            expiry_cipher: XChaCha20Poly1305::new(&Key::from(expiring)),
            lifetime_seconds: i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX / 2),
        };
        signing.zeroize();
        sealing.zeroize();
        expiring.zeroize();
        tokens
    }

    /// How long a token lives, in seconds.
    pub fn lifetime_seconds(&self) -> u64 {
        self.lifetime_seconds.unsigned_abs()
    }

    /// Whose something is: tells two people apart, and two secrets of one person, but gives nobody who
    /// reads it a way to try out secrets.
    pub fn owner(&self, credentials: &Credentials) -> String {
        let mut out = [0; 32];
        let hkdf = Hkdf::<Sha256>::new(Some(&self.owner_key), &credentials.digest());
        // 32 bytes are within what one expansion can give, so this cannot fail.
        if hkdf.expand(b"owner", &mut out).is_err() {
            out.fill(0);
        }
        URL_SAFE_NO_PAD.encode(out)
    }

    /// Makes a token of a new session. `now` is the time of issue.
    ///
    /// # Errors
    /// A defect of the cryptographic libraries; the message carries no secret.
    pub fn issue(
        &self,
        credentials: &Credentials,
        workspace: Option<&BucketName>,
        now: Timestamp,
    ) -> Result<(String, Claims), crate::Error> {
        let id = uuid::Uuid::new_v4().simple().to_string();
        self.renew(id, credentials, workspace, now)
    }

    /// Makes a token with which a session goes on under its id.
    ///
    /// # Errors
    /// As of [`Self::issue`].
    pub fn renew(
        &self,
        id: String,
        credentials: &Credentials,
        workspace: Option<&BucketName>,
        now: Timestamp,
    ) -> Result<(String, Claims), crate::Error> {
        let exp = now.unix_seconds().saturating_add(self.lifetime_seconds);
        let enc = close(&self.cipher, id.as_bytes(), credentials, workspace)?;
        let outer = Outer {
            iat: now.unix_seconds(),
            exp,
            jti: id.clone(),
            enc: URL_SAFE_NO_PAD.encode(enc),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &outer, &self.encoding)
            .map_err(crate::Error::internal)?;
        let expires_at = Timestamp::from_unix_seconds(exp)
            .ok_or_else(|| crate::Error::internal("the token's end lies outside the calendar"))?;
        Ok((
            token,
            Claims {
                id,
                expires_at,
                credentials: credentials.clone(),
                of_file: credentials.is_lent(),
                workspace: workspace.cloned(),
            },
        ))
    }

    /// Opens a token. `now` decides whether its time is over.
    pub fn open(&self, token: &str, now: Timestamp) -> Result<Claims, TokenFault> {
        let claims = self.read(token)?;
        if claims.expires_at <= now {
            return Err(TokenFault::Expired);
        }
        Ok(claims)
    }

    /// Opens a token whether or not its time is over.
    pub fn read(&self, token: &str) -> Result<Claims, TokenFault> {
        let mut validation = Validation::new(Algorithm::HS256);
        // The clock is ours: the library would ask the machine's.
        validation.validate_exp = false;
        validation.required_spec_claims = std::collections::HashSet::from(["exp".to_owned()]);
        let outer: Outer = jsonwebtoken::decode(token, &self.decoding, &validation)
            .map_err(|_not_ours| TokenFault::Invalid)?
            .claims;
        let inner = self.unseal(&outer).ok_or(TokenFault::Invalid)?;
        let expires_at = Timestamp::from_unix_seconds(outer.exp).ok_or(TokenFault::Invalid)?;
        let secret = SecretString::from(inner.secret.clone());
        let credentials =
            Credentials::from_parts(inner.tenant.clone(), inner.username.clone(), secret);
        Ok(Claims {
            id: outer.jti,
            expires_at,
            credentials,
            of_file: inner.of_file,
            workspace: inner.workspace.clone(),
        })
    }

    fn unseal(&self, outer: &Outer) -> Option<Inner> {
        let closed = URL_SAFE_NO_PAD.decode(&outer.enc).ok()?;
        reveal(&self.cipher, outer.jti.as_bytes(), &closed)
    }

    /// The cipher of a link: its key takes both the deployment's secret and the link's own token, which is kept
    /// nowhere.
    fn link_cipher(&self, token: &[u8]) -> XChaCha20Poly1305 {
        let mut key = [0; 32];
        let hkdf = Hkdf::<Sha256>::new(Some(&self.link_key), token);
        // 32 bytes are within what one expansion can give, so this cannot fail.
        if hkdf.expand(b"seal", &mut key).is_err() {
            key.fill(0);
        }
        let cipher = XChaCha20Poly1305::new(&Key::from(key));
        key.zeroize();
        cipher
    }

    /// Seals the credentials of who makes a link, for whoever brings its token. `belongs` is what the link opens:
    /// for anything else they do not open.
    ///
    /// # Errors
    /// A defect of the cryptographic libraries.
    pub fn seal_link(
        &self,
        token: &[u8],
        belongs: &[u8],
        credentials: &Credentials,
    ) -> Result<Vec<u8>, crate::Error> {
        close(&self.link_cipher(token), belongs, credentials, None)
    }

    /// Opens what [`Self::seal_link`] made; as of a token that was just opened.
    pub fn open_link(
        &self,
        token: &[u8],
        belongs: &[u8],
        sealed: &[u8],
    ) -> Option<(Credentials, bool)> {
        let inner = reveal(&self.link_cipher(token), belongs, sealed)?;
        let secret = SecretString::from(inner.secret.clone());
        let credentials =
            Credentials::from_parts(inner.tenant.clone(), inner.username.clone(), secret);
        Some((credentials, inner.of_file))
    }

    /// Seals the credentials by which a temporary file is removed, while nobody is there who could bring a token.
    /// `belongs` is what file: for any other they do not open.
    ///
    /// # Errors
    /// A defect of the cryptographic libraries.
    pub fn seal_expiry(
        &self,
        belongs: &[u8],
        credentials: &Credentials,
    ) -> Result<Vec<u8>, crate::Error> {
        close(&self.expiry_cipher, belongs, credentials, None)
    }

    /// Opens what [`Self::seal_expiry`] made; as of a token that was just opened.
    pub fn open_expiry(&self, belongs: &[u8], sealed: &[u8]) -> Option<(Credentials, bool)> {
        let inner = reveal(&self.expiry_cipher, belongs, sealed)?;
        let secret = SecretString::from(inner.secret.clone());
        let credentials =
            Credentials::from_parts(inner.tenant.clone(), inner.username.clone(), secret);
        Some((credentials, inner.of_file))
    }

    /// A proof that this deployment said something about a link.
    pub fn link_proof(&self, about: &[u8]) -> String {
        let mut out = [0; 32];
        let hkdf = Hkdf::<Sha256>::new(Some(&self.link_key), about);
        // As above.
        if hkdf.expand(b"proof", &mut out).is_err() {
            out.fill(0);
        }
        URL_SAFE_NO_PAD.encode(out)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn tokens(key: &str) -> Tokens {
        Tokens::new(
            &SecretKey::new(SecretString::from(key)),
            Duration::from_mins(1),
        )
    }

    fn credentials() -> Credentials {
        Credentials::from_parts(
            Some(TenantName::parse("demo").unwrap()),
            Username::parse("alice").unwrap(),
            SecretString::from("hunter2"),
        )
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds).unwrap()
    }

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_token_hides_what_it_carries() {
        let (token, _) = tokens(KEY).issue(&credentials(), None, at(1_000)).unwrap();
        let claims = URL_SAFE_NO_PAD
            .decode(token.split('.').nth(1).unwrap())
            .unwrap();
        let text = String::from_utf8(claims).unwrap();
        let names: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&text).unwrap();
        assert_eq!(
            names.keys().collect::<Vec<_>>(),
            ["enc", "exp", "iat", "jti"]
        );
        for secret in ["alice", "demo", "hunter2"] {
            assert!(!text.contains(secret));
            assert!(!text.contains(&URL_SAFE_NO_PAD.encode(secret)));
        }
    }

    #[test]
    fn an_owner_differs_in_every_part_and_between_deployments() {
        let tokens = tokens(KEY);
        let other_secret = Credentials::from_parts(
            credentials().tenant,
            credentials().username,
            SecretString::from("hunter3"),
        );
        let owner = tokens.owner(&credentials());
        assert_eq!(owner, tokens.owner(&credentials()));
        assert_ne!(owner, tokens.owner(&other_secret));
        let elsewhere = self::tokens("another key of at least 32 bytes!");
        assert_ne!(owner, elsewhere.owner(&credentials()));
    }

    #[test]
    fn a_token_opens_until_its_end() {
        let tokens = tokens(KEY);
        let (token, issued) = tokens.issue(&credentials(), None, at(1_000)).unwrap();
        let opened = tokens.open(&token, at(1_059)).unwrap();
        assert_eq!(opened.id, issued.id);
        assert_eq!(opened.credentials.username.as_str(), "alice");
        assert_eq!(opened.credentials.secret().expose_secret(), "hunter2");
        assert_eq!(
            tokens.open(&token, at(1_060)).unwrap_err(),
            TokenFault::Expired
        );
    }

    #[test]
    fn forged_and_foreign_tokens_are_refused() {
        let tokens = tokens(KEY);
        let (token, _) = tokens.issue(&credentials(), None, at(1_000)).unwrap();
        let other = self::tokens("another key of at least 32 bytes!")
            .issue(&credentials(), None, at(1_000))
            .unwrap()
            .0;
        let mut parts: Vec<&str> = token.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        parts[0] = &none;
        let unsigned = format!("{}.{}.", parts[0], parts[1]);
        for bad in [
            other.as_str(),
            &unsigned,
            &parts.join("."),
            "",
            "a.b.c",
            &token[..token.len() - 2],
        ] {
            assert_eq!(
                tokens.open(bad, at(1_000)).unwrap_err(),
                TokenFault::Invalid,
                "{bad}"
            );
        }
    }

    #[test]
    fn a_link_opens_with_its_token_for_what_it_is_about_and_here_alone() {
        let tokens = tokens(KEY);
        let sealed = tokens
            .seal_link(b"token", b"b/key", &credentials())
            .unwrap();
        for secret in ["alice", "demo", "hunter2"] {
            assert!(!sealed.windows(secret.len()).any(|w| w == secret.as_bytes()));
        }
        let (opened, of_file) = tokens.open_link(b"token", b"b/key", &sealed).unwrap();
        assert_eq!(opened.digest(), credentials().digest());
        assert!(!of_file);
        assert!(tokens.open_link(b"taken", b"b/key", &sealed).is_none());
        assert!(tokens.open_link(b"token", b"b/other", &sealed).is_none());
        assert!(tokens.open_link(b"token", b"b/key", b"").is_none());
        let elsewhere = self::tokens("another key of at least 32 bytes!");
        assert!(elsewhere.open_link(b"token", b"b/key", &sealed).is_none());
        assert_ne!(tokens.link_proof(b"a"), tokens.link_proof(b"b"));
    }

    #[test]
    fn sealed_credentials_cannot_move_to_another_token() {
        let tokens = tokens(KEY);
        let (token, _) = tokens.issue(&credentials(), None, at(1_000)).unwrap();
        let claims = URL_SAFE_NO_PAD
            .decode(token.split('.').nth(1).unwrap())
            .unwrap();
        let mut outer: Outer = serde_json::from_slice(&claims).unwrap();
        outer.jti = "another".to_owned();
        let moved =
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &outer, &tokens.encoding).unwrap();
        assert_eq!(
            tokens.open(&moved, at(1_000)).unwrap_err(),
            TokenFault::Invalid
        );
    }
}
