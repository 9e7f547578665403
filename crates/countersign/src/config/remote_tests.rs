use crate::config::tests::wrong;

#[tokio::test]
async fn an_address_is_safe_on_its_way() {
    let at = |rest: &str| format!("risk = \"high\"\nhttp = {{ runbook = \"set-trial\", url = {rest} }}");
    insta::assert_snapshot!(wrong(&at("\"http://runbooks.example.com\"")).await, @"c.toml:12:39: Its runbook is not reached so: `http://runbooks.example.com` is neither https nor on this machine: whoever is on the way could read and change it.");
    insta::assert_snapshot!(wrong(&at("\"runbooks\"")).await, @"c.toml:12:39: Its runbook is not reached so: `runbooks` is no address: write one like https://runbooks.example.com/.");
    insta::assert_snapshot!(wrong(&at("\"https://ana:secret@example.com\"")).await, @"c.toml:12:39: Its runbook is not reached so: the address holds a name or a password: leave it out, and sign with a secret instead.");
    insta::assert_snapshot!(wrong(&at("\"https://example.com\", timeout = \"1h\"")).await, @"c.toml:12:72: An answer may take from 1s to 15m, and `1h` is not between.");
    insta::assert_snapshot!(wrong(&at("\"https://example.com\", timeout = \"soon\"")).await, @"c.toml:12:72: `soon` is no duration: write one like 15m, 1h or 1h30m.");
}

#[tokio::test]
async fn a_secret_is_in_the_environment() {
    let with = |name: &str| {
        format!(
            "risk = \"high\"\nhttp = {{ runbook = \"set-trial\", url = \"https://example.com\", secret_env = \"{name}\" }}"
        )
    };
    insta::assert_snapshot!(wrong(&with("COUNTERSIGN_TEST_NO_SUCH_SECRET")).await, @"c.toml:12:75: The environment has no `COUNTERSIGN_TEST_NO_SUCH_SECRET`: put the runbook's secret into it.");
    // Cargo sets this one for tests; it is too short to be a secret.
    insta::assert_snapshot!(wrong(&with("CARGO_PKG_VERSION_MAJOR")).await, @"c.toml:12:75: `CARGO_PKG_VERSION_MAJOR` holds less than 16 characters, which can be guessed. Make a secret with `openssl rand -hex 32`, and give it to both sides.");
}

#[tokio::test]
async fn a_runbook_that_is_not_there_is_not_put_in_force() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let said =
        wrong(&format!("risk = \"high\"\nhttp = {{ runbook = \"set-trial\", url = \"http://{address}/\" }}"))
            .await;
    assert!(said.starts_with("c.toml:8:11: Its work cannot be done: the runbook was not reached"), "{said}");
}

#[cfg(feature = "aws")]
#[tokio::test]
async fn a_function_has_a_name() {
    let of = |rest: &str| {
        format!("risk = \"high\"\nlambda = {{ runbook = \"whitelist-add\", function = {rest} }}")
    };
    insta::assert_snapshot!(wrong(&of("\"a/b\"")).await, @"c.toml:12:50: `a/b` is no name and no ARN of a function in AWS Lambda.");
    insta::assert_snapshot!(wrong(&of("\"whitelist\", endpoint = \"https://example.com\"")).await, @"c.toml:12:50: `https://example.com` is no address of an emulator on this machine; for AWS itself leave `endpoint` out.");
}

#[cfg(not(feature = "aws"))]
#[tokio::test]
async fn a_program_without_lambda_says_how_it_is_built_with_it() {
    let lambda = "risk = \"high\"\nlambda = { runbook = \"whitelist-add\", function = \"whitelist\" }";
    insta::assert_snapshot!(wrong(lambda).await, @"c.toml:12:50: This countersign was built without AWS Lambda. Build one with it: cargo build --release -p countersign --features aws");
}
