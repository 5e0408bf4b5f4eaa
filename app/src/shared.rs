//! `/l/{token}`: the sheet that visitors see of a link. Drawn on the server alone, without scripts: whoever opens a
//! link of somebody else's runs nothing.

use leptos::prelude::*;
use leptos_meta::HashedStylesheet;
use model::{
    Timestamp,
    link::{DOWNLOAD, MAX_PASSWORD},
};

use crate::{
    drawn,
    layout::Mark,
    text::{self, visible_name},
    ui::Icon,
    unit,
    words::links,
};

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

/// What a visitor sees.
#[derive(Clone, Debug)]
pub enum Shown {
    /// The link opens nothing. Why is not said.
    Nothing,
    /// Something else is in the way; the sentence says what.
    Failed(String),
    /// It asks for a password.
    Password {
        /// Why one was not taken.
        fault: Option<PasswordFault>,
    },
    /// An object.
    File {
        /// Its name.
        name: String,
        /// Bytes.
        size: u64,
        /// Its type.
        content_type: Option<String>,
        /// When the link ends.
        ends_at: Timestamp,
    },
    /// A folder that takes files.
    Request {
        /// When the link ends.
        ends_at: Timestamp,
        /// How many files were just stored.
        done: Option<u64>,
        /// The file that was not, and why where that is known.
        problem: Option<(String, Option<String>)>,
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
                <title>{format!("{heading} · Hako")}</title>
                <link rel="icon" href="/favicon.ico" sizes="any" />
                <HashedStylesheet options id="hako" />
            </head>
            <body>
                <main id="content" class="sign-in shared">
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
                        <p>{why}</p>
                    </div>
                    <p>
                        <a href=address>{links::try_again()}</a>
                    </p>
                </section>
            }
            .into_any(),
        ),
        Shown::Password { fault } => (links::shared().to_owned(), password(address, fault)),
        Shown::File {
            name,
            size,
            content_type,
            ends_at,
        } => {
            let heading = visible_name(&name);
            let facts = view! {
                <dl class="facts">
                    <dt>{links::size()}</dt>
                    <dd>
                        <span title=unit::exact_bytes(size)>{unit::size(size)}</span>
                    </dd>
                    {content_type
                        .map(|kind| {
                            view! {
                                <dt>{links::content_type()}</dt>
                                <dd>{kind}</dd>
                            }
                        })}
                    <dt>{links::ends()}</dt>
                    <dd>{time(ends_at)}</dd>
                </dl>
            };
            let body = view! {
                <section class="form-panel" data-testid="shared-file">
                    <p class="muted">{links::shared_with_you()}</p>
                    {facts}
                    <a
                        href=format!("{address}{DOWNLOAD}")
                        class="button button-primary"
                        rel="nofollow noreferrer"
                        data-testid="shared-download"
                    >
                        <Icon name="download" />
                        {links::download()}
                    </a>
                </section>
            };
            (heading, body.into_any())
        }
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
    problem: Option<(String, Option<String>)>,
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
        let why = why.unwrap_or_else(|| links::opens_nothing().to_owned());
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
