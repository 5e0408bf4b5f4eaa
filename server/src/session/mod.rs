//! Sessions: the token that carries its credentials hidden, the cookie, the extractor, sign-in.

mod cookie;
mod extract;
mod sign_in;
mod throttle;
mod token;

pub use cookie::{COOKIE, cleared, find as find_cookie, issued};
pub use extract::{Session, open};
pub use sign_in::{SignedIn, sign_in};
pub use throttle::Throttle;
pub use token::{Claims, SecretKey, TokenFault, Tokens};
