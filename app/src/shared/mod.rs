//! `/l/{token}`: the sheet that visitors see of a link. Drawn on the server alone, without scripts: whoever opens a
//! link of somebody else's runs nothing.

mod file;
mod folder;

use leptos::prelude::*;
use leptos_meta::HashedStylesheet;
use model::{Timestamp, link::MAX_PASSWORD};

pub use self::{
    file::{Preview, SharedFile},
    folder::{FileInFolder, SharedFolder},
};
use crate::{
    drawn,
    layout::Mark,
    text::{self, visible_name},
    ui::Icon,
    urls,
    words::links,
};

/// What of an address says which folder is meant, by its path within the shared one.
pub const AT: &str = "at";
/// Which file.
pub const FILE: &str = "file";
/// Behind which name a page of a folder begins.
pub const AFTER: &str = "after";
/// Whether the file itself is to be shown.
pub const SHOW: &str = "show";

/// A sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The link's own path.
    pub address: String,
    /// What is on it.
    pub shown: Shown,
}

/// Why a password was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// It is not the link's.
    Wrong,
    /// Too many were wrong.
    TooOften {
        /// For how long none is taken.
        seconds: u64,
    },
}

/// What is in a visitor's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The link, which opens nothing any more.
    Nothing,
    /// The store. What it says may name what visitors are not told.
    Store,
    /// What the sentence says.
    Said(String),
}

impl Reason {
    fn words(self) -> String {
        match self {
            Self::Nothing => links::opens_nothing().to_owned(),
            Self::Store => links::store_not_now().to_owned(),
            Self::Said(sentence) => sentence,
        }
    }
}

/// What a visitor sees.
#[derive(Clone, Debug)]
pub enum Shown {
    /// The link opens nothing. Why is not said.
    Nothing,
    /// Something else is in the way.
    Failed(Reason),
    /// It asks for a password.
    Password {
        /// Why one was not taken.
        fault: Option<PasswordFault>,
    },
    /// A file.
    File(SharedFile),
    /// A page of a folder.
    Folder(SharedFolder),
    /// A folder that takes files.
    Request {
        /// When the link ends.
        ends_at: Timestamp,
        /// How many files were just stored.
        done: Option<u64>,
        /// The file that was not, and why.
        problem: Option<(String, Reason)>,
    },
}

/// The whole document, as text. The frame of other pages would add scripts, if only empty ones.
pub fn html(
    options: LeptosOptions,
    shown: Sheet,
    parts: http::request::Parts,
    language: catalogue::Language,
) -> String {
    Owner::new_root(None).with(|| {
        provide_context(parts);
        provide_context(language);
        sheet(options, shown).to_html()
    })
}

fn sheet(options: LeptosOptions, sheet: Sheet) -> impl IntoView {
    let preferences = drawn::preferences();
    let class = if matches!(sheet.shown, Shown::Folder(_) | Shown::File(_)) {
        "sign-in shared shared-wide"
    } else {
        "sign-in shared"
    };
    let (heading, body) = content(&sheet);
    view! {
        <!DOCTYPE html>
        <html lang=catalogue::language().tag() data-theme=preferences.theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="no-referrer" />
                <meta name="robots" content="noindex, nofollow" />
                // A child would bring a mark along that is read as text here.
                <title inner_html=text::in_area(&format!("{heading} · Hako"))></title>
                <link rel="icon" href=urls::FAVICON sizes="any" />
                <HashedStylesheet options id="hako" />
            </head>
            <body>
                <main id="content" class=class>
                    <div class="sign-in-head">
                        <Mark />
                        <h1 data-testid="page-title">
                            <bdi>{heading.clone()}</bdi>
                        </h1>
                    </div>
                    {body}
                </main>
            </body>
        </html>
    }
}

fn content(sheet: &Sheet) -> (String, AnyView) {
    let address = sheet.address.clone();
    match sheet.shown.clone() {
        Shown::Nothing => (
            links::opens_nothing().to_owned(),
            view! {
                <section class="form-panel" data-testid="state-not-found">
                    <p>{links::opens_nothing_means()}</p>
                </section>
            }
            .into_any(),
        ),
        Shown::Failed(why) => (
            links::not_now().to_owned(),
            view! {
                <section class="form-panel" data-testid="state-error">
                    <div class="alert alert-danger" role="alert">
                        <Icon name="alert" />
                        <p>{why.words()}</p>
                    </div>
                    <p>
                        <a href=address>{links::try_again()}</a>
                    </p>
                </section>
            }
            .into_any(),
        ),
        Shown::Password { fault } => (links::shared().to_owned(), password(address, fault)),
        Shown::File(shown) => (visible_name(&shown.name), file::file(&address, shown)),
        Shown::Folder(shown) => (folder::heading(&shown), folder::folder(&address, shown)),
        Shown::Request {
            ends_at,
            done,
            problem,
        } => (
            links::send_files().to_owned(),
            request(address, ends_at, done, problem),
        ),
    }
}

fn time(time: Timestamp) -> impl IntoView {
    view! { <time datetime=time.to_string()>{text::utc(time)}</time> }
}

fn password(address: String, fault: Option<PasswordFault>) -> AnyView {
    let said = fault.map(|fault| match fault {
        PasswordFault::Wrong => links::password_wrong().to_owned(),
        PasswordFault::TooOften { seconds } => links::password_wait(seconds),
    });
    let is_wrong = said.is_some();
    view! {
        <form method="post" action=address class="form-panel" data-testid="form-password">
            {said
                .map(|said| {
                    view! {
                        <div class="alert alert-danger" role="alert" id="password-error" data-testid="error-password">
                            <Icon name="alert" />
                            <p>{said}</p>
                        </div>
                    }
                })}
            <p>{links::password_means()}</p>
            <div class="field">
                <label for="field-password">{links::password()}</label>
                <input
                    type="password"
                    name="password"
                    id="field-password"
                    class="input"
                    required
                    maxlength=MAX_PASSWORD
                    autocomplete="off"
                    aria-invalid=is_wrong.then_some("true")
                    aria-describedby=is_wrong.then_some("password-error")
                />
            </div>
            <button type="submit" class="button button-primary">
                {links::go_on()}
            </button>
        </form>
    }
    .into_any()
}

fn request(
    address: String,
    ends_at: Timestamp,
    done: Option<u64>,
    problem: Option<(String, Reason)>,
) -> AnyView {
    let stored = done.map(|count| {
        let (testid, tone, role) = match count {
            0 => ("shared-none", "alert alert-danger", "alert"),
            _ => ("shared-stored", "alert alert-info", "status"),
        };
        view! {
            <div class=tone role=role data-testid=testid>
                <Icon name="info" />
                <p>{links::stored(count)}</p>
            </div>
        }
    });
    let failed = problem.map(|(name, why)| {
        let why = why.words();
        view! {
            <div class="alert alert-danger" role="alert" data-testid="shared-failed">
                <Icon name="alert" />
                <p>{links::not_stored(&visible_name(&name), &why)}</p>
            </div>
        }
    });
    view! {
        <form
            method="post"
            enctype="multipart/form-data"
            action=address
            class="form-panel"
            data-testid="form-request"
        >
            {stored}
            {failed}
            <p>{links::send_means()}</p>
            <div class="field">
                <label for="field-file">{links::files()}</label>
                <input type="file" name="file" id="field-file" class="input" multiple required />
            </div>
            <button type="submit" class="button button-primary" data-testid="shared-send">
                <Icon name="upload" />
                {links::send()}
            </button>
            <p class="help">{links::ends()} " " {time(ends_at)}</p>
        </form>
    }
    .into_any()
}
