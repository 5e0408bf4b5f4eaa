//! Lines that ask what a search asked: by Hako's API, and by HCP's own.

use super::{python, quote};
use crate::{
    TenantName,
    endpoint::Endpoint as _,
    query::{ObjectQuery, QueryObjects, parse},
};

/// The variable of the environment that holds the token of a session.
pub const TOKEN: &str = "HAKO_TOKEN";
/// The one with HCP's own token: the name in Base64, a colon, and the password's MD5.
pub const HCP_TOKEN: &str = "HCP_TOKEN";

/// What asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// curl, by Hako's API.
    Curl,
    /// The library httpx of Python, by Hako's API.
    Httpx,
    /// curl, by the metadata query API of an HCP.
    Hcp,
}

impl Asker {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Curl, Self::Httpx, Self::Hcp];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Httpx => "httpx",
            Self::Hcp => "hcp",
        }
    }
}

/// A search that is asked for again.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The address of Hako: `https://hako.example.com`.
    pub hako: &'a str,
    /// The address of the tenant on an HCP: `https://tenant.hcp.example.com`.
    pub hcp: Option<&'a str>,
    /// The tenant.
    pub tenant: &'a TenantName,
    /// What is looked for.
    pub request: &'a ObjectQuery,
}

/// The lines that ask; `None` where there is nobody to ask, or no words for the query.
pub fn asking(by: Asker, asked: &Asked<'_>) -> Option<String> {
    let call = QueryObjects {
        tenant: asked.tenant.clone(),
        request: asked.request.clone(),
    };
    let address = format!("{}{}", asked.hako, call.path());
    let body = serde_json::to_string(asked.request).ok()?;
    Some(match by {
        Asker::Curl => curl(&format!("Bearer ${TOKEN}"), &body, &address),
        Asker::Httpx => [
            "import os".to_owned(),
            "import httpx".to_owned(),
            String::new(),
            "answer = httpx.post(".to_owned(),
            format!("    {},", python(&address)),
            "    headers={".to_owned(),
            format!("        \"Authorization\": \"Bearer \" + os.environ[\"{TOKEN}\"],"),
            "        \"Content-Type\": \"application/json\",".to_owned(),
            "    },".to_owned(),
            format!("    content={},", python(&body)),
            ")".to_owned(),
            "answer.raise_for_status()".to_owned(),
            "for found in answer.json()[\"resultSet\"]:".to_owned(),
            "    print(found[\"urlName\"])".to_owned(),
        ]
        .join("\n"),
        Asker::Hcp => {
            let expression = parse(&asked.request.query).ok()?;
            let text = expression.in_tenant(asked.tenant.as_str()).to_hcp().ok()?;
            let body = asked.request.to_hcp(&text).to_string();
            curl(
                &format!("HCP ${HCP_TOKEN}"),
                &body,
                &format!("{}/query", asked.hcp?),
            )
        }
    })
}

/// The token is read from the environment: in double quotes the shell puts it in.
fn curl(authorization: &str, body: &str, address: &str) -> String {
    [
        "curl --fail --request POST".to_owned(),
        format!("  --header \"Authorization: {authorization}\""),
        "  --header 'Content-Type: application/json' --header 'Accept: application/json'"
            .to_owned(),
        format!("  --data-binary {}", quote(body)),
        format!("  {}", quote(address)),
    ]
    .join(" \\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str, hcp: Option<&str>) -> [Option<String>; 3] {
        let tenant = TenantName::parse("acme").unwrap();
        let request = ObjectQuery {
            count: 5,
            ..ObjectQuery::of(query)
        };
        let asked = Asked {
            hako: "https://hako.example.com",
            hcp,
            tenant: &tenant,
            request: &request,
        };
        Asker::ALL.map(|by| asking(by, &asked))
    }

    #[test]
    fn a_search_is_asked_for_again() {
        let [curl, httpx, hcp] = of("namespace:a AND it's", Some("https://acme.hcp.example.com"));
        let curl = curl.unwrap();
        assert!(curl.starts_with(
            "curl --fail --request POST \\\n  --header \"Authorization: Bearer $HAKO_TOKEN\""
        ));
        assert!(
            curl.contains(r#""query":"namespace:a AND it'\''s""#),
            "{curl}"
        );
        assert!(
            curl.ends_with("/api/v1/query/tenants/acme/objects'")
                || curl.ends_with("/api/v1/query/tenants/acme/objects"),
            "{curl}"
        );
        let httpx = httpx.unwrap();
        assert!(
            httpx.contains(r#"content="{\"query\":\"namespace:a AND it's\""#),
            "{httpx}"
        );
        let hcp = hcp.unwrap();
        assert!(hcp.contains("Authorization: HCP $HCP_TOKEN"));
        assert!(hcp.contains("+namespace:a.acme"), "{hcp}");
        assert!(hcp.contains("https://acme.hcp.example.com/query"));
    }

    #[test]
    fn what_hcp_cannot_be_asked_has_no_line() {
        assert_eq!(of("a", None)[2], None);
        let hcp = Some("https://acme.hcp.example.com");
        assert_eq!(of("customMetadata.colour:[1 TO 2]", hcp)[2], None);
        assert!(of("customMetadata.colour:[1 TO 2]", hcp)[0].is_some());
    }
}
