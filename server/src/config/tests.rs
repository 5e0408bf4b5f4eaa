use std::path::Path;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, InvalidConfig> {
    let folder = tempfile::tempdir().unwrap();
    read_in(pairs, folder.path())
}

fn read_in(pairs: &[(&str, &str)], folder: &Path) -> Result<Config, InvalidConfig> {
    Config::read(
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
        folder,
    )
}

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn nothing_set_is_the_embedded_store_on_loopback() {
    let config = read(&[]).unwrap();
    assert_eq!(config.backend, Backend::Embedded);
    assert_eq!(config.addr.to_string(), "127.0.0.1:8000");
    assert!(config.on_loopback());
    assert!(config.hcp.verify_tls);
}

#[test]
fn an_hcp_domain_or_host_means_an_hcp() {
    let config = read(&[("HCP_DOMAIN", "hcp.example.com"), ("API_SECRET_KEY", KEY)]).unwrap();
    assert_eq!(config.backend, Backend::Hcp);
    let problems = read(&[
        ("HCP_HOST", "admin.hcp.example.com"),
        ("API_SECRET_KEY", KEY),
    ])
    .unwrap_err()
    .0;
    assert!(
        problems[0].starts_with("HCP_DOMAIN: is required"),
        "{problems:?}"
    );
}

#[test]
fn every_problem_is_listed_and_no_value_repeated() {
    let problems = read(&[
        ("STORAGE_BACKEND", "generic"),
        ("HAKO_ADDR", "nowhere"),
        ("API_SECRET_KEY", "hunter2"),
        ("API_TOKEN_EXPIRE_MINUTES", "0"),
        ("HCP_VERIFY_SSL", "perhaps"),
        ("HAKO_TYPO", "x"),
    ])
    .unwrap_err()
    .0;
    for name in [
        "HAKO_ADDR",
        "API_SECRET_KEY",
        "API_TOKEN_EXPIRE_MINUTES",
        "HCP_VERIFY_SSL",
        "HAKO_TYPO",
        "S3_ENDPOINT_URL",
    ] {
        assert!(
            problems.iter().any(|p| p.starts_with(&format!("{name}: "))),
            "{name} in {problems:?}"
        );
    }
    assert!(!problems.join("\n").contains("hunter2"));
}

#[test]
fn variables_of_the_build_and_of_the_client_commands_are_no_mistakes() {
    for name in [
        "HAKO_BIN",
        "HAKO_CACHE",
        "HAKO_TEST_WITHOUT",
        "HAKO_PROFILE",
        "HAKO_SECRET",
    ] {
        read(&[(name, "x")]).unwrap_or_else(|e| panic!("{name}: {:?}", e.0));
    }
}

#[test]
fn the_embedded_store_and_a_given_one_exclude_each_other() {
    let given = [
        ("S3_ENDPOINT_URL", "http://s3"),
        ("S3_ACCESS_KEY", "key"),
        ("S3_SECRET_KEY", "secret"),
    ];
    for backend in [Some(("STORAGE_BACKEND", "embedded")), None] {
        let settings: Vec<_> = given.into_iter().chain(backend).collect();
        let problems = read(&settings).unwrap_err().0;
        assert_eq!(problems.len(), given.len(), "{problems:?}");
        for ((name, _), problem) in given.iter().zip(&problems) {
            let start = format!("{name}: does not go with STORAGE_BACKEND=embedded");
            assert!(problem.starts_with(&start), "{problem}");
        }
    }
    let given = [
        ("STORAGE_BACKEND", "generic"),
        ("S3_ENDPOINT_URL", "http://s3"),
        ("API_SECRET_KEY", "0123456789abcdef0123456789abcdef"),
    ];
    read(&given).unwrap();
    for built_in in [
        ("HAKO_S3_ADDR", "127.0.0.1:9000"),
        ("HAKO_MAPI_ADDR", "127.0.0.1:9090"),
        ("HAKO_LOCAL_LAYOUT", "files"),
        ("HAKO_LOCAL_PROFILE", "hcp"),
    ] {
        let settings: Vec<_> = given.into_iter().chain([built_in]).collect();
        let problems = read(&settings).unwrap_err().0;
        let start = format!("{}: does not go with STORAGE_BACKEND=generic", built_in.0);
        assert!(
            problems.len() == 1 && problems[0].starts_with(&start),
            "{problems:?}"
        );
    }
    // Where browsers reach the embedded store is another matter.
    read(&[("S3_PUBLIC_ENDPOINT_URL", "https://s3.example.com")]).unwrap();
}

#[test]
fn what_everything_stands_below_is_said_by_either_name() {
    let root = |settings: &[_]| read(settings).map(|read| read.root);
    assert_eq!(root(&[]).unwrap(), "");
    assert_eq!(
        root(&[("HAKO_PUBLIC_URL", "https://h.example/")]).unwrap(),
        ""
    );
    for given in ["/hako", "/hako/"] {
        assert_eq!(root(&[("ROOT_PATH", given)]).unwrap(), "/hako");
    }
    assert_eq!(root(&[("ROOT_PATH", "/")]).unwrap(), "");
    let address = ("HAKO_PUBLIC_URL", "https://h.example/tools/hako-2/");
    assert_eq!(root(&[address]).unwrap(), "/tools/hako-2");
    assert_eq!(
        root(&[address, ("ROOT_PATH", "/tools/hako-2")]).unwrap(),
        "/tools/hako-2"
    );
    for wrong in [
        "hako", "/a//b", "/..", "/a/./b", "/a b", "/a%2Fb", "/a?b", "/ü", "/buckets", "/api/x",
    ] {
        let problems = root(&[("ROOT_PATH", wrong)]).unwrap_err().0;
        assert!(problems[0].starts_with("ROOT_PATH: "), "{problems:?}");
    }
    let differ = root(&[address, ("ROOT_PATH", "/hako")]).unwrap_err().0;
    assert!(differ[0].starts_with("ROOT_PATH: "), "{differ:?}");
}

#[test]
fn ends_are_looked_for_every_minute_unless_told_otherwise() {
    let sweep = |settings: &[_]| read(settings).map(|read| read.expiry_sweep.as_secs());
    assert_eq!(sweep(&[]).unwrap(), 60);
    for (given, kept) in [("1", 1), ("300", 300)] {
        assert_eq!(
            sweep(&[("HAKO_EXPIRY_SWEEP_SECONDS", given)]).unwrap(),
            kept
        );
    }
    for wrong in ["0", "301", "-1", "soon", "1.5"] {
        let problems = sweep(&[("HAKO_EXPIRY_SWEEP_SECONDS", wrong)])
            .unwrap_err()
            .0;
        assert!(
            problems[0].starts_with("HAKO_EXPIRY_SWEEP_SECONDS: "),
            "{problems:?}"
        );
    }
}

#[test]
fn the_layout_of_the_embedded_store_is_one_of_two() {
    let layout = |value| read(&[("HAKO_LOCAL_LAYOUT", value)]).map(|read| read.embedded.layout);
    assert_eq!(layout("files").unwrap(), LocalLayout::Files);
    assert_eq!(layout("blobs").unwrap(), LocalLayout::Blobs);
    assert_eq!(layout("").unwrap(), LocalLayout::Blobs);
    let problems = layout("folders").unwrap_err().0;
    assert!(
        problems[0].starts_with("HAKO_LOCAL_LAYOUT: "),
        "{problems:?}"
    );
}

#[test]
fn other_backends_have_no_default_secret() {
    let problems = read(&[
        ("STORAGE_BACKEND", "minio"),
        ("S3_ENDPOINT_URL", "http://s3"),
    ])
    .unwrap_err()
    .0;
    assert!(
        problems[0].starts_with("API_SECRET_KEY: is required"),
        "{problems:?}"
    );
}

#[test]
fn the_environment_wins_over_env_file_and_toml() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("hako.toml"),
        "s3_region = \"toml\"\nhako_upload_parallelism = 3\nhako_allowed_hosts = [\"a\", \"b\"]\nhako_log = \"warn\"\n",
    )
    .unwrap();
    std::fs::write(
        folder.path().join(".env"),
        "HAKO_CONFIG=hako.toml\nHAKO_LOG=debug\nS3_REGION=dotenv\n",
    )
    .unwrap();
    let config = read_in(&[("s3_region", "environment")], folder.path()).unwrap();
    assert_eq!(config.region, "environment");
    assert_eq!(config.log, "debug");
    assert_eq!(config.upload.parallelism, 3);
    assert_eq!(config.allowed_hosts, ["a", "b"]);
}

#[test]
fn broken_files_are_named_without_their_content() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("hako.toml"),
        "api_secret_key = hunter2 hunter2",
    )
    .unwrap();
    let problems = read_in(&[("HAKO_CONFIG", "hako.toml")], folder.path())
        .unwrap_err()
        .0
        .join("\n");
    assert!(problems.contains("not TOML near line 1"), "{problems}");
    assert!(!problems.contains("hunter2"), "{problems}");
}

#[test]
fn secrets_are_masked() {
    let config = read(&[("API_SECRET_KEY", KEY), ("HAKO_ADMIN_PASSWORD", "hunter2")]).unwrap();
    let shown = show(&config);
    assert!(shown.contains("API_SECRET_KEY=(set)\n"));
    assert!(!shown.contains(KEY) && !shown.contains("hunter2"));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn addresses_carry_no_credentials() {
    let problems = read(&[
        ("HAKO_PUBLIC_URL", "http://u:hunter2@h/"),
        ("S3_PUBLIC_ENDPOINT_URL", "ftp://h"),
    ])
    .unwrap_err()
    .0;
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(!problems.join("").contains("hunter2"));
}

#[test]
fn answers_of_management_are_kept_as_long_as_is_said() {
    let kept = |pairs: &[(&str, &str)]| {
        let lifetimes = read(pairs).unwrap().cache.lifetimes;
        let queries = [lifetimes.objects, lifetimes.operations].map(|d| d.as_secs());
        let rest = [lifetimes.statistics, lifetimes.settings, lifetimes.other];
        (rest.map(|d| d.as_secs()), queries)
    };
    assert_eq!(kept(&[]), ([0, 0, 0], [0, 0]));
    let hcp = [("HCP_DOMAIN", "hcp.example.com"), ("API_SECRET_KEY", KEY)];
    assert_eq!(kept(&hcp), ([60, 600, 300], [60, 120]));
    let set = [
        ("CACHE_STATS_TTL", "0"),
        ("CACHE_CONFIG_TTL", "7"),
        ("CACHE_DEFAULT_TTL", "8"),
        ("CACHE_QUERY_OBJECT_TTL", "9"),
        ("CACHE_QUERY_OPERATION_TTL", "10"),
    ];
    assert_eq!(kept(&set), ([0, 7, 8], [9, 10]));
    let shown = show(&read(&set).unwrap());
    for (name, value) in set {
        assert!(shown.contains(&format!("{name}={value}\n")), "{shown}");
    }
    let problems = read(&[("CACHE_STATS_TTL", "-1")]).unwrap_err().0;
    assert!(problems[0].starts_with("CACHE_STATS_TTL: "), "{problems:?}");
}
