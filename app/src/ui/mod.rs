//! Components that know nothing of stores: buttons, fields, dialogs, messages.

mod button;
mod dialog;
mod failure;
mod field;
mod icon;
mod messages;
mod time;

pub use button::{Button, LinkButton, Tone};
pub use dialog::{Modal, ModalHandle, SubmitBar};
pub(crate) use failure::redirect;
pub use failure::{Failure, Retry};
pub use field::{ErrorSummary, TextField};
pub use icon::Icon;
pub use messages::{LiveRegions, Messages, Toasts};
pub use time::{Clock, Moment};
