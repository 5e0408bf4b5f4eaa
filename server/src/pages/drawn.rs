//! With which session a page is drawn, and what stands before it.

use http::{HeaderMap, Method, header, request::Parts};
use model::{
    endpoint::encode,
    session::{AS, AS_SYSTEM, Mark},
};

use super::{Jar, Pages};
use crate::{
    Error,
    service::{reach, rights},
    session::{Claims, Held, meant_in},
    web::guard::RequestHost,
};

/// Where a request for a page leads.
pub(super) enum Drawn {
    /// To another page first.
    Elsewhere(String),
    /// To the page.
    Here(With),
}

/// What a page is drawn with.
#[derive(Default)]
pub(super) struct With {
    /// The session, where there is one.
    pub(super) mark: Option<Mark>,
    /// The store's origin as this browser sees it, for the page's policy.
    pub(super) store: Option<String>,
}

/// The pages that somebody sees who has to change the password first: it, and the ways out.
const BEFORE_PASSWORD: &[&str] = &[
    "/password",
    "/preferences",
    "/sessions",
    "/sign-in",
    "/sign-out",
];

impl Pages {
    /// Decides for the page at an address: it says by `as` in whose session it is meant, else it is the
    /// current one's.
    pub(super) async fn draw(&self, parts: &Parts, host: &RequestHost) -> Result<Drawn, Error> {
        let jar = Jar::open(&self.state, &parts.headers).await?;
        let path = parts.uri.path();
        let meant = parts.uri.query().and_then(meant_in);
        let wanted = match &meant {
            // Whoever signs in there already says where.
            Some(_) if path == "/sign-in" => jar.current(),
            Some(tenant) => match jar.within(tenant) {
                Some(held) => Some(held),
                None => return Ok(Drawn::Elsewhere(sign_in(tenant, &parts.uri.to_string()))),
            },
            None => jar.current(),
        };
        let Some(held) = wanted.filter(|held| !held.ended) else {
            return Ok(Drawn::Here(With::default()));
        };
        if !BEFORE_PASSWORD.contains(&path)
            && rights::known(&self.state, &held.claims)
                .await
                .must_change_password
        {
            let next = encode(&parts.uri.to_string());
            return Ok(Drawn::Elsewhere(format!("/password?next={next}")));
        }
        Ok(Drawn::Here(self.with(&jar, held, host)))
    }

    /// What a page is drawn with that is shown again after a form that failed: the session that the form was
    /// sent by.
    pub(super) async fn again(
        &self,
        headers: &HeaderMap,
        host: &RequestHost,
    ) -> Result<With, Error> {
        let jar = Jar::open(&self.state, headers).await?;
        let Ok(claims) = jar.choose(headers, &Method::GET, None) else {
            return Ok(With::default());
        };
        let held = jar.find(&claims.id);
        Ok(held.map_or_else(With::default, |held| self.with(&jar, held, host)))
    }

    fn with(&self, jar: &Jar, held: &Held, host: &RequestHost) -> With {
        let Held { claims, .. } = held;
        let current = jar.current().unwrap_or(held);
        With {
            mark: Some(Mark {
                own: claims.id.clone(),
                current: current.claims.id.clone(),
            }),
            store: self.store_origin(claims, host),
        }
    }

    fn store_origin(&self, claims: &Claims, host: &RequestHost) -> Option<String> {
        reach::store_origin(&self.state, claims, host)
    }

    /// The page that somebody lands on who goes on as another session: the wanted one where that session
    /// sees it, else the nearest above, which says what was missing.
    pub(super) async fn landing(
        &self,
        parts: &Parts,
        cookies: &HeaderMap,
        host: &RequestHost,
        wanted: &str,
    ) -> String {
        let wanted = without_session(wanted);
        let mut tried = wanted.clone();
        loop {
            if tried == "/" {
                return tried;
            }
            if self.is_seen(parts, cookies, host, &tried).await {
                return if tried == wanted {
                    tried
                } else {
                    format!("{tried}?missing={}", encode(&wanted))
                };
            }
            tried = above(&tried);
        }
    }

    /// Whether a page is there for whom these cookies are.
    async fn is_seen(
        &self,
        parts: &Parts,
        cookies: &HeaderMap,
        host: &RequestHost,
        address: &str,
    ) -> bool {
        let Ok(uri) = address.parse() else {
            return false;
        };
        let mut parts = parts.clone();
        parts.uri = uri;
        parts.headers.remove(header::COOKIE);
        for cookie in cookies.get_all(header::COOKIE) {
            parts.headers.append(header::COOKIE, cookie.clone());
        }
        match self.draw(&parts, host).await {
            Ok(Drawn::Here(with)) => {
                let page = self.render(parts, host, with, None).await;
                !page.status().is_client_error()
            }
            // Something comes before every page of this session, and leads on by itself.
            Ok(Drawn::Elsewhere(_)) => true,
            Err(_) => false,
        }
    }
}

/// The sign-in page of a tenant, which leads on to an address.
fn sign_in(tenant: &str, next: &str) -> String {
    let next = encode(next);
    if tenant == AS_SYSTEM {
        format!("/sign-in?next={next}")
    } else {
        format!("/sign-in?tenant={}&next={next}", encode(tenant))
    }
}

/// An address without the session that it is meant for, and without what was said on landing there.
fn without_session(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter(|pair| !matches!(pair.split('=').next(), Some(AS | "missing" | "refused")))
        .collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

/// The page above: the same without its query, then without its last segment.
fn above(address: &str) -> String {
    if let Some((path, _query)) = address.split_once('?') {
        return path.to_owned();
    }
    match address.trim_end_matches('/').rsplit_once('/') {
        Some((path, _last)) if !path.is_empty() => path.to_owned(),
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_cut_back_step_by_step() {
        let mut address = without_session("/buckets/x/uploads?as=demo&prefix=a%2F&as=b");
        let mut steps = vec![address.clone()];
        while address != "/" {
            address = above(&address);
            steps.push(address.clone());
        }
        let expected = [
            "/buckets/x/uploads?prefix=a%2F",
            "/buckets/x/uploads",
            "/buckets/x",
            "/buckets",
            "/",
        ];
        assert_eq!(steps, expected);
        assert_eq!(without_session("/buckets?as=~"), "/buckets");
        assert_eq!(above("/"), "/");
    }

    #[test]
    fn sign_in_is_told_the_tenant_and_leads_on() {
        assert_eq!(
            sign_in("b b", "/buckets?as=b%20b"),
            "/sign-in?tenant=b%20b&next=%2Fbuckets%3Fas%3Db%2520b"
        );
        assert_eq!(sign_in("~", "/x"), "/sign-in?next=%2Fx");
    }
}
