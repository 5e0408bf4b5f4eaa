//! One module per page.

mod bucket_tabs;
pub mod buckets;
pub mod files;
mod home;
mod not_found;
mod sign_in;
mod sign_out;
pub mod uploads;

pub use buckets::BucketsPage;
pub use files::FilesPage;
pub use home::HomePage;
pub use not_found::NotFoundPage;
pub use sign_in::SignInPage;
pub use sign_out::SignOutPage;
pub use uploads::UploadsPage;
