//! Pictures as SVG texts.

/// A picture: a whole `<svg>` element.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) text: String,
}

impl Picture {
    /// The element that places this picture in a larger one, scaled down.
    pub(crate) fn inside(&self, x: f64, y: f64, scale: f64) -> String {
        let place = format!("<svg x=\"{x:.0}\" y=\"{y:.0}\" ");
        let text = self.text.replacen("<svg ", &place, 1);
        let size = |name: &str, size: f64| format!("{name}=\"{size:.0}\"");
        let text = text.replacen(&size(" width", self.width), &size(" width", self.width * scale), 1);
        text.replacen(&size(" height", self.height), &size(" height", self.height * scale), 1)
    }
}

/// A text in XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
