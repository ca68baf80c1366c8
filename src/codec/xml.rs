//! Text in the attributes of XML elements.

/// Appends `value` as `builtins.toXML` writes attribute values: `"`, `<`, `>` and `&` by name, a newline as
/// `&#xA;` (so that readers do not turn it into a space), every other byte unchanged.
pub fn write_xml_attribute_value(out: &mut Vec<u8>, value: &[u8]) {
    for &byte in value {
        match byte {
            b'"' => out.extend(b"&quot;"),
            b'<' => out.extend(b"&lt;"),
            b'>' => out.extend(b"&gt;"),
            b'&' => out.extend(b"&amp;"),
            b'\n' => out.extend(b"&#xA;"),
            _ => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        let mut out = Vec::new();
        write_xml_attribute_value(&mut out, b"a<b>&\"'\n\r\t\xff");
        assert_eq!(out, b"a&lt;b&gt;&amp;&quot;'&#xA;\r\t\xff");
    }
}
