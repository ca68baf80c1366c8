//! Archives for the tests, built byte by byte, so that they can be arbitrarily wrong.

/// An entry of either kind of archive: name, kind, mode, target or contents.
#[derive(Clone, Copy)]
pub(super) struct Member<'m> {
    pub(super) name: &'m [u8],
    /// The type in a tar; zips support `0`, `2` and `5`.
    pub(super) kind: u8,
    pub(super) mode: u32,
    pub(super) link: &'m [u8],
    pub(super) contents: &'m [u8],
    pub(super) modified: u64,
}

const PLAIN: Member<'_> = Member { name: b"", kind: b'0', mode: 0o644, link: b"", contents: b"", modified: 7 };

pub(super) fn file<'m>(name: &'m str, contents: &'m str) -> Member<'m> {
    Member { name: name.as_bytes(), contents: contents.as_bytes(), ..PLAIN }
}

pub(super) fn program<'m>(name: &'m str, contents: &'m str) -> Member<'m> {
    Member { mode: 0o4755, ..file(name, contents) }
}

pub(super) fn folder(name: &str) -> Member<'_> {
    Member { name: name.as_bytes(), kind: b'5', mode: 0o755, ..PLAIN }
}

pub(super) fn link<'m>(name: &'m str, target: &'m str) -> Member<'m> {
    Member { name: name.as_bytes(), kind: b'2', link: target.as_bytes(), ..PLAIN }
}

pub(super) fn hard<'m>(name: &'m str, target: &'m str) -> Member<'m> {
    Member { kind: b'1', ..link(name, target) }
}

pub(super) fn special(name: &str, kind: u8) -> Member<'_> {
    Member { kind, ..file(name, "") }
}

fn put(block: &mut [u8], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The header of a member, and its contents padded to whole blocks.
pub(super) fn tar_member(member: &Member<'_>) -> Vec<u8> {
    let mut block = vec![0; 512];
    put(&mut block, 0, member.name);
    put(&mut block, 100, format!("{:07o}", member.mode).as_bytes());
    put(&mut block, 124, format!("{:011o}", member.contents.len()).as_bytes());
    put(&mut block, 136, format!("{:011o}", member.modified).as_bytes());
    block[156] = member.kind;
    put(&mut block, 157, member.link);
    put(&mut block, 257, b"ustar\x0000");
    sum(&mut block);
    block.extend_from_slice(member.contents);
    block.resize(block.len().next_multiple_of(512), 0);
    block
}

/// Sets a header's checksum.
pub(super) fn sum(block: &mut [u8]) {
    put(block, 148, b"        ");
    let sum: u32 = block[..512].iter().map(|byte| u32::from(*byte)).sum();
    put(block, 148, format!("{sum:06o}\0 ").as_bytes());
}

pub(super) fn tar(members: &[Member<'_>]) -> Vec<u8> {
    let mut bytes: Vec<u8> = members.iter().flat_map(tar_member).collect();
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

/// An extended header with these lines.
pub(super) fn extended(lines: &[(&str, &str)]) -> Vec<u8> {
    let line = |(key, value): &(&str, &str)| {
        let rest = format!(" {key}={value}\n");
        let length = (1..).find(|length: &usize| length.to_string().len() + rest.len() == *length);
        format!("{}{rest}", length.unwrap_or_default())
    };
    let body: String = lines.iter().map(line).collect();
    tar_member(&Member { kind: b'x', ..file("extended", &body) })
}

/// A zip made on Unix, whose entries are stored without compression.
pub(super) fn zip(members: &[Member<'_>]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let (contents, bits) = match member.kind {
            b'2' => (member.link, 0o120_000),
            b'5' => (&b""[..], 0o040_000),
            _ => (member.contents, 0o100_000),
        };
        let mut fields = vec![10, 0, 0, 0, 0, 0, 0, 0, 33, 0];
        fields.extend(crc32fast::hash(contents).to_le_bytes());
        fields.extend([contents.len() as u32; 2].iter().flat_map(|size| size.to_le_bytes()));
        fields.extend([member.name.len() as u8, 0, 0, 0]);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&fields);
        directory.extend([0; 6]);
        directory.extend(((bits | member.mode) << 16).to_le_bytes());
        directory.extend((bytes.len() as u32).to_le_bytes());
        directory.extend(member.name);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&fields);
        bytes.extend(member.name);
        bytes.extend(contents);
    }
    let (count, start) = ([members.len() as u16; 2], bytes.len() as u32);
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.iter().flat_map(|count| count.to_le_bytes()));
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, bytes).expect("a vector takes all");
    encoder.finish().expect("a vector takes all")
}

pub(super) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    std::io::Write::write_all(&mut encoder, bytes).expect("a vector takes all");
    encoder.finish().expect("a vector takes all")
}
