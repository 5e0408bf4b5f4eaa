//! JSON as a tree: read in one pass that keeps what is told and counts the rest, so that memory follows the
//! answer and not the file.

use std::{cell::Cell, fmt};

use model::preview::{Member, Members, Value, limit};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Letters of a text that are told.
const LETTERS: usize = 2_000;
/// Members that are told of what lies deeper than its neighbours.
const INNER: u64 = 20;

/// The value at a pointer, with its members from a place on.
pub(super) fn json(text: &[u8], pointer: &str, from: u64) -> Result<Option<Value>, Malformed> {
    let path = parts(pointer);
    let room = Cell::new(limit::VALUES);
    one(text, &path, from, 0, &room)
}

/// The lines of NDJSON as a list, in the same way; a pointer begins with a line's place.
pub(super) fn lines(text: &[u8], pointer: &str, from: u64) -> Result<Option<Value>, Malformed> {
    let path = parts(pointer);
    let room = Cell::new(limit::VALUES);
    let all = text
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .take(limit::JSON_LINES);
    if let Some((place, rest)) = path.split_first() {
        let place = place.parse().ok();
        return match place.and_then(|place| all.clone().nth(place)) {
            Some(line) => one(line, rest, from, 0, &room),
            None => Ok(None),
        };
    }
    let mut members = Members {
        from,
        ..Members::default()
    };
    for line in all {
        if tells(&members, 0, &room) {
            let value = one(line, &[], 0, 1, &room).ok().flatten();
            let value =
                value.unwrap_or_else(|| Value::Broken(short(&String::from_utf8_lossy(line))));
            members.told.push(Member { name: None, value });
        }
        members.count += 1;
    }
    Ok(Some(Value::List(members)))
}

/// The text is no JSON.
#[derive(Debug)]
pub(super) struct Malformed;

fn one(
    text: &[u8],
    path: &[String],
    from: u64,
    depth: usize,
    room: &Cell<usize>,
) -> Result<Option<Value>, Malformed> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let seed = Seed {
        path,
        from,
        depth,
        room,
    };
    let value = seed.deserialize(&mut reader).map_err(|_wrong| Malformed)?;
    reader.end().map_err(|_wrong| Malformed)?;
    Ok(value)
}

/// The parts of a JSON pointer.
fn parts(pointer: &str) -> Vec<String> {
    let parts = pointer.split('/').skip(1);
    parts
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// Whether the next member is told.
fn tells(members: &Members, depth: usize, room: &Cell<usize>) -> bool {
    let most = if depth < 2 { limit::MEMBERS } else { INNER };
    let is_told = members.count >= members.from
        && (members.told.len() as u64) < most
        && depth < limit::DEPTH
        && room.get() > 0;
    if is_told {
        room.set(room.get() - 1);
    }
    is_told
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    path: &'a [String],
    from: u64,
    depth: usize,
    room: &'a Cell<usize>,
}

impl Seed<'_> {
    /// For what is told within this value.
    fn inner(self) -> Self {
        Self {
            path: &[],
            from: 0,
            depth: self.depth + 1,
            ..self
        }
    }

    fn plain(self, value: Value) -> Option<Value> {
        self.path.is_empty().then_some(value)
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Option<Value>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.plain(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(self.plain(Value::Bool(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(self.plain(Value::Number(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(self.plain(Value::Number(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        let number = serde_json::Number::from_f64(value);
        let number = number.map_or_else(|| value.to_string(), |number| number.to_string());
        Ok(self.plain(Value::Number(number)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(self.plain(Value::Text(short(value))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Self::Value, A::Error> {
        if let Some((place, path)) = self.path.split_first() {
            let mut found = None;
            let place: Option<u64> = place.parse().ok();
            for at in 0_u64.. {
                if Some(at) == place {
                    match all.next_element_seed(Self { path, ..self })? {
                        Some(value) => found = value,
                        None => break,
                    }
                } else if all.next_element::<IgnoredAny>()?.is_none() {
                    break;
                }
            }
            return Ok(found);
        }
        let mut members = Members {
            from: self.from,
            ..Members::default()
        };
        loop {
            if tells(&members, self.depth, self.room) {
                match all.next_element_seed(self.inner())? {
                    Some(Some(value)) => members.told.push(Member { name: None, value }),
                    Some(None) => {}
                    None => break,
                }
            } else if all.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
            members.count += 1;
        }
        Ok(Some(Value::List(members)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Self::Value, A::Error> {
        if let Some((wanted, path)) = self.path.split_first() {
            let mut found = None;
            while let Some(name) = all.next_key::<String>()? {
                if found.is_none() && name == *wanted {
                    found = all.next_value_seed(Self { path, ..self })?;
                } else {
                    all.next_value::<IgnoredAny>()?;
                }
            }
            return Ok(found);
        }
        let mut members = Members {
            from: self.from,
            ..Members::default()
        };
        while let Some(name) = all.next_key::<String>()? {
            if tells(&members, self.depth, self.room) {
                if let Some(value) = all.next_value_seed(self.inner())? {
                    let name = Some(short(&name));
                    members.told.push(Member { name, value });
                }
            } else {
                all.next_value::<IgnoredAny>()?;
            }
            members.count += 1;
        }
        Ok(Some(Value::Object(members)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<Value> {
        json(text.as_bytes(), "", 0).ok().flatten()
    }

    fn members(value: Option<Value>) -> Members {
        match value {
            Some(Value::Object(members) | Value::List(members)) => members,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn members_keep_their_order_and_their_number() {
        let all = members(read(r#"{"b": 1.5, "a": [null, true], "b": "x"}"#));
        assert_eq!(all.count, 3);
        let names: Vec<_> = all
            .told
            .iter()
            .map(|one| one.name.as_deref().unwrap())
            .collect();
        assert_eq!(names, ["b", "a", "b"]);
        assert_eq!(all.told[0].value, Value::Number("1.5".to_owned()));
        assert_eq!(members(Some(all.told[1].value.clone())).count, 2);
        assert_eq!(
            read("18446744073709551615"),
            Some(Value::Number("18446744073709551615".to_owned()))
        );
        assert_eq!(read("\u{feff}\"a\""), Some(Value::Text("a".to_owned())));
    }

    #[test]
    fn what_is_no_json_is_none() {
        for text in ["", "{", "[1,]", "<html>", "1 2", "nul"] {
            assert!(json(text.as_bytes(), "", 0).is_err(), "{text}");
        }
        assert!(json(b"\xff", "", 0).is_err());
    }

    #[test]
    fn long_lists_are_told_in_parts() {
        let text = serde_json::to_string(&(0..250).collect::<Vec<_>>()).unwrap();
        let first = members(read(&text));
        assert_eq!((first.count, first.told.len()), (250, 100));
        let last = members(json(text.as_bytes(), "", 200).ok().flatten());
        assert_eq!((last.from, last.told.len()), (200, 50));
        assert_eq!(last.told[0].value, Value::Number("200".to_owned()));
    }

    #[test]
    fn a_pointer_leads_to_a_value() {
        let text = br#"{"a/b": {"~": [1, {"x": "y"}]}}"#;
        let at = |pointer| json(text, pointer, 0).ok().flatten();
        assert_eq!(at("/a~1b/~0/1/x"), Some(Value::Text("y".to_owned())));
        assert_eq!(at("/a~1b/~0/2"), None);
        assert_eq!(at("/a"), None);
        assert_eq!(at("/a~1b/~0/0/x"), None);
    }

    fn count(value: &Value) -> usize {
        match value {
            Value::Object(all) | Value::List(all) => {
                1 + all.told.iter().map(|one| count(&one.value)).sum::<usize>()
            }
            _ => 1,
        }
    }

    #[test]
    fn depth_and_number_have_a_limit() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let value = read(&deep);
        let mut depth = 0;
        let mut at = &value.unwrap();
        while let Value::List(members) = at {
            depth += 1;
            match members.told.first() {
                Some(one) => at = &one.value,
                None => break,
            }
        }
        assert_eq!(depth, limit::DEPTH + 1);
        let row = format!("[{}]", vec!["[1,2,3]"; 90].join(","));
        let wide = format!("[{}]", vec![row; 90].join(","));
        assert!(count(&read(&wide).unwrap()) <= limit::VALUES + 1);
    }

    #[test]
    fn lines_are_read_one_by_one() {
        let text = b"{\"a\":1}\r\n\nnonsense\n[2]";
        let all = members(lines(text, "", 0).ok().flatten());
        assert_eq!(all.count, 3);
        assert_eq!(all.told[1].value, Value::Broken("nonsense".to_owned()));
        assert_eq!(
            lines(text, "/0/a", 0).ok().flatten(),
            Some(Value::Number("1".to_owned()))
        );
        assert_eq!(lines(text, "/9", 0).ok().flatten(), None);
        let many = "1\n".repeat(limit::JSON_LINES + 7);
        assert_eq!(
            members(lines(many.as_bytes(), "", 0).ok().flatten()).count,
            limit::JSON_LINES as u64
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_json_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let known = serde_json::from_slice::<serde_json::Value>(&bytes).is_ok();
            prop_assert_eq!(json(&bytes, "", 0).is_ok(), known);
            let _ = lines(&bytes, "/0", 1);
        }
    }
}
