//! Draws the chart of `docs/performance.md` from `docs/performance.csv`: two bars for each workload, against a line
//! for the reference.

use super::programs::project;
use super::table::{Row, workloads};
use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const LABELS: f64 = 120.0;
/// The width of the reference's time, which is 1.
const UNIT: f64 = 440.0;
const ROW: f64 = 34.0;
const TOP: f64 = 56.0;
const BAR: f64 = 11.0;

/// Colours that are distinguishable in print and on light and dark pages.
pub(crate) const COLD: &str = "#5e81ac";
pub(crate) const WARM: &str = "#a3be8c";
pub(crate) const TEXT: &str = "#808690";

/// Draws `docs/performance.svg`.
pub(crate) fn draw() -> Result<(), String> {
    let path = project().join("docs/performance.svg");
    std::fs::write(&path, svg(&workloads()?)).map_err(|error| format!("{}: {error}", path.display()))
}

fn svg(rows: &[Row]) -> String {
    let height = TOP + ROW * rows.len() as f64 + 16.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>Time of the processor, as a part of what C++ Nix takes</title>\n"
    );
    legend(&mut out);
    for (index, row) in rows.iter().enumerate() {
        draw_row(&mut out, row, TOP + ROW * index as f64);
    }
    let line = LABELS + UNIT;
    let _ = writeln!(
        out,
        "<line x1=\"{line}\" x2=\"{line}\" y1=\"{}\" y2=\"{}\" stroke=\"#bf616a\" stroke-width=\"2\"/>",
        TOP - 8.0,
        height - 12.0
    );
    out.push_str("</svg>\n");
    out
}

fn legend(out: &mut String) {
    for (colour, text, at) in [(COLD, "first run", LABELS), (WARM, "with what an earlier run kept", LABELS + 90.0)] {
        bar(out, colour, at, 14.0, 14.0);
        label(out, text, at + 20.0, 24.0, "start");
    }
    label(out, "C++ Nix = 1", LABELS + UNIT, TOP - 14.0, "middle");
}

fn draw_row(out: &mut String, row: &Row, top: f64) {
    label(out, &row.workload, LABELS - 10.0, top + 16.0, "end");
    let bars = [(COLD, row.cold_time, top), (WARM, row.warm_time, top + BAR + 1.0)];
    for (colour, ratio, top) in bars {
        let Some(ratio) = ratio else { continue };
        // A bar beyond the edge is cut; the figure shows its value.
        let width = (UNIT * ratio).min(WIDTH - LABELS - 50.0);
        bar(out, colour, LABELS, top, width);
        label(out, &format!("{ratio:.2}"), LABELS + width + 6.0, top + BAR - 1.0, "start");
    }
}

fn bar(out: &mut String, colour: &str, left: f64, top: f64, width: f64) {
    let _ = writeln!(
        out,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\" fill=\"{colour}\"/>"
    );
}

pub(crate) fn label(out: &mut String, text: &str, left: f64, bottom: f64, anchor: &str) {
    let _ =
        writeln!(out, "<text x=\"{left:.1}\" y=\"{bottom}\" text-anchor=\"{anchor}\" fill=\"{TEXT}\">{text}</text>");
}
