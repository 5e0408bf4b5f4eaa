//! Configuration of other people's S3 clients for a store, ready to be pasted, and a first few commands.
//!
//! Each file can be run as it is, in a folder with `report.txt` and `data/` where something is uploaded.

use std::fmt::Write as _;

use super::{python, quote};
use crate::{endpoint::encode, session::Backend, unit::MB};

/// What stands where the secret is left out.
pub const PLACEHOLDER: &str = "YOUR_SECRET_KEY";
/// The file with the certificate of the operator's own authority, where the store's is vouched for by one.
const AUTHORITY: &str = "ca.pem";

/// A client that is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// The AWS command line.
    Aws,
    /// The AWS SDK for Python.
    Boto3,
    /// rclone.
    Rclone,
    /// s3cmd.
    S3cmd,
    /// `MinIO`'s client.
    Mc,
    /// Cyberduck.
    Cyberduck,
    /// `DuckDB`.
    DuckDb,
    /// Terraform.
    Terraform,
    /// curl, which signs by itself from version 7.75 on.
    Curl,
    /// Hako's own command line.
    Hako,
}

impl Client {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Aws,
        Self::Boto3,
        Self::Rclone,
        Self::S3cmd,
        Self::Mc,
        Self::Cyberduck,
        Self::DuckDb,
        Self::Terraform,
        Self::Curl,
        Self::Hako,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws-cli",
            Self::Boto3 => "boto3",
            Self::Rclone => "rclone",
            Self::S3cmd => "s3cmd",
            Self::Mc => "mc",
            Self::Cyberduck => "Cyberduck",
            Self::DuckDb => "DuckDB",
            Self::Terraform => "Terraform",
            Self::Curl => "curl",
            Self::Hako => "hako",
        }
    }

    /// Its name in addresses and ids.
    pub fn id(self) -> &'static str {
        match self {
            Self::Cyberduck => "cyberduck",
            Self::DuckDb => "duckdb",
            Self::Terraform => "terraform",
            other => other.as_str(),
        }
    }
}

/// What clients are set up with.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// The kind of store.
    pub backend: Backend,
    /// The store's address as clients see it, without a slash at its end.
    pub endpoint: &'a str,
    /// The region in signatures.
    pub region: &'a str,
    /// Whether the bucket stands in the path rather than in the name of the host.
    pub path_style: bool,
    /// Whether clients need the certificate of an authority of the operator's own.
    pub private_authority: bool,
    /// The console's address, without a slash at its end.
    pub console: &'a str,
    /// The tenant, where there is one.
    pub tenant: Option<&'a str>,
    /// The access key.
    pub access_key: &'a str,
    /// The secret key; a placeholder stands for it where there is none.
    pub secret: Option<&'a str>,
    /// The bucket.
    pub bucket: &'a str,
    /// From which size on parts are sent, in bytes.
    pub threshold: u64,
    /// The size of parts, in bytes.
    pub part_size: u64,
    /// How many parts are sent at once.
    pub parallelism: usize,
}

/// A file that sets a client up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupFile {
    /// What it is called.
    pub name: &'static str,
    /// What is in it, with a line break at its end.
    pub text: String,
}

/// The files that set a client up; none where it has no words for this store's address.
pub fn setup(client: Client, with: &Setup<'_>) -> Vec<SetupFile> {
    let file = |name, text| vec![SetupFile { name, text }];
    match client {
        Client::Aws => file("hako-aws.sh", with.aws()),
        Client::Boto3 => file("hako_boto3.py", with.boto3()),
        Client::Rclone => file("hako-rclone.sh", with.rclone()),
        Client::S3cmd => with
            .s3cmd()
            .map_or_else(Vec::new, |text| file("hako-s3cmd.sh", text)),
        Client::Mc => file("hako-mc.sh", with.mc()),
        Client::Cyberduck => with.cyberduck(),
        Client::DuckDb => with
            .duckdb()
            .map_or_else(Vec::new, |text| file("hako.sql", text)),
        Client::Terraform => file("hako.tf", with.terraform()),
        Client::Curl => file("hako-curl.sh", with.curl()),
        Client::Hako => file("hako.sh", with.hako()),
    }
}

impl Setup<'_> {
    fn secret(&self) -> &str {
        self.secret.unwrap_or(PLACEHOLDER)
    }

    fn is_https(&self) -> bool {
        self.endpoint.starts_with("https:")
    }

    /// Whether a client has to be told of the operator's own authority.
    fn needs_authority(&self) -> bool {
        self.private_authority && self.is_https()
    }

    /// Host and port; none where a path follows, which some clients have no words for.
    fn authority(&self) -> Option<&str> {
        let (_scheme, rest) = self.endpoint.split_once("://")?;
        (!rest.contains('/')).then_some(rest)
    }

    fn style(&self) -> &'static str {
        if self.path_style { "path" } else { "virtual" }
    }

    /// The address of the bucket itself.
    fn bucket_url(&self) -> String {
        match self.endpoint.split_once("://") {
            Some((scheme, rest)) if !self.path_style => {
                format!("{scheme}://{}.{rest}", self.bucket)
            }
            _ => format!("{}/{}", self.endpoint, self.bucket),
        }
    }

    /// A size in whole megabytes, at least five, which is the least that stores of S3 take.
    fn mebibytes(bytes: u64) -> u64 {
        (bytes / MB).max(5)
    }

    fn aws(&self) -> String {
        let set = |name: &str, value: &str| {
            format!("aws configure set {name} {} --profile hako\n", quote(value))
        };
        let mut text = String::new();
        text += &set("aws_access_key_id", self.access_key);
        text += &set("aws_secret_access_key", self.secret());
        text += &set("region", self.region);
        text += &set("endpoint_url", self.endpoint);
        if self.needs_authority() {
            text += &set("ca_bundle", AUTHORITY);
        }
        text += &set("s3.addressing_style", self.style());
        let size = |bytes| format!("{}MB", Self::mebibytes(bytes));
        text += &set("s3.multipart_threshold", &size(self.threshold));
        text += &set("s3.multipart_chunksize", &size(self.part_size));
        text += &set("request_checksum_calculation", "when_required");
        text += &set("response_checksum_validation", "when_required");
        let bucket = quote(&format!("s3://{}", self.bucket));
        let _ = write!(
            text,
            "\naws s3 cp report.txt {bucket}/report.txt --profile hako\n\
             aws s3 sync data {bucket}/data --profile hako\n\
             aws s3 ls {bucket}/ --profile hako\n"
        );
        text
    }

    fn boto3(&self) -> String {
        let verify = if self.needs_authority() {
            format!("    verify={},\n", python(AUTHORITY))
        } else {
            String::new()
        };
        let [endpoint, region, access, secret, bucket] = [
            self.endpoint,
            self.region,
            self.access_key,
            self.secret(),
            self.bucket,
        ]
        .map(python);
        let (threshold, part, parallel, style) = (
            Self::mebibytes(self.threshold),
            Self::mebibytes(self.part_size),
            self.parallelism,
            self.style(),
        );
        format!(
            r#"import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

s3 = boto3.client(
    "s3",
    endpoint_url={endpoint},
    region_name={region},
    aws_access_key_id={access},
    aws_secret_access_key={secret},
{verify}    config=Config(
        signature_version="s3v4",
        s3={{"addressing_style": "{style}"}},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    ),
)
parts = TransferConfig(
    multipart_threshold={threshold} * 1024 * 1024,
    multipart_chunksize={part} * 1024 * 1024,
    max_concurrency={parallel},
)

s3.upload_file("report.txt", {bucket}, "report.txt", Config=parts)
for page in s3.get_paginator("list_objects_v2").paginate(Bucket={bucket}):
    for entry in page.get("Contents", []):
        print(entry["Key"], entry["Size"])
print(s3.generate_presigned_url("get_object", {{"Bucket": {bucket}, "Key": "report.txt"}}, ExpiresIn=3600))
"#
        )
    }

    fn rclone(&self) -> String {
        let provider = match self.backend {
            Backend::Minio => "Minio",
            Backend::Embedded | Backend::Hcp | Backend::Generic => "Other",
        };
        let pair = |name: &str, value: &str| format!(" {}", quote(&format!("{name}={value}")));
        let mut text = "rclone config create hako s3".to_owned();
        text += &pair("provider", provider);
        text += &pair("access_key_id", self.access_key);
        text += &pair("secret_access_key", self.secret());
        text += &pair("endpoint", self.endpoint);
        text += &pair("region", self.region);
        let style = if self.path_style { "true" } else { "false" };
        text += &pair("force_path_style", style);
        text += &pair(
            "upload_cutoff",
            &format!("{}Mi", Self::mebibytes(self.threshold)),
        );
        text += &pair(
            "chunk_size",
            &format!("{}Mi", Self::mebibytes(self.part_size)),
        );
        text += &pair("upload_concurrency", &self.parallelism.to_string());
        text += " > /dev/null\n";
        let authority = if self.needs_authority() {
            format!(" --ca-cert {AUTHORITY}")
        } else {
            String::new()
        };
        let there = quote(&format!("hako:{}/data", self.bucket));
        let _ = write!(
            text,
            "\nrclone copy{authority} data {there}\nrclone check{authority} data {there}\n"
        );
        text
    }

    fn s3cmd(&self) -> Option<String> {
        let host = self.authority()?;
        let of_bucket = if self.path_style {
            host.to_owned()
        } else {
            format!("%(bucket)s.{host}")
        };
        let https = if self.is_https() { "True" } else { "False" };
        let authority = if self.needs_authority() {
            format!("ca_certs_file = {AUTHORITY}\n")
        } else {
            String::new()
        };
        let bucket = quote(&format!("s3://{}", self.bucket));
        Some(format!(
            "umask 077\ncat > hako.s3cfg <<'END'\n[default]\naccess_key = {}\nsecret_key = {}\n\
             host_base = {host}\nhost_bucket = {of_bucket}\nbucket_location = {}\nuse_https = {https}\n{authority}\
             signature_v2 = False\nmultipart_chunk_size_mb = {}\nEND\n\n\
             s3cmd -c hako.s3cfg sync data/ {bucket}/data/\ns3cmd -c hako.s3cfg ls {bucket}/\n",
            self.access_key,
            self.secret(),
            self.region,
            Self::mebibytes(self.part_size),
        ))
    }

    fn mc(&self) -> String {
        let path = if self.path_style { "on" } else { "off" };
        let there = quote(&format!("hako/{}", self.bucket));
        let note = if self.needs_authority() {
            format!("# Once: cp {AUTHORITY} ~/.mc/certs/CAs/\n")
        } else {
            String::new()
        };
        format!(
            "{note}mc alias set hako {} {} {} --api S3v4 --path {path}\n\n\
             mc mirror data {there}/data\nmc ls {there}/\n",
            quote(self.endpoint),
            quote(self.access_key),
            quote(self.secret()),
        )
    }

    /// A profile for the addressing, and a bookmark. Secrets are nothing that Cyberduck reads from files.
    fn cyberduck(&self) -> Vec<SetupFile> {
        let Some(authority) = self.authority() else {
            return Vec::new();
        };
        let usual = if self.is_https() { "443" } else { "80" };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => (authority, usual),
        };
        let scheme = if self.is_https() { "https" } else { "http" };
        let hidden = if self.path_style { "true" } else { "false" };
        let profile = plist(&[
            ("Protocol", "s3"),
            ("Vendor", "hako"),
            ("Description", "S3 store of Hako"),
            ("Scheme", scheme),
            ("Default Hostname", host),
            ("Default Port", port),
            ("Region", self.region),
            ("Authorization", "AWS4HMACSHA256"),
        ])
        .replace(
            "\t</dict>\n</plist>",
            &format!(
                "\t\t<key>Properties</key>\n\t\t<dict>\n\t\t\t<key>s3.bucket.virtualhost.disable</key>\n\
                 \t\t\t<string>{hidden}</string>\n\t\t</dict>\n\t</dict>\n</plist>"
            ),
        );
        let nickname = format!("{} on {host}", self.bucket);
        let path = format!("/{}", self.bucket);
        let bookmark = plist(&[
            ("Protocol", "s3"),
            ("Provider", "hako"),
            ("Nickname", &nickname),
            ("Hostname", host),
            ("Port", port),
            ("Username", self.access_key),
            ("Path", &path),
        ]);
        vec![
            SetupFile {
                name: "hako.cyberduckprofile",
                text: profile,
            },
            SetupFile {
                name: "hako.duck",
                text: bookmark,
            },
        ]
    }

    fn duckdb(&self) -> Option<String> {
        let host = self.authority()?;
        let style = if self.path_style { "path" } else { "vhost" };
        let authority = if self.needs_authority() {
            format!("SET ca_cert_file = {};\n", sql(AUTHORITY))
        } else {
            String::new()
        };
        let scope = format!("s3://{}", self.bucket);
        let files = format!("{scope}/data/*.parquet");
        Some(format!(
            "INSTALL httpfs;\nLOAD httpfs;\n{authority}CREATE OR REPLACE SECRET hako (\n    TYPE s3,\n    KEY_ID {},\n    \
             SECRET {},\n    REGION {},\n    ENDPOINT {},\n    URL_STYLE {},\n    USE_SSL {},\n    SCOPE {}\n);\n\n\
             SELECT count(*) FROM read_parquet({});\n",
            sql(self.access_key),
            sql(self.secret()),
            sql(self.region),
            sql(host),
            sql(style),
            self.is_https(),
            sql(&scope),
            sql(&files),
        ))
    }

    fn terraform(&self) -> String {
        let authority = if self.needs_authority() {
            format!("  custom_ca_bundle = {}\n", hcl(AUTHORITY))
        } else {
            String::new()
        };
        format!(
            r#"terraform {{
  required_providers {{
    aws = {{
      source = "hashicorp/aws"
    }}
  }}
}}

provider "aws" {{
  region     = {region}
  access_key = {access}
  secret_key = {secret}
{authority}
  s3_use_path_style           = {style}
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true

  endpoints {{
    s3 = {endpoint}
  }}
}}

resource "aws_s3_object" "report" {{
  bucket = {bucket}
  key    = "report.txt"
  source = "report.txt"
}}
"#,
            region = hcl(self.region),
            access = hcl(self.access_key),
            secret = hcl(self.secret()),
            style = self.path_style,
            endpoint = hcl(self.endpoint),
            bucket = hcl(self.bucket),
        )
    }

    fn curl(&self) -> String {
        let authority = if self.needs_authority() {
            format!(" --cacert {AUTHORITY}")
        } else {
            String::new()
        };
        let keys = format!("{}:{}", self.access_key, self.secret());
        let signed = format!("aws:amz:{}:s3", self.region);
        let bucket = self.bucket_url();
        let object = quote(&format!("{bucket}/report.txt"));
        format!(
            "KEYS={}\nsigned() {{\n  curl --fail --silent --show-error{authority} --aws-sigv4 {} --user \"$KEYS\" \\\n    \
             --header x-amz-content-sha256:UNSIGNED-PAYLOAD \"$@\"\n}}\n\n\
             signed --upload-file report.txt {object}\n\
             signed --header 'Range: bytes=0-99' {object}\n\
             signed {}\n",
            quote(&keys),
            quote(&signed),
            quote(&format!("{bucket}?list-type=2&prefix={}", encode("report"))),
        )
    }

    /// The secret key comes by standard input: arguments can be seen by everybody on the machine.
    fn hako(&self) -> String {
        let tenant = self
            .tenant
            .map(|tenant| format!(" --tenant {}", quote(tenant)));
        let authority = if self.needs_authority() {
            format!(" --ca-file {AUTHORITY}")
        } else {
            String::new()
        };
        let there = quote(&format!("{}/data", self.bucket));
        format!(
            "hako profile add hako --server {}{} --access-key {}{authority} <<'END'\n{}\nEND\n\n\
             hako upload-all --profile hako data {there}\nhako sync --profile hako data {there}\n",
            quote(self.console),
            tenant.unwrap_or_default(),
            quote(self.access_key),
            self.secret(),
        )
    }
}

/// A text of SQL.
fn sql(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text of HCL: JSON's, with what begins a template kept from beginning one.
fn hcl(text: &str) -> String {
    python(text).replace("${", "$${").replace("%{", "%%{")
}

/// A property list of texts.
fn plist(pairs: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let mut lines = String::new();
    for (name, value) in pairs {
        let value = escaped(value);
        let _ = write!(
            lines,
            "\t\t<key>{name}</key>\n\t\t<string>{value}</string>\n"
        );
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n\t<dict>\n{lines}\t</dict>\n</plist>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: Setup<'_> = Setup {
        backend: Backend::Embedded,
        endpoint: "http://127.0.0.1:9000",
        region: "us-east-1",
        path_style: true,
        private_authority: false,
        console: "http://localhost:8000",
        tenant: Some("demo"),
        access_key: "ZGVtbw==",
        secret: None,
        bucket: "raw-scans",
        threshold: 100 * MB,
        part_size: 25 * MB,
        parallelism: 6,
    };

    fn text(client: Client, with: &Setup<'_>) -> String {
        let files = setup(client, with);
        files.into_iter().map(|file| file.text).collect()
    }

    #[test]
    fn the_secret_stands_only_where_it_is_asked_for() {
        let told = Setup {
            secret: Some("s3cr3t"),
            ..LOCAL
        };
        for client in Client::ALL {
            let name = client.as_str();
            let (hidden, shown) = (text(client, &LOCAL), text(client, &told));
            let takes_secret = client != Client::Cyberduck;
            assert_eq!(hidden.contains(PLACEHOLDER), takes_secret, "{name}");
            assert_eq!(shown.contains("s3cr3t"), takes_secret, "{name}");
            assert!(!shown.contains(PLACEHOLDER), "{name}");
            assert!(
                shown.contains("ZGVtbw==") && shown.ends_with('\n'),
                "{name}"
            );
            assert!(shown.contains("raw-scans"), "{name}");
        }
    }

    #[test]
    fn each_client_is_told_what_this_store_needs() {
        for (client, parts) in [
            (
                Client::Aws,
                &["addressing_style path", "chunksize 25MB", "threshold 100MB"][..],
            ),
            (
                Client::Boto3,
                &["\"addressing_style\": \"path\"", "chunksize=25 *", "s3v4"],
            ),
            (
                Client::Rclone,
                &["provider=Other", "force_path_style=true", "chunk_size=25Mi"],
            ),
            (
                Client::S3cmd,
                &[
                    "host_bucket = 127.0.0.1:9000",
                    "use_https = False",
                    "size_mb = 25",
                ],
            ),
            (Client::Mc, &["--api S3v4 --path on"]),
            (
                Client::Cyberduck,
                &[
                    "<string>9000</string>",
                    "<string>/raw-scans</string>",
                    "s3.bucket.virtualhost.disable</key>\n\t\t\t<string>true",
                ],
            ),
            (
                Client::DuckDb,
                &[
                    "ENDPOINT '127.0.0.1:9000'",
                    "URL_STYLE 'path'",
                    "USE_SSL false",
                ],
            ),
            (
                Client::Terraform,
                &[
                    "s3_use_path_style           = true",
                    "s3 = \"http://127.0.0.1:9000\"",
                ],
            ),
            (
                Client::Curl,
                &[
                    "aws:amz:us-east-1:s3",
                    "http://127.0.0.1:9000/raw-scans/report.txt",
                ],
            ),
            (
                Client::Hako,
                &[
                    "--server http://localhost:8000 --tenant demo --access-key ZGVtbw==",
                    "upload-all --profile hako data raw-scans/data",
                    "sync --profile hako data raw-scans/data",
                ],
            ),
        ] {
            let text = text(client, &LOCAL);
            for part in parts {
                assert!(text.contains(part), "{part} in {text}");
            }
        }
    }

    #[test]
    fn a_store_elsewhere_is_spoken_to_in_its_own_way() {
        let there = Setup {
            backend: Backend::Minio,
            endpoint: "https://s3.example.com",
            path_style: false,
            private_authority: true,
            ..LOCAL
        };
        for (client, part) in [
            (Client::Aws, "ca_bundle ca.pem"),
            (Client::Boto3, "verify=\"ca.pem\""),
            (Client::Rclone, "provider=Minio"),
            (Client::Rclone, "copy --ca-cert ca.pem"),
            (Client::S3cmd, "host_bucket = %(bucket)s.s3.example.com"),
            (Client::S3cmd, "ca_certs_file = ca.pem"),
            (Client::Mc, "--path off"),
            (Client::Cyberduck, "<string>443</string>"),
            (Client::DuckDb, "URL_STYLE 'vhost',\n    USE_SSL true"),
            (Client::DuckDb, "SET ca_cert_file = 'ca.pem';"),
            (Client::Terraform, "custom_ca_bundle = \"ca.pem\""),
            (Client::Curl, "https://raw-scans.s3.example.com/report.txt"),
            (Client::Curl, "--cacert ca.pem"),
            (Client::Hako, "--ca-file ca.pem <<"),
        ] {
            let text = text(client, &there);
            assert!(text.contains(part), "{part} in {text}");
        }
        // An address with a path is one that some clients have no words for.
        let below = Setup {
            endpoint: "https://example.com/store",
            ..LOCAL
        };
        for client in [Client::S3cmd, Client::Cyberduck, Client::DuckDb] {
            assert!(setup(client, &below).is_empty());
        }
        assert!(text(Client::Curl, &below).contains("https://example.com/store/raw-scans/"));
    }

    #[test]
    fn odd_secrets_stay_what_they_are() {
        let odd = Setup {
            secret: Some("a'b\"$(c)${d}&<e>"),
            ..LOCAL
        };
        for (client, part) in [
            (Client::Aws, r#"'a'\''b"$(c)${d}&<e>'"#),
            (Client::Boto3, r#""a'b\"$(c)${d}&<e>""#),
            (Client::DuckDb, r#"'a''b"$(c)${d}&<e>'"#),
            (Client::Terraform, r#""a'b\"$(c)$${d}&<e>""#),
        ] {
            let text = text(client, &odd);
            assert!(text.contains(part), "{part} in {text}");
        }
        let named = Setup {
            access_key: "a&<b>",
            ..LOCAL
        };
        assert!(text(Client::Cyberduck, &named).contains("a&amp;&lt;b&gt;"));
    }

    #[cfg(all(unix, not(target_arch = "wasm32")))]
    #[test]
    fn shells_and_python_can_read_what_is_for_them() {
        let odd = Setup {
            secret: Some("it's $(x) `y`"),
            ..LOCAL
        };
        for client in [
            Client::Aws,
            Client::Rclone,
            Client::S3cmd,
            Client::Mc,
            Client::Curl,
            Client::Hako,
        ] {
            let text = text(client, &odd);
            let read = std::process::Command::new("sh")
                .args(["-n", "-c", &text])
                .status();
            assert!(read.unwrap().success(), "{text}");
        }
    }
}
