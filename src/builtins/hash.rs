//! Builtins on cryptographic hashes.

use super::derivation::require_feature;
use super::files::reading;
use crate::codec::base::encode_base16;
use crate::codec::hash::{HashAlgorithm, hash_bytes};
use crate::codec::hash_format::{HashFormat, is_deprecated_format};
use crate::codec::hash_text::{HashTextError, hash_to_text, named_algorithm, parse_hash};
use crate::error::{Error, ErrorKind, Ordinal, Purpose, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{Attrs, PosId, Value};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "convertHash",
        &["args"],
        "The hash `hash` of the set *args* written in the format `toHashFormat`: `\"base16\"`, `\"nix32\"`, `\"base64\"` or\n\
         `\"sri\"`. Its own format is detected; its algorithm comes from `hashAlgo`, or from the hash if that names it\n\
         (`sha256:…`, `sha256-…`).",
        convert_hash,
    )
    .forces_first()
    .example(
        "builtins.convertHash { hash = \"d41d8cd98f00b204e9800998ecf8427e\"; hashAlgo = \"md5\"; toHashFormat = \
         \"sri\"; }",
        "\"md5-1B2M2Y8AsgTpgAmY7PhCfg==\"",
    ),
    row(
        "hashFile",
        &["type", "p"],
        "The hash of the contents of the file *p* in base 16. For the algorithms see `hashString`.",
        hash_file,
    )
    .forces_first()
    .example(
        "builtins.hashFile \"md5\" (builtins.toFile \"empty\" \"\")",
        "\"d41d8cd98f00b204e9800998ecf8427e\"",
    ),
    row(
        "hashString",
        &["type", "s"],
        "The hash of the string *s* in base 16. *type* is the algorithm: `\"md5\"`, `\"sha1\"`, `\"sha256\"`, `\"sha512\"`, or,\n\
         as an experiment, `\"blake3\"`.",
        hash_string,
    )
    .forces_first()
    .example("builtins.hashString \"md5\" \"\"", "\"d41d8cd98f00b204e9800998ecf8427e\""),
];

fn hash_string<'h>(cx: &mut Eval<'h>, [name, string, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_plain_string(name, Purpose::Argument(Ordinal::First, "builtins.hashString"))?;
    let algorithm = algorithm(cx, name.as_bytes())?;
    let string = cx.force_string(string, Purpose::Argument(Ordinal::Second, "builtins.hashString"))?;
    Ok(digest(cx, algorithm, string.as_bytes()))
}

fn hash_file<'h>(cx: &mut Eval<'h>, [name, path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_plain_string(name, Purpose::Argument(Ordinal::First, "builtins.hashFile"))?;
    let algorithm = algorithm(cx, name.as_bytes())?;
    let path = reading::readable_path(cx, path)?;
    let contents = reading::contents(cx, path)?;
    Ok(digest(cx, algorithm, &contents))
}

fn digest<'h>(cx: &Eval<'h>, algorithm: HashAlgorithm, bytes: &[u8]) -> Value<'h> {
    cx.string(encode_base16(&hash_bytes(algorithm, bytes).bytes))
}

fn algorithm(cx: &Eval<'_>, name: &[u8]) -> Result<HashAlgorithm> {
    let algorithm = HashAlgorithm::from_name(name).map_err(|error| ErrorKind::Usage(error.to_string()))?;
    check_algorithm(cx, Some(name))?;
    Ok(algorithm)
}

/// Fails if this is the name of an algorithm whose experimental feature is off.
pub(super) fn check_algorithm(cx: &Eval<'_>, name: Option<&[u8]>) -> Result<()> {
    if name == Some(HashAlgorithm::Blake3.name().as_bytes()) {
        require_feature(cx, "blake3-hashes", "")
    } else {
        Ok(())
    }
}

fn convert_hash<'h>(cx: &mut Eval<'h>, [arguments, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::Argument(Ordinal::First, "builtins.convertHash");
    let arguments = cx.force_attrs(arguments, phrase)?;
    let hash = required(cx, arguments, "hash", "while locating the attribute 'hash'")?;
    let hash = cx.force_plain_string(hash, "while evaluating the attribute 'hash'")?;
    let algorithm = given_algorithm(cx, arguments)?;
    let format = required(cx, arguments, "toHashFormat", "while locating the attribute 'toHashFormat'")?;
    let format = cx.force_plain_string(format, "while evaluating the attribute 'toHashFormat'")?;
    let format = hash_format(cx, format.as_bytes())?;
    check_algorithm(cx, named_algorithm(hash.as_bytes()))?;
    let hash = parse_hash(hash.as_bytes(), algorithm).map_err(hash_error)?;
    Ok(cx.string(hash_to_text(&hash, format, format == HashFormat::Sri)))
}

fn required<'h>(cx: &Eval<'h>, set: Attrs<'h>, name: &str, phrase: &str) -> Result<Value<'h>> {
    let missing = || Error::from(ErrorKind::MissingAttribute(name.to_owned()));
    set.get(cx.intern(name.as_bytes())).ok_or_else(missing).traced(PosId::NONE, || phrase)
}

fn given_algorithm<'h>(cx: &mut Eval<'h>, arguments: Attrs<'h>) -> Result<Option<HashAlgorithm>> {
    let Some(name) = arguments.get(cx.intern(b"hashAlgo")) else { return Ok(None) };
    let name = cx.force_plain_string(name, "while evaluating the attribute 'hashAlgo'")?;
    algorithm(cx, name.as_bytes()).map(Some)
}

fn hash_format(cx: &Eval<'_>, name: &[u8]) -> Result<HashFormat> {
    if is_deprecated_format(name) {
        cx.warn(&Error::eval("\"base32\" is a deprecated alias for hash format \"nix32\"."));
    }
    HashFormat::from_name(name).map_err(|error| ErrorKind::Usage(error.to_string()).into())
}

/// The error for a hash. C++ Nix treats unknown names as command line mistakes.
#[cold]
fn hash_error(error: HashTextError) -> Error {
    let text = error.to_string();
    match error {
        HashTextError::UnknownAlgorithm(_) => ErrorKind::Usage(text).into(),
        _ => Error::eval(text),
    }
}
