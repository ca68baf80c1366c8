//! Files of user names and passwords: `machine HOST login NAME password PASSWORD`, and `default`, with curl's rules.

/// The user names and passwords by host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Netrc {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    /// `None` for any host.
    host: Option<String>,
    login: String,
    password: String,
}

impl Netrc {
    /// Parses a file. Unknown words are skipped.
    pub(super) fn parse(text: &str) -> Self {
        let words = words(text);
        let mut words = words.into_iter();
        let mut entries: Vec<Entry> = Vec::new();
        while let Some(word) = words.next() {
            match &word.to_ascii_lowercase()[..] {
                "machine" => {
                    let host = words.next().map(|host| host.to_ascii_lowercase());
                    entries.push(Entry { host: Some(host.unwrap_or_default()), ..Entry::default() });
                }
                "default" => entries.push(Entry::default()),
                "login" => set(&mut entries, words.next(), |entry| &mut entry.login),
                "password" => set(&mut entries, words.next(), |entry| &mut entry.password),
                _ => {}
            }
        }
        Self { entries }
    }

    /// The user name and password for a host, limited to one user name if `login` is given.
    pub(super) fn find(&self, host: &str, login: Option<&str>) -> Option<(&str, &str)> {
        let is_of_host = |entry: &&Entry| entry.host.as_deref().is_none_or(|known| known == host);
        let is_of_user = |entry: &&Entry| login.is_none_or(|login| entry.login == login);
        let entry = self.entries.iter().filter(is_of_host).find(is_of_user)?;
        Some((&entry.login, &entry.password))
    }
}

fn set(entries: &mut [Entry], value: Option<String>, field: impl Fn(&mut Entry) -> &mut String) {
    if let (Some(entry), Some(value)) = (entries.last_mut(), value) {
        *field(entry) = value;
    }
}

/// The words of a file, without comments and macros, and with quotes removed.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut in_macro = false;
    for line in text.lines() {
        let line = line.trim();
        if in_macro || line.starts_with('#') {
            in_macro &= !line.is_empty();
            continue;
        }
        let mut rest = line;
        while !rest.is_empty() {
            let (word, after) = first_word(rest);
            rest = after.trim_start();
            if word.eq_ignore_ascii_case("macdef") {
                in_macro = true;
                break;
            }
            words.push(word);
        }
    }
    words
}

fn first_word(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut word = String::new();
    let mut chars = quoted.char_indices();
    while let Some((index, char)) = chars.next() {
        match char {
            '"' => return (word, &quoted[index + 1..]),
            '\\' => word.extend(chars.next().map(|(_, escaped)| match escaped {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            })),
            other => word.push(other),
        }
    }
    (word, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries() {
        let text = "# machine no login no\nmachine A login u password p\nmacdef x\nmachine b login m\n\n\
                    machine b\n login \"q \\\"r\"\n password \"s\" machine b login t password v default login d password e";
        let netrc = Netrc::parse(text);
        assert_eq!(netrc.find("a", None), Some(("u", "p")));
        assert_eq!(netrc.find("b", None), Some(("q \"r", "s")));
        assert_eq!(netrc.find("b", Some("t")), Some(("t", "v")));
        assert_eq!(netrc.find("c", None), Some(("d", "e")));
        assert_eq!(netrc.find("c", Some("x")), None);
        assert_eq!(Netrc::parse("login x machine").find("a", None), None);
    }
}
