//! `:present`: a page of Markdown as slides.

use crate::prompt::session::{Reply, Session};
use crate::prompt::slides::slides;
use nivis::{Error, ErrorKind, Result};

pub(super) fn present(session: &mut Session<'_>, file: &str) -> Result<Reply> {
    let page = session.inside(|cx, _| {
        let path = cx.absolute(file.as_bytes());
        let failed = |error: std::io::Error| ErrorKind::Io(format!("reading '{file}': {}", nivis::io::reason(&error)));
        Ok(cx.io().read_file(&path).map_err(failed)?)
    })?;
    let slides = slides(&String::from_utf8_lossy(&page));
    if slides.is_empty() {
        return Err(Error::eval(format!("there is nothing to present in '{file}'")));
    }
    Ok(Reply::Slides(slides))
}
