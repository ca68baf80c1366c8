//! JSON over several lines.

const INDENT: usize = 2;

/// A compact JSON text, from [`super::json()`], with one element or member per line, each level indented by two
/// spaces. Empty lists and objects stay on their line.
pub fn indented_json(compact: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(compact.len() * 2);
    let (mut level, mut in_string, mut escaped) = (0, false, false);
    for (index, &byte) in compact.iter().enumerate() {
        let next = compact.get(index + 1);
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            out.push(byte);
            continue;
        }
        match byte {
            b'{' | b'[' if next == Some(&(byte + 2)) => out.push(byte),
            b'{' | b'[' => {
                level += 1;
                out.push(byte);
                break_line(&mut out, level);
            }
            b'}' | b']' => {
                if !matches!(out.last(), Some(b'{' | b'[')) {
                    level = usize::saturating_sub(level, 1);
                    break_line(&mut out, level);
                }
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                break_line(&mut out, level);
            }
            b':' => out.extend(b": "),
            _ => {
                in_string = byte == b'"';
                out.push(byte);
            }
        }
    }
    out
}

fn break_line(out: &mut Vec<u8>, level: usize) {
    out.push(b'\n');
    out.resize(out.len() + level * INDENT, b' ');
}

#[cfg(test)]
mod tests {
    use super::indented_json;

    #[test]
    fn lines() {
        let table = [
            ("1", "1"),
            ("[]", "[]"),
            ("{\"a\":[1,{}],\"b\\\"{\":\"x,y\"}", "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\\\"{\": \"x,y\"\n}"),
        ];
        for (compact, expected) in table {
            assert_eq!(String::from_utf8_lossy(&indented_json(compact.as_bytes())), expected);
        }
    }
}
