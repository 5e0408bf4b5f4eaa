//! Command lines of other people's S3 clients that list or fetch what somebody looks at.
//!
//! Keys are read from the environment, where all of these clients look for them: no line holds one, but where
//! somebody sets a client up. Lines are words of a POSIX shell; the ones for boto3 are Python.

mod fetch;
mod search;
mod setup;
mod shell;

pub use self::{
    fetch::{Fetcher, send},
    search::{Asked, Asker, HCP_TOKEN, TOKEN, asking},
    setup::{Client, PLACEHOLDER, Setup, SetupFile, setup},
    shell::quote,
};
use crate::{BucketName, endpoint::encode};

/// A client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// The AWS command line.
    Aws,
    /// rclone.
    Rclone,
    /// The AWS SDK for Python.
    Boto3,
    /// curl, which signs by itself from version 7.75 on.
    Curl,
    /// Hako's own command line, by the profile in use.
    Hako,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Aws, Self::Rclone, Self::Boto3, Self::Curl, Self::Hako];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws-cli",
            Self::Rclone => "rclone",
            Self::Boto3 => "boto3",
            Self::Curl => "curl",
            Self::Hako => "hako",
        }
    }
}

/// Something that is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A folder with everything below it; its key ends in a slash.
    Folder(String),
    /// An object.
    Object(String),
}

impl Chosen {
    fn key(&self) -> &str {
        match self {
            Self::Folder(key) | Self::Object(key) => key,
        }
    }

    /// What it is called on a disk.
    fn local(&self) -> String {
        let plain = match self {
            Self::Folder(key) => key.strip_suffix('/').unwrap_or(key),
            Self::Object(key) => key,
        };
        match plain.rsplit('/').next().unwrap_or(plain) {
            "" | "." | ".." => "./download".to_owned(),
            name => format!("./{name}"),
        }
    }
}

/// What lines are wanted for.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The store's address as clients see it: `https://tenant.hcp.example.com`.
    pub endpoint: &'a str,
    /// The bucket.
    pub bucket: &'a BucketName,
    /// The open folder, which is listed where nothing is chosen.
    pub prefix: &'a str,
    /// What is chosen.
    pub chosen: &'a [Chosen],
}

/// The lines of a client; `None` where it has no words for one of the names.
pub fn lines(tool: Tool, subject: &Subject<'_>) -> Option<String> {
    let Subject {
        prefix,
        chosen,
        bucket,
        ..
    } = subject;
    let lines = match tool {
        Tool::Aws if chosen.is_empty() => vec![aws(subject, "ls", prefix, None)],
        Tool::Aws => chosen.iter().map(|one| aws_copy(subject, one)).collect(),
        Tool::Rclone if chosen.is_empty() => vec![rclone(subject, "lsf", prefix, None)?],
        Tool::Rclone => {
            let copies = chosen.iter().map(|one| rclone_copy(subject, one));
            copies.collect::<Option<Vec<_>>>()?
        }
        Tool::Boto3 => boto3(subject),
        Tool::Curl if chosen.is_empty() => vec![curl_list(subject, prefix, true)],
        Tool::Curl => {
            let line = |one: &Chosen| match one {
                Chosen::Folder(key) => curl_list(subject, key, false),
                Chosen::Object(key) => {
                    let path: Vec<String> = key.split('/').map(encode).collect();
                    let address = format!("{}/{bucket}/{}", subject.endpoint, path.join("/"));
                    let dotted = key.split('/').any(|name| matches!(name, "." | ".."));
                    let as_is = if dotted { "--path-as-is " } else { "" };
                    let local = quote(&one.local());
                    curl(&format!("{as_is}--output {local} "), &address)
                }
            };
            chosen.iter().map(line).collect()
        }
        Tool::Hako if chosen.is_empty() => vec![hako(subject, "ls", prefix, None)],
        Tool::Hako => chosen
            .iter()
            .map(|one| hako(subject, "get", one.key(), Some(&one.local())))
            .collect(),
    };
    Some(lines.join("\n"))
}

fn aws(subject: &Subject<'_>, verb: &str, key: &str, local: Option<&str>) -> String {
    let place = quote(&format!("s3://{}/{key}", subject.bucket));
    let endpoint = quote(subject.endpoint);
    let local = local.map(|local| format!(" {}", quote(local)));
    let local = local.unwrap_or_default();
    format!("aws --endpoint-url {endpoint} s3 {verb} {place}{local}")
}

fn aws_copy(subject: &Subject<'_>, one: &Chosen) -> String {
    let verb = match one {
        Chosen::Folder(_) => "cp --recursive",
        Chosen::Object(_) => "cp",
    };
    aws(subject, verb, one.key(), Some(&one.local()))
}

fn rclone_copy(subject: &Subject<'_>, one: &Chosen) -> Option<String> {
    let verb = match one {
        Chosen::Folder(_) => "copy",
        Chosen::Object(_) => "copyto",
    };
    rclone(subject, verb, one.key(), Some(&one.local()))
}

/// The name of a bucket begins no option, and ends at the first slash: any key can follow.
fn hako(subject: &Subject<'_>, verb: &str, key: &str, local: Option<&str>) -> String {
    let place = quote(&format!("{}/{key}", subject.bucket));
    let local = local.map(|local| format!(" {}", quote(local)));
    format!("hako {verb} {place}{}", local.unwrap_or_default())
}

/// rclone takes keys for paths: it has no words for empty and dotted names, nor for a part of one.
fn rclone(subject: &Subject<'_>, verb: &str, key: &str, local: Option<&str>) -> Option<String> {
    let path = match verb {
        "copyto" => key,
        _ if key.is_empty() => "",
        _ => key.strip_suffix('/')?,
    };
    let has_words = |name: &str| !matches!(name, "" | "." | "..");
    if !path.is_empty() && !path.split('/').all(has_words) {
        return None;
    }
    // Where a value of the remote is quoted, quotes are doubled; an address has none.
    let remote = format!(
        ":s3,provider=Other,env_auth=true,force_path_style=true,endpoint=\"{}\":{}/{path}",
        subject.endpoint, subject.bucket
    );
    let local = local.map(|local| format!(" {}", quote(local)));
    let local = local.unwrap_or_default();
    Some(format!("rclone {verb} {}{local}", quote(&remote)))
}

/// The header is one that stores ask for and curl sends from version 8 on alone.
fn curl(options: &str, address: &str) -> String {
    format!(
        "curl --fail --aws-sigv4 aws:amz:us-east-1:s3 --user \
         \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \
         --header x-amz-content-sha256:UNSIGNED-PAYLOAD {options}{}",
        quote(address)
    )
}

/// The parameters stand in the order in which they are signed: curl does not sort them.
fn curl_list(subject: &Subject<'_>, prefix: &str, level: bool) -> String {
    let level = if level { "delimiter=%2F&" } else { "" };
    let address = format!(
        "{}/{}?{level}list-type=2&prefix={}",
        subject.endpoint,
        subject.bucket,
        encode(prefix)
    );
    curl("", &address)
}

/// A text as Python reads it: JSON's strings are Python's too.
fn python(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn boto3(subject: &Subject<'_>) -> Vec<String> {
    let bucket = python(subject.bucket.as_str());
    let mut lines = vec![
        "import boto3".to_owned(),
        String::new(),
        format!(
            "s3 = boto3.client(\"s3\", endpoint_url={})",
            python(subject.endpoint)
        ),
    ];
    let list = |prefix: &str, level: &str| {
        [
            format!(
                "for page in s3.get_paginator(\"list_objects_v2\").paginate(Bucket={bucket}, Prefix={}{level}):",
                python(prefix)
            ),
            "    for entry in page.get(\"Contents\", []):".to_owned(),
            "        print(entry[\"Key\"], entry[\"Size\"])".to_owned(),
        ]
    };
    if subject.chosen.is_empty() {
        lines.extend(list(subject.prefix, ", Delimiter=\"/\""));
    }
    for one in subject.chosen {
        match one {
            Chosen::Folder(key) => lines.extend(list(key, "")),
            Chosen::Object(key) => lines.push(format!(
                "s3.download_file({bucket}, {}, {})",
                python(key),
                python(&one.local())
            )),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(prefix: &str, chosen: &[Chosen]) -> [Option<String>; 5] {
        let bucket = BucketName::parse("raw-scans").unwrap();
        let subject = Subject {
            endpoint: "http://127.0.0.1:9000",
            bucket: &bucket,
            prefix,
            chosen,
        };
        Tool::ALL.map(|tool| lines(tool, &subject))
    }

    const REMOTE: &str = ":s3,provider=Other,env_auth=true,force_path_style=true,endpoint=\"http://127.0.0.1:9000\":raw-scans/";
    const CURL: &str = "curl --fail --aws-sigv4 aws:amz:us-east-1:s3 --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" --header x-amz-content-sha256:UNSIGNED-PAYLOAD";

    #[test]
    fn the_open_folder_is_listed() {
        let [aws, rclone, boto3, curl, hako] = of("a b/", &[]).map(Option::unwrap);
        assert_eq!(
            aws,
            "aws --endpoint-url http://127.0.0.1:9000 s3 ls 's3://raw-scans/a b/'"
        );
        assert_eq!(rclone, format!("rclone lsf '{REMOTE}a b'"));
        assert!(boto3.contains("Bucket=\"raw-scans\", Prefix=\"a b/\", Delimiter=\"/\""));
        assert_eq!(
            curl,
            format!(
                "{CURL} 'http://127.0.0.1:9000/raw-scans?delimiter=%2F&list-type=2&prefix=a%20b%2F'"
            )
        );
        assert_eq!(hako, "hako ls 'raw-scans/a b/'");
        let [_, rclone, ..] = of("", &[]).map(Option::unwrap);
        assert_eq!(rclone, format!("rclone lsf '{REMOTE}'"));
    }

    #[test]
    fn what_is_chosen_is_fetched_line_by_line() {
        let chosen = [
            Chosen::Folder("x/-y/".to_owned()),
            Chosen::Object("x/it's \"å\"".to_owned()),
        ];
        let [aws, rclone, boto3, curl, hako] = of("x/", &chosen).map(Option::unwrap);
        let aws: Vec<_> = aws.lines().collect();
        assert!(aws[0].ends_with("s3 cp --recursive s3://raw-scans/x/-y/ ./-y"));
        assert!(aws[1].ends_with(r#"s3 cp 's3://raw-scans/x/it'\''s "å"' './it'\''s "å"'"#));
        assert!(rclone.contains("rclone copy ") && rclone.contains("rclone copyto "));
        assert!(boto3.contains(r#""x/it's \"å\"", "./it's \"å\"")"#));
        let hako: Vec<_> = hako.lines().collect();
        assert_eq!(hako[0], "hako get raw-scans/x/-y/ ./-y");
        assert!(hako[1].starts_with("hako get 'raw-scans/x/it'"));
        assert!(curl.ends_with("raw-scans/x/it%27s%20%22%C3%A5%22"));
    }

    #[test]
    fn names_that_are_no_paths_are_left_to_clients_that_have_words_for_them() {
        for key in ["a//b", "/a", "../a", "a/./b"] {
            let [aws, rclone, _, curl, hako] = of("", &[Chosen::Object(key.to_owned())]);
            assert_eq!(rclone, None, "{key}");
            assert!(aws.is_some_and(|line| line.contains(key)));
            assert!(hako.is_some_and(|line| line.contains(&format!("raw-scans/{key} "))));
            assert_eq!(curl.unwrap().contains("--path-as-is"), key.contains('.'));
        }
        assert_eq!(of("half a na", &[])[1], None);
    }
}
