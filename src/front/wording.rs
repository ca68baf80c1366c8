//! Messages speak of the command line, as C++ Nix's do. An embedder has none.

/// What messages say of the command line, and what they say without it.
const PHRASES: &[(&str, &str)] = &[
    (" (use '--impure' to override)", ""),
    (" (use --impure to override)", ""),
    (" (add it using $NIX_PATH or -I)", ""),
    ("; a local copy can be given with --source", ""),
    ("if it does end, raise `--max-call-depth`", "if it does end, raise the limit of depth"),
    ("If it does, raise `--max-call-depth`", "If it does, raise the limit of depth"),
    (", or add `--impure`", ""),
    ("; add '--extra-experimental-features pipe-operators' to enable it", ""),
    ("; add '--extra-experimental-features flakes' to enable it", ""),
    ("; add '--extra-experimental-features fetch-closure' to enable it", ""),
    ("; add '--extra-experimental-features fetch-tree' to enable it", ""),
    ("; add '--extra-experimental-features dynamic-derivations' to enable it", ""),
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
