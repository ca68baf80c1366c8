//! Messages speak of the command line, as C++ Nix's do. An embedder has none.

/// The sentences about the command line in messages, and their replacements without one.
const PHRASES: &[(&str, &str)] = &[
    (" (use '--impure' to override)", ""),
    (" (use --impure to override)", ""),
    (" (add it using $NIX_PATH or -I)", ""),
    ("; a local copy can be given with --source", ""),
    (", or add `--impure`", ""),
    // Reports break lines at spaces, so what follows has none where a flag stands.
    ("`--max-call-depth`", "the limit of depth"),
    ("`--impure`", "impure evaluation"),
    ("--extra-experimental-features ", ""),
];

/// The beginning and the end of a hint that names flags, and what embedders read in its place.
const SEARCH_PATH: [&str; 3] =
    ["`-I ", "in the environment", "the program that evaluates this can add it to the search path"];

/// A text without the command line.
pub(super) fn for_embedders(text: String) -> String {
    let text = PHRASES.iter().fold(text, |text, (phrase, instead)| text.replace(phrase, instead));
    let [begin, end, instead] = SEARCH_PATH;
    let hint = text.find(begin).and_then(|start| Some(start..start + text[start..].find(end)? + end.len()));
    match hint {
        Some(hint) => [&text[..hint.start], instead, &text[hint.end..]].concat(),
        None => text,
    }
}
