//! One module per page.

pub mod audit;
pub(crate) mod bucket_tabs;
pub mod buckets;
pub mod cors;
pub mod files;
mod home;
pub mod jobs;
mod links;
mod not_found;
mod password;
mod preferences;
pub mod search;
mod sessions;
mod sign_in;
mod sign_out;
pub mod uploads;
mod usage;
pub mod versions;

pub use audit::{AuditPage, OperationsPage};
pub use buckets::BucketsPage;
pub use cors::CorsPage;
pub use files::FilesPage;
pub use home::HomePage;
pub use jobs::{JobDetailPage, JobsPage};
pub use links::LinksPage;
pub use not_found::NotFoundPage;
pub use password::PasswordPage;
pub use preferences::PreferencesPage;
pub use search::SearchPage;
pub use sessions::SessionsPage;
pub use sign_in::SignInPage;
pub use sign_out::SignOutPage;
pub use uploads::UploadsPage;
pub use usage::UsagePage;
pub use versions::VersionsPage;
