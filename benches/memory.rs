//! Draws `docs/memory.svg` from `docs/memory.csv`: the resident memory of each evaluator, over the processor's time.

use super::chart::{COLD, TEXT, WARM, label};
use super::programs::project;
use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 40.0;
const RIGHT: f64 = 20.0;
const BOTTOM: f64 = 40.0;
const COLOURS: [&str; 3] = [COLD, WARM, "#bf616a"];

/// The samples of one evaluator: seconds and megabytes.
struct Curve {
    name: String,
    points: Vec<(f64, f64)>,
}

/// Draws the chart.
pub(crate) fn draw() -> Result<(), String> {
    let source = project().join("docs/memory.csv");
    let text = std::fs::read_to_string(&source).map_err(|error| format!("{}: {error}", source.display()))?;
    let path = project().join("docs/memory.svg");
    std::fs::write(&path, svg(&curves(&text))).map_err(|error| format!("{}: {error}", path.display()))
}

/// The curves in the order of their first samples. Lines that are no samples are left out.
fn curves(text: &str) -> Vec<Curve> {
    let mut curves: Vec<Curve> = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split(',').collect();
        let [name, seconds, megabytes] = fields[..] else { continue };
        let (Ok(seconds), Ok(megabytes)) = (seconds.parse(), megabytes.parse()) else { continue };
        match curves.iter_mut().find(|curve| curve.name == name) {
            Some(curve) => curve.points.push((seconds, megabytes)),
            None => curves.push(Curve { name: name.to_owned(), points: vec![(seconds, megabytes)] }),
        }
    }
    curves
}

fn svg(curves: &[Curve]) -> String {
    let all = || curves.iter().flat_map(|curve| &curve.points);
    let seconds = all().fold(1.0, |most: f64, point| most.max(point.0));
    let megabytes = all().fold(1.0, |most: f64, point| most.max(point.1));
    let x = |at: f64| LEFT + at / seconds * (WIDTH - LEFT - RIGHT);
    let y = |at: f64| HEIGHT - BOTTOM - at / megabytes * (HEIGHT - TOP - BOTTOM);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>Memory over time: eight NixOS systems in one evaluation</title>\n"
    );
    for line in (0..).map(|step| f64::from(step) * 500.0).take_while(|at| *at <= megabytes) {
        let (left, right, height) = (x(0.0), x(seconds), y(line));
        let _ = writeln!(
            out,
            "<line x1=\"{left}\" x2=\"{right}\" y1=\"{height:.1}\" y2=\"{height:.1}\" stroke=\"{TEXT}\" stroke-width=\"0.5\"/>"
        );
        label(&mut out, &format!("{line} MB"), LEFT - 6.0, height + 4.0, "end");
    }
    for (index, curve) in curves.iter().enumerate() {
        let colour = COLOURS[index % COLOURS.len()];
        let points: Vec<String> = curve.points.iter().map(|at| format!("{:.1},{:.1}", x(at.0), y(at.1))).collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        );
        let left = LEFT + 210.0 * index as f64;
        let _ = writeln!(out, "<rect x=\"{left}\" y=\"10\" width=\"14\" height=\"11\" rx=\"2\" fill=\"{colour}\"/>");
        label(&mut out, &curve.name, left + 20.0, 20.0, "start");
    }
    label(&mut out, &format!("{seconds:.0} s of the processor"), WIDTH - RIGHT, HEIGHT - 14.0, "end");
    out.push_str("</svg>\n");
    out
}
