//! The CORS documents of tenants and namespaces: S3's XML in one string (HCP's management API,
//! data type `cors`).

use model::cors::CorsRule;
use quick_xml::{Reader, events::Event};

/// Reads the rules of a document; `None` where it is none. What is not known is passed over, as HCP
/// does.
pub fn cors_rules(document: &str) -> Option<Vec<CorsRule>> {
    let mut reader = Reader::from_str(document);
    let (mut rules, mut rule) = (Vec::new(), None::<CorsRule>);
    let (mut text, mut is_one, mut open) = (String::new(), false, 0_usize);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                open += 1;
                text.clear();
                match tag.local_name().as_ref() {
                    b"CORSConfiguration" => is_one = true,
                    b"CORSRule" => rule = Some(CorsRule::default()),
                    _ => {}
                }
            }
            Event::Empty(tag) if tag.local_name().as_ref() == b"CORSConfiguration" => is_one = true,
            Event::Text(part) => text.push_str(&part.decode().ok()?),
            Event::CData(part) => text.push_str(&part.decode().ok()?),
            Event::GeneralRef(part) => match part.resolve_char_ref().ok()? {
                Some(char) => text.push(char),
                None => text.push_str(quick_xml::escape::resolve_predefined_entity(
                    &part.decode().ok()?,
                )?),
            },
            Event::End(tag) => {
                open = open.saturating_sub(1);
                if tag.local_name().as_ref() == b"CORSRule" {
                    rules.extend(rule.take());
                } else if let Some(rule) = &mut rule {
                    set(rule, tag.local_name().as_ref(), text.trim());
                }
            }
            Event::Eof => return (is_one && open == 0).then_some(rules),
            _ => {}
        }
    }
}

fn set(rule: &mut CorsRule, element: &[u8], text: &str) {
    let list = match element {
        b"ID" | b"Id" => {
            rule.id = Some(text.to_owned());
            return;
        }
        b"MaxAgeSeconds" => {
            rule.max_age_seconds = text.parse().ok();
            return;
        }
        b"AllowedOrigin" => &mut rule.allowed_origins,
        b"AllowedMethod" => &mut rule.allowed_methods,
        b"AllowedHeader" => &mut rule.allowed_headers,
        b"ExposeHeader" => &mut rule.expose_headers,
        _ => return,
    };
    list.get_or_insert_default().push(text.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_rules() {
        let list = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        let rules = cors_rules(
            "<?xml version=\"1.0\"?><CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
             <CORSRule><ID>a &amp; &#98;</ID><AllowedOrigin>https://app.example.com</AllowedOrigin>
             <AllowedOrigin><![CDATA[https://*.example.org]]></AllowedOrigin>
             <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>
             <AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>
             <MaxAgeSeconds>600</MaxAgeSeconds><Unknown>1</Unknown></CORSRule>
             <CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>",
        );
        let first = CorsRule {
            id: Some("a & b".to_owned()),
            allowed_headers: list(&["*"]),
            allowed_methods: list(&["GET", "PUT"]),
            allowed_origins: list(&["https://app.example.com", "https://*.example.org"]),
            expose_headers: list(&["ETag"]),
            max_age_seconds: Some(600),
        };
        let second = CorsRule {
            allowed_origins: list(&["*"]),
            ..CorsRule::default()
        };
        assert_eq!(rules, Some(vec![first, second]));
        assert_eq!(cors_rules("<CORSConfiguration/>"), Some(Vec::new()));
        for bad in [
            "",
            "text",
            "<a/>",
            "<CORSConfiguration><CORSRule>",
            "<a>&nope;</a>",
        ] {
            assert_eq!(cors_rules(bad), None, "{bad}");
        }
    }
}
