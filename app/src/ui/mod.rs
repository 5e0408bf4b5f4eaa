//! Components that know nothing of stores: buttons, fields, dialogs, messages.

mod area;
mod button;
mod dialog;
mod failure;
mod field;
pub(crate) mod filter;
mod icon;
mod messages;
mod time;

pub use area::TextArea;
pub use button::{Button, LinkButton, Tone};
pub use dialog::{Modal, ModalHandle, SubmitBar};
pub(crate) use failure::redirect;
pub use failure::{Failure, Retry};
pub use field::{ErrorSummary, TextField};
pub use icon::Icon;
pub use messages::{LiveRegions, Message, Messages, Offer, Toasts};
pub use time::{Clock, Left, Moment};
