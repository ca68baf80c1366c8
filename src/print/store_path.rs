//! Store paths: `/nix/store/`, 32 digits, a dash, and a name.

use crate::codec::base::NIX32_DIGITS;
use crate::store::path::check_name;
use memchr::memchr;

const DIGITS: usize = 32;

/// True if `text` is the path of a store entry itself, and not of a file inside it or outside the store.
pub(crate) fn is_store_path(store_dir: &str, text: &[u8]) -> bool {
    let entry = text.strip_prefix(store_dir.as_bytes()).and_then(|rest| rest.strip_prefix(b"/"));
    let Some((digits, name)) = entry.and_then(|entry| entry.split_at_checked(DIGITS)) else { return false };
    let all_digits = digits.iter().all(|digit| memchr(*digit, NIX32_DIGITS).is_some());
    all_digits && name.strip_prefix(b"-").is_some_and(|name| check_name(name).is_ok())
}

#[cfg(test)]
mod tests {
    use super::is_store_path;

    #[test]
    fn store_paths() {
        let hash = "00000000000000000000000000000000";
        let table = [
            (format!("/nix/store/{hash}-x"), true),
            (format!("/nix/store/{hash}-x.drv"), true),
            (format!("/nix/store/{hash}-.x"), true),
            (format!("/nix/store/{hash}-x/y"), false),
            (format!("/nix/store/{hash}-"), false),
            (format!("/nix/store/{hash}-.-x"), false),
            (format!("/nix/store/{hash}-.."), false),
            (format!("/nix/store/{hash}"), false),
            (format!("/nix/store/{}-x", hash.replace('0', "e")), false),
            (format!("/nix/stor/{hash}-x"), false),
            ("/nix/store".to_owned(), false),
        ];
        for (text, answer) in table {
            assert_eq!(is_store_path("/nix/store", text.as_bytes()), answer, "{text}");
        }
    }
}
