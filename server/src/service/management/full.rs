//! Lists in full: HCP answers names, and each is asked for in turn.

use std::time::Duration;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use futures::{StreamExt as _, stream};
use hcp::Call;
use http::{HeaderValue, Method};
use model::{
    endpoint::encode,
    mapi::calls::{Operation, Shape, operations},
};
use serde_json::Value;

use super::{Incoming, Management, PARTIAL, shape};
use crate::Error;

/// So many are asked for at once.
const AT_ONCE: usize = 6;
/// What has not answered by then is left out: what has is more than a failure.
const PATIENCE: Duration = Duration::from_secs(90);
/// More names than this are not named in a header.
const NAMED: usize = 100;

impl Management<'_> {
    /// The resources behind a list of names, in its order; who did not answer is named in a header.
    pub(super) async fn in_full(
        &self,
        list: &'static Operation,
        incoming: &Incoming,
        below: &str,
        shape: &Shape,
        json: Value,
    ) -> Result<Response, Error> {
        let items = shape::items(below, json);
        if items.iter().any(Value::is_object) || items.is_empty() {
            return Ok(Json(shape::resources(shape, items)).into_response());
        }
        let names: Vec<String> = items
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        let (found, failed) = self.each(list, incoming, &names).await?;
        let mut response = Json(shape::resources(shape, found)).into_response();
        if let Some(header) = partial(&failed) {
            response.headers_mut().insert(PARTIAL, header);
        }
        Ok(response)
    }

    /// Asks for each, and gives what was found and who failed. Where all fail, their failure is the
    /// answer.
    pub(super) async fn each(
        &self,
        list: &'static Operation,
        incoming: &Incoming,
        names: &[String],
    ) -> Result<(Vec<Value>, Vec<String>), Error> {
        let one = single(list).ok_or_else(|| Error::internal("a list of nothing"))?;
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let asks: Vec<_> = names
            .iter()
            .map(|name| tokio::time::timeout_at(deadline, self.one(one, incoming, name)))
            .collect();
        let answers: Vec<_> = stream::iter(asks).buffered(AT_ONCE).collect().await;
        let (mut found, mut failed, mut first) = (Vec::new(), Vec::new(), None);
        for (name, answer) in names.iter().zip(answers) {
            match answer {
                Ok(Ok(json)) => found.push(json),
                Ok(Err(error)) => {
                    failed.push(name.clone());
                    first.get_or_insert(error);
                }
                Err(_late) => failed.push(name.clone()),
            }
        }
        match first {
            Some(error) if found.is_empty() => Err(error),
            _ => Ok((found, failed)),
        }
    }

    async fn one(
        &self,
        one: &'static Operation,
        incoming: &Incoming,
        name: &str,
    ) -> Result<Value, Error> {
        let mut names = incoming.names();
        names.push(name);
        let call = Call::new(one, &names)?.with("verbose", "true");
        Ok(self.perform(&call).await?.body)
    }
}

/// The operation that reads one of a list.
fn single(list: &Operation) -> Option<&'static Operation> {
    operations().find(|one| {
        let below = one.route.strip_prefix(list.route);
        one.method == Method::GET
            && below.is_some_and(|rest| rest.starts_with("/{") && rest.matches('/').count() == 1)
    })
}

/// The names that did not answer: percent-encoded, with commas between them; `*` stands for more.
fn partial(failed: &[String]) -> Option<HeaderValue> {
    if failed.is_empty() {
        return None;
    }
    let mut named: Vec<String> = failed.iter().take(NAMED).map(|n| encode(n)).collect();
    if failed.len() > NAMED {
        named.push("*".to_owned());
    }
    HeaderValue::from_str(&named.join(",")).ok()
}

#[cfg(test)]
mod tests {
    use model::mapi::calls::Answer;

    use super::*;

    #[test]
    fn each_list_that_can_be_full_knows_how_to_read_one() {
        for list in operations() {
            if let Answer::Names(_, Some(shape)) = list.answers {
                let one = single(list).unwrap_or_else(|| panic!("{}", list.id));
                let Answer::One(of_one) = one.answers else {
                    panic!("{}", one.id)
                };
                assert_eq!(of_one.root, shape.root, "{}", list.id);
            }
        }
    }

    #[test]
    fn the_header_names_who_failed() {
        assert_eq!(partial(&[]), None);
        let some = ["a b".to_owned(), "c,d".to_owned()];
        assert_eq!(partial(&some).unwrap(), "a%20b,c%2Cd");
        let many: Vec<_> = (0..=NAMED).map(|n| n.to_string()).collect();
        let header = partial(&many).unwrap();
        assert!(header.to_str().unwrap().ends_with(",99,*"));
    }
}
