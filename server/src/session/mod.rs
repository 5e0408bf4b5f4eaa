//! Sessions: the token that carries its credentials hidden, the cookies, the extractors, sign-in.

mod cookie;
mod extract;
mod jar;
mod password;
mod sign_in;
mod throttle;
mod token;

pub use cookie::{COOKIE, all as cookies, find as find_cookie};
pub use extract::{Session, is_bearer, still_good};
pub use jar::{Held, Jar, OwnSessions, meant_in};
pub use password::change_password;
pub use sign_in::{SignedIn, sign_in, sign_in_by_keys};
pub use throttle::Throttle;
pub use token::{Claims, SecretKey, TokenFault, Tokens};
