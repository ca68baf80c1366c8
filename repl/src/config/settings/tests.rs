//! Configurations by command lines and environments.

use super::*;
use std::ffi::OsString;

fn configuration(words: &str, environment: &[(&str, &str)]) -> Result<Configuration> {
    let words: Vec<OsString> = words.split(' ').map(Into::into).collect();
    let program = Program::of(&words);
    let nothing = [("NIX_CONF_DIR", "/nowhere"), ("NIX_USER_CONF_FILES", "/nowhere"), ("NIX_STATE_DIR", "/nowhere")];
    let mut configuration = Configuration::of(program, &|name| {
        let value = environment.iter().chain(&nothing).find(|(known, _)| *known == name);
        value.map(|(_, value)| value.as_bytes().to_vec())
    })?;
    configuration.apply(&Arguments::parse(program, words)?)?;
    Ok(configuration)
}

#[test]
fn nix_config() -> Result<()> {
    let text = "show-trace = true # yes\n\nexperimental-features = flakes\nextra-experimental-features = cgroups no-such\n\
                sandbox = relaxed";
    let it = configuration("nivis", &[("NIX_CONFIG", text)])?;
    assert!(it.errors.show_trace);
    assert_eq!(it.warnings, ["unknown experimental feature 'no-such'"]);
    assert_eq!(it.settings.features, ["flakes", "cgroups"]);
    let it = configuration("nivis --no-show-trace", &[("NIX_CONFIG", text)])?;
    assert!(!it.errors.show_trace);
    Ok(())
}

#[test]
fn search_paths_in_order() -> Result<()> {
    let it =
        configuration("nivis -I b --extra-nix-path c -I x=y", &[("NIX_PATH", "a=z"), ("NIX_CONFIG", "nix-path = n")])?;
    let paths: Vec<_> = it.settings.search_path.iter().map(|entry| &entry.path[..]).collect();
    assert_eq!(paths, [b"b", b"y", b"z", b"c"]);
    Ok(())
}

#[test]
fn store_directories() -> Result<()> {
    let table = [
        ("nivis", &[][..], "/nix/store"),
        ("nivis", &[("NIX_REMOTE", "dummy://"), ("NIX_STORE_DIR", "/d//e/")], "/d/e"),
        ("nivis --readonly-mode --store dummy://", &[("NIX_STORE", "/c")], "/c"),
        ("nivis --store dummy://?store=/foo", &[("NIX_STORE_DIR", "/c")], "/foo"),
        ("nivis --store dummy://", &[("NIX_REMOTE", "dummy://?store=/foo")], "/nix/store"),
    ];
    for (words, environment, expected) in table {
        assert_eq!(configuration(words, environment)?.settings.store_dir, expected, "{words}");
    }
    Ok(())
}

#[test]
fn derivations_and_sources() -> Result<()> {
    let it = configuration("nivis --eval --drv-dir d --source sha256-A==/no --source https://x=/no", &[])?;
    let sources: Vec<_> = it.settings.sources.iter().map(|source| &source.of[..]).collect();
    assert_eq!((it.settings.keep_derivations, &sources[..]), (true, &[&b"sha256-A="[..], b"https://x"][..]));
    assert!(!configuration("nivis", &[])?.settings.keep_derivations);
    Ok(())
}

#[test]
fn warnings() -> Result<()> {
    let table: [(&str, &[&str]); 4] = [
        ("nivis --option show-trace maybe", &["Boolean setting 'show-trace' has invalid value 'maybe'"]),
        ("nivis --option b 1 --option a 1 --option b 2", &["unknown setting 'a'", "unknown setting 'b'"]),
        (
            "nivis --eval --option accept-flake-config true",
            &["Ignoring setting 'accept-flake-config' because experimental feature 'flakes' is not enabled"],
        ),
        (
            "nivis --warn-short-path-literals",
            &["'warn-short-path-literals' is deprecated, use 'lint-short-path-literals = warn' instead"],
        ),
    ];
    for (words, expected) in table {
        assert_eq!(configuration(words, &[])?.warnings, expected, "{words}");
    }
    Ok(())
}

#[test]
fn settings_of_flakes_need_no_feature_where_flakes_need_none() -> Result<()> {
    let config =
        [("NIX_CONFIG", "flake-registry = /r\naccept-flake-config = true\nexperimental-features = nix-command")];
    let table: [(&str, &str, usize); 6] = [
        ("nivis eval mine#x", "/r", 0),
        ("nivis flake show", "/r", 0),
        ("nivis repl", "/r", 0),
        ("nivis jobs --flake .", "/r", 0),
        ("nivis --eval -E 1", flakes::GLOBAL_REGISTRY, 2),
        ("nix eval .#x", flakes::GLOBAL_REGISTRY, 2),
    ];
    for (words, registry, warnings) in table {
        let it = configuration(words, &config)?;
        let found = (&it.settings.flakes.global_registry[..], it.warnings.len(), it.settings.flakes.accept_config);
        assert_eq!(found, (registry, warnings, warnings == 0), "{words}");
    }
    Ok(())
}

#[test]
fn mistakes() {
    let table = [
        ("nivis --max-call-depth x", "setting 'max-call-depth' has invalid value 'x'"),
        ("nivis eval --pure-eval -f x", "'--file' is not compatible with '--pure-eval'"),
        (
            "nivis --eval --accept-flake-config",
            "experimental Nix feature 'flakes' is disabled; add '--extra-experimental-features flakes' to enable it",
        ),
    ];
    for (words, message) in table {
        let error = configuration(words, &[]).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(error, Err(message.to_owned()));
    }
    let error = configuration("nivis", &[("NIX_CONFIG", "foo")]).map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(error, Err("syntax error in configuration line 'foo' in \"NIX_CONFIG\"".to_owned()));
}
