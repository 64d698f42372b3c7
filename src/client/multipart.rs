//! `multipart/form-data`, as browsers write it (RFC 7578 and the HTML standard). It uses nothing
//! of this crate.

use sha2::digest::Digest as _;

/// One part of a form's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The field's name, in the form's encoding.
    pub name: Vec<u8>,
    /// Present for a file.
    pub file: Option<FileFacts>,
    /// The value, or the file's bytes.
    pub body: Vec<u8>,
}

/// What is said of a file beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// As the other side will know it; may be empty.
    pub name: Vec<u8>,
    /// A media type; `application/octet-stream` if nobody knows better.
    pub media: String,
}

/// A body and its `Content-Type`. The boundary follows from the parts, so that a run repeats
/// itself, and occurs in none of them.
pub fn encode(parts: &[Part]) -> (Vec<u8>, String) {
    let boundary = boundary(parts);
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        body.extend_from_slice(b"Content-Disposition: form-data; name=\"");
        body.extend(escaped(&part.name));
        body.push(b'"');
        if let Some(file) = &part.file {
            body.extend_from_slice(b"; filename=\"");
            body.extend(escaped(&file.name));
            body.extend_from_slice(b"\"\r\nContent-Type: ");
            body.extend_from_slice(file.media.as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(&part.body);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (body, format!("multipart/form-data; boundary={boundary}"))
}

/// Quotes and line ends as browsers write them; everything else stays.
fn escaped(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    for byte in name {
        match byte {
            b'"' => out.extend_from_slice(b"%22"),
            b'\r' => out.extend_from_slice(b"%0D"),
            b'\n' => out.extend_from_slice(b"%0A"),
            other => out.push(*other),
        }
    }
    out
}

fn boundary(parts: &[Part]) -> String {
    let mut hash = sha2::Sha256::new();
    for part in parts {
        hash.update(&part.name);
        hash.update(&part.body);
    }
    // A part that holds its own hash cannot be made, but a hash costs less than the argument.
    loop {
        let digest = hash.clone().finalize();
        let text = format!("----jaunt{}", hex::encode(&digest[..12]));
        let occurs = |bytes: &[u8]| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        if !parts.iter().any(|part| occurs(&part.body)) {
            return text;
        }
        hash.update(b"again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, body: &str) -> Part {
        Part {
            name: name.into(),
            file: None,
            body: body.into(),
        }
    }

    #[test]
    fn fields_and_files_as_a_browser_writes_them() {
        let mut file = part("f", "a\0b");
        file.file = Some(FileFacts {
            name: b"sa\"y\r\n.txt".to_vec(),
            media: "text/plain".into(),
        });
        let (body, media) = encode(&[part("na\"me", "1\n2"), file]);
        let boundary = media
            .strip_prefix("multipart/form-data; boundary=")
            .expect("a boundary");
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"na%22me\"\r\n\r\n1\n2\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"f\"; \
             filename=\"sa%22y%0D%0A.txt\"\r\nContent-Type: text/plain\r\n\r\na\0b\r\n\
             --{boundary}--\r\n"
        );
        assert_eq!(String::from_utf8_lossy(&body), expected);
    }

    #[test]
    fn the_boundary_repeats_itself_and_differs_by_content() {
        let of = |body: &str| encode(&[part("a", body)]).1;
        assert_eq!(of("x"), of("x"));
        assert_ne!(of("x"), of("y"));
        assert!(encode(&[]).0.ends_with(b"--\r\n"));
    }
}
