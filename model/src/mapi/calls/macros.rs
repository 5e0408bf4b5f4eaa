//! One line for each call: the request and its row of the table come from the same words.

/// Declares requests, and the constant that is their part of the table.
///
/// `HEAD` looks whether something is there, `GET` reads a resource or names, `PUT` creates, `POST`
/// changes, `DELETE` deletes; what stands after the query says which. `takes`: there has to be a body;
/// `may_take`: there may be one; `with file`: there is a form with a file.
macro_rules! calls {
    ($table:ident; $(
        $name:ident $id:literal $summary:literal
        $method:ident $route:literal ($($segment:ident),*) $query:ty
        $(, takes $body:ty $(as $resource:ty [$($required:literal),*])?)?
        $(, may_take $optional:ty as $its_resource:ty)?
        $(, with $file:ident)?
        $(, full $full:ident $in_full:ty)?
        => $response:ty, $answer:expr;
    )*) => {
        $(
            #[doc = $summary]
            #[doc = ""]
            #[doc = concat!("`", stringify!($method), " ", $route, "`.")]
            #[derive(Clone, Debug, Default)]
            pub struct $name {
                $(
                    #[doc = concat!("The path's `", stringify!($segment), "`.")]
                    pub $segment: String,
                )*
                /// The parameters of the query.
                pub query: $query,
                $(
                    /// The body.
                    pub body: $body,
                )?
                $(
                    /// The body; without properties: none.
                    pub body: $optional,
                )?
            }

            impl $crate::Endpoint for $name {
                const METHOD: http::Method = http::Method::$method;
                const ROUTE: &'static str = concat!("/api/v1/mapi", $route);
                type Body = $crate::mapi::calls::macros::calls!(@body $($body)? $($optional)?);
                type Response = $response;

                fn path(&self) -> String {
                    let names = [$(self.$segment.as_str()),*];
                    $crate::mapi::calls::macros::path(Self::ROUTE, &names, &self.query)
                }

                $(
                    fn body(&self) -> Option<&$body> {
                        Some(&self.body)
                    }
                )?
                $(
                    fn body(&self) -> Option<&$optional> {
                        Some(&self.body)
                    }
                )?
            }

            $(
                #[doc = $summary]
                #[doc = ""]
                #[doc = concat!("`", stringify!($method), " ", $route, "?verbose=true`: not the names alone.")]
                #[derive(Clone, Debug, Default)]
                pub struct $full(pub $name);

                impl $crate::Endpoint for $full {
                    const METHOD: http::Method = http::Method::$method;
                    const ROUTE: &'static str = concat!("/api/v1/mapi", $route);
                    type Body = ();
                    type Response = $in_full;

                    fn path(&self) -> String {
                        $crate::mapi::calls::macros::in_full($crate::Endpoint::path(&self.0))
                    }
                }
            )?
        )*

        /// The operations of this part.
        pub(super) const $table: &[$crate::mapi::calls::Operation] = &[
            $($crate::mapi::calls::Operation {
                id: $id,
                summary: $summary,
                method: http::Method::$method,
                route: concat!("/api/v1/mapi", $route),
                parameters: <$query as $crate::mapi::calls::InQuery>::PARAMETERS,
                takes: $crate::mapi::calls::macros::calls!(@shape $($($resource)?)? $($its_resource)?),
                carries: $crate::mapi::calls::macros::calls!(@carries $($optional)? $($file)?),
                required: &[$($($($required),*)?)?],
                answers: $answer,
            },)*
        ];
    };
    (@body) => { () };
    (@body $body:ty) => { $body };
    (@carries file) => { $crate::mapi::calls::Carries::File };
    (@carries) => { $crate::mapi::calls::Carries::Body };
    (@carries $optional:ty) => { $crate::mapi::calls::Carries::PerhapsBody };
    (@shape) => { None };
    (@shape $resource:ty) => { Some($crate::mapi::calls::Shape::of::<$resource>()) };
}
pub(crate) use calls;

use super::InQuery;
use crate::endpoint::{encode, query};

/// Puts names into a route and parameters behind it.
pub(super) fn path(route: &str, names: &[&str], parameters: &impl InQuery) -> String {
    let mut names = names.iter();
    let filled = route.split('/').map(|segment| {
        if segment.starts_with('{') {
            names.next().map_or_else(String::new, |name| encode(name))
        } else {
            segment.to_owned()
        }
    });
    let path: Vec<String> = filled.collect();
    path.join("/") + &query(&parameters.pairs())
}

/// Asks for more than names.
pub(super) fn in_full(mut path: String) -> String {
    path.push(if path.contains('?') { '&' } else { '?' });
    path + "verbose=true"
}
