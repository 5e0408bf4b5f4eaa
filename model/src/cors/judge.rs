//! What CORS rules come to, as S3 reads them: the first rule that allows all of a request decides.

use super::{CorsCause, CorsRule, RuleSays, RuleVerdict};

/// What a page asks of a store.
#[derive(Clone, Copy, Debug)]
pub struct Crossing<'a> {
    /// Where the page is from: `https://hako.example.com`.
    pub origin: &'a str,
    /// The method.
    pub method: &'a str,
    /// The headers that it sends.
    pub sends: &'a [&'a str],
    /// The headers of the answer that it reads.
    pub reads: &'a [&'a str],
}

/// What rules say to a [`Crossing`]: the first thing that keeps it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It may.
    Allowed,
    /// There are no rules.
    NoRule,
    /// No rule is for the origin.
    Origin,
    /// None for the origin allows the method.
    Method,
    /// None for origin and method allows all headers.
    Header,
    /// It may, but not read all that it wants to.
    Expose,
}

/// Judges a request. Where none of the rules allows it, the one that comes closest says why.
pub fn judge(rules: &[CorsRule], asked: &Crossing<'_>) -> Judgement {
    if let Some(decides) = rules.iter().find(|rule| allows(rule, asked)) {
        return if exposes(decides, asked.reads) {
            Judgement::Allowed
        } else {
            Judgement::Expose
        };
    }
    let mut of_origin = rules
        .iter()
        .filter(|rule| takes_origin(rule, asked.origin))
        .peekable();
    if rules.is_empty() {
        Judgement::NoRule
    } else if of_origin.peek().is_none() {
        Judgement::Origin
    } else if of_origin.any(|rule| takes_method(rule, asked.method)) {
        Judgement::Header
    } else {
        Judgement::Method
    }
}

/// What rules say to a [`Crossing`], each by itself and all together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examination {
    /// What it comes to.
    pub cause: CorsCause,
    /// What each rule says.
    pub rules: Vec<RuleVerdict>,
    /// The rule that lets the request in.
    pub decides: Option<usize>,
    /// Two rules of which the first keeps the second, which gives everything, from deciding.
    pub shadow: Option<(usize, usize)>,
}

/// Examines a request.
///
/// A preflight asks for headers and is decided by the first rule that allows all of them. The request after it
/// asks for none: what may be read of its answer is decided by the first rule for origin and method.
pub fn examine(rules: &[CorsRule], asked: &Crossing<'_>) -> Examination {
    let verdicts: Vec<_> = rules.iter().map(|rule| verdict(rule, asked)).collect();
    let decides = rules.iter().position(|rule| allows(rule, asked));
    let answers = rules
        .iter()
        .position(|rule| takes_origin(rule, asked.origin) && takes_method(rule, asked.method));
    let gives_all = |at: usize| verdicts[at].says == RuleSays::Allows;
    let (mut cause, mut shadow) = (CorsCause::Allowed, None);
    if decides.is_none() {
        cause = match judge(rules, asked) {
            Judgement::NoRule => CorsCause::NoRule,
            Judgement::Origin => CorsCause::Origin,
            Judgement::Method => CorsCause::Method,
            Judgement::Header | Judgement::Allowed | Judgement::Expose => CorsCause::Header,
        };
    } else if let Some(first) = answers.filter(|first| !exposes(&rules[*first], asked.reads)) {
        shadow = (0..rules.len())
            .find(|at| gives_all(*at))
            .map(|better| (first, better));
        cause = match shadow {
            Some(_) => CorsCause::Shadowed,
            None => CorsCause::Expose,
        };
    }
    Examination {
        cause,
        rules: verdicts,
        decides,
        shadow,
    }
}

/// What one rule says by itself.
fn verdict(rule: &CorsRule, asked: &Crossing<'_>) -> RuleVerdict {
    let without = |names: &[&str], has: &dyn Fn(&str) -> bool| -> Vec<String> {
        let missing = names.iter().filter(|name| !has(name));
        missing.map(|&name| name.to_owned()).collect()
    };
    let unsent = without(asked.sends, &|name| takes_header(rule, name));
    let unread = without(asked.reads, &|name| exposes(rule, &[name]));
    let (says, missing) = if !takes_origin(rule, asked.origin) {
        (RuleSays::OtherOrigin, Vec::new())
    } else if !takes_method(rule, asked.method) {
        (RuleSays::OtherMethod, Vec::new())
    } else if !unsent.is_empty() {
        (RuleSays::Header, unsent)
    } else if !unread.is_empty() {
        (RuleSays::Expose, unread)
    } else {
        (RuleSays::Allows, Vec::new())
    };
    RuleVerdict { says, missing }
}

/// Puts a rule where it takes effect: behind all others, or before the first that would decide in its
/// place and gives less. `None` where one that gives as much, or more, decides already.
pub fn with_rule(rules: &[CorsRule], new: &CorsRule) -> Option<Vec<CorsRule>> {
    let mut at = rules.len();
    for (place, rule) in rules.iter().enumerate() {
        if !overlaps(rule, new) {
            continue;
        }
        if covers(rule, new) {
            return None;
        }
        at = place;
        break;
    }
    let (before, after) = rules.split_at(at);
    Some([before, std::slice::from_ref(new), after].concat())
}

/// Whether `rule` decides everything that `new` would allow.
fn overlaps(rule: &CorsRule, new: &CorsRule) -> bool {
    let all = |names: &Option<Vec<String>>, fits: &dyn Fn(&str) -> bool| {
        names.iter().flatten().all(|name| fits(name))
    };
    all(&new.allowed_origins, &|origin| takes_origin(rule, origin))
        && all(&new.allowed_methods, &|method| takes_method(rule, method))
        && all(&new.allowed_headers, &|header| takes_header(rule, header))
}

fn covers(rule: &CorsRule, new: &CorsRule) -> bool {
    let reads: Vec<_> = new
        .expose_headers
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    overlaps(rule, new) && exposes(rule, &reads)
}

fn allows(rule: &CorsRule, asked: &Crossing<'_>) -> bool {
    takes_origin(rule, asked.origin)
        && takes_method(rule, asked.method)
        && asked.sends.iter().all(|name| takes_header(rule, name))
}

fn takes_origin(rule: &CorsRule, origin: &str) -> bool {
    let mut patterns = rule.allowed_origins.iter().flatten();
    patterns.any(|pattern| fits(pattern, origin))
}

fn takes_method(rule: &CorsRule, method: &str) -> bool {
    let mut methods = rule.allowed_methods.iter().flatten();
    methods.any(|one| one == method)
}

/// Names of headers have no case.
fn takes_header(rule: &CorsRule, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut patterns = rule.allowed_headers.iter().flatten();
    patterns.any(|pattern| fits(&pattern.to_ascii_lowercase(), &name))
}

fn exposes(rule: &CorsRule, reads: &[&str]) -> bool {
    reads.iter().all(|name| {
        let mut exposed = rule.expose_headers.iter().flatten();
        exposed.any(|one| one == "*" || one.eq_ignore_ascii_case(name))
    })
}

/// One `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://hako.example.com";
    const UPLOAD: Crossing<'_> = Crossing {
        origin: PAGE,
        method: "PUT",
        sends: &["content-type", "x-amz-checksum-crc32c"],
        reads: &["ETag"],
    };

    fn rule(origin: &str, methods: &[&str], headers: &[&str], expose: &[&str]) -> CorsRule {
        let list = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        CorsRule {
            allowed_origins: list(&[origin]),
            allowed_methods: list(methods),
            allowed_headers: list(headers),
            expose_headers: list(expose),
            ..CorsRule::default()
        }
    }

    fn full(origin: &str) -> CorsRule {
        rule(origin, &["PUT"], &["*"], &["etag"])
    }

    #[test]
    fn the_rule_that_comes_closest_says_what_is_missing() {
        let of = |rules: &[CorsRule]| judge(rules, &UPLOAD);
        assert_eq!(of(&[]), Judgement::NoRule);
        assert_eq!(of(&[full("https://other.example")]), Judgement::Origin);
        let get = rule(PAGE, &["GET"], &["*"], &[]);
        assert_eq!(of(std::slice::from_ref(&get)), Judgement::Method);
        let narrow = rule(PAGE, &["PUT"], &["Content-Type"], &["ETag"]);
        assert_eq!(of(&[get.clone(), narrow.clone()]), Judgement::Header);
        let silent = rule(PAGE, &["PUT"], &["*"], &[]);
        assert_eq!(of(&[narrow.clone(), silent]), Judgement::Expose);
        assert_eq!(of(&[get, narrow, full(PAGE)]), Judgement::Allowed);
        // An empty rule is for nobody.
        assert_eq!(of(&[CorsRule::default()]), Judgement::Origin);
    }

    #[test]
    fn wildcards_stand_for_any_text_in_origins_and_headers() {
        for (origin, expected) in [
            ("*", Judgement::Allowed),
            ("https://*.example.com", Judgement::Allowed),
            ("https://hako.*", Judgement::Allowed),
            ("http://*", Judgement::Origin),
            ("https://hako.example.com:8443", Judgement::Origin),
            ("https://hako.example.com*m", Judgement::Origin),
            ("https://HAKO.example.com", Judgement::Origin),
        ] {
            assert_eq!(judge(&[full(origin)], &UPLOAD), expected, "{origin}");
        }
        for (headers, expected) in [
            (&["Content-Type", "X-Amz-*"][..], Judgement::Allowed),
            (&["*-type", "*"], Judgement::Allowed),
            (&["x-amz-*"], Judgement::Header),
            (&[], Judgement::Header),
        ] {
            let rule = rule(PAGE, &["PUT"], headers, &["ETag"]);
            assert_eq!(judge(&[rule], &UPLOAD), expected, "{headers:?}");
        }
        let plain = Crossing {
            sends: &[],
            ..UPLOAD
        };
        let bare = rule(PAGE, &["PUT"], &[], &["ETag"]);
        assert_eq!(judge(&[bare], &plain), Judgement::Allowed);
    }

    #[test]
    fn the_first_rule_that_allows_everything_decides() {
        let silent = rule("*", &["PUT"], &["*"], &[]);
        let both = [silent.clone(), full(PAGE)];
        assert_eq!(judge(&both, &UPLOAD), Judgement::Expose);
        let both = [full(PAGE), silent];
        assert_eq!(judge(&both, &UPLOAD), Judgement::Allowed);
    }

    #[test]
    fn each_cause_has_its_name() {
        let of = |rules: &[CorsRule]| examine(rules, &UPLOAD);
        let get = rule(PAGE, &["GET"], &["*"], &["ETag"]);
        let narrow = rule(PAGE, &["PUT"], &["content-type"], &["ETag"]);
        let silent = rule("https://*", &["PUT"], &["*"], &[]);
        let other = full("https://other.example");
        for (rules, cause) in [
            (&[][..], CorsCause::NoRule),
            (std::slice::from_ref(&other), CorsCause::Origin),
            (&[other.clone(), get.clone()], CorsCause::Method),
            (&[get.clone(), narrow.clone()], CorsCause::Header),
            (&[narrow.clone(), silent.clone()], CorsCause::Allowed),
            (&[silent.clone(), narrow.clone()], CorsCause::Expose),
            (&[silent.clone(), full(PAGE)], CorsCause::Shadowed),
            (&[full(PAGE), silent.clone()], CorsCause::Allowed),
        ] {
            assert_eq!(of(rules).cause, cause, "{rules:?}");
        }
        let shadowed = of(&[get.clone(), silent, other, full(PAGE)]);
        assert_eq!(shadowed.decides, Some(1));
        assert_eq!(shadowed.shadow, Some((1, 3)));
        let says: Vec<_> = shadowed.rules.iter().map(|rule| rule.says).collect();
        assert_eq!(
            says,
            [
                RuleSays::OtherMethod,
                RuleSays::Expose,
                RuleSays::OtherOrigin,
                RuleSays::Allows
            ]
        );
        let missing = of(&[get, narrow]).rules[1].missing.clone();
        assert_eq!(missing, ["x-amz-checksum-crc32c"]);
    }

    /// The preflight is decided by the second rule, and the answer is read by the first.
    #[test]
    fn a_rule_that_fails_the_preflight_still_hides_what_may_be_read() {
        let blind = rule(PAGE, &["PUT"], &[], &[]);
        let found = examine(&[blind, full(PAGE)], &UPLOAD);
        assert_eq!(found.decides, Some(1));
        assert_eq!(
            (found.cause, found.shadow),
            (CorsCause::Shadowed, Some((0, 1)))
        );
    }

    #[test]
    fn a_rule_is_added_once_and_where_it_takes_effect() {
        let new = full(PAGE);
        let get = rule("*", &["GET"], &[], &[]);
        let silent = rule("https://*", &["PUT", "POST"], &["*"], &[]);
        let added = |rules: &[CorsRule]| with_rule(rules, &new);
        assert_eq!(added(&[]), Some(vec![new.clone()]));
        // None of the others is lost or moved.
        assert_eq!(
            added(std::slice::from_ref(&get)),
            Some(vec![get.clone(), new.clone()])
        );
        // Behind one that would decide in its place it would be without effect.
        let placed = added(&[get.clone(), silent.clone()]).unwrap();
        assert_eq!(placed, [get.clone(), new.clone(), silent.clone()]);
        assert_eq!(judge(&placed, &UPLOAD), Judgement::Allowed);
        // As much, or more, is there.
        assert_eq!(added(&placed), None);
        let wider = rule("https://*.example.com", &["GET", "PUT"], &["*"], &["ETag"]);
        assert_eq!(added(&[get.clone(), wider.clone()]), None);
        // … but too late.
        let late = added(&[silent.clone(), wider.clone()]).unwrap();
        assert_eq!(late, [new.clone(), silent, wider]);
    }
}
