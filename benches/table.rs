//! Writes the tables of `docs/performance.md`, between markers, from the CSV files next to it.

use super::programs::project;
use std::fmt::Write as _;
use std::path::PathBuf;

/// One line of `docs/performance.csv`: a workload's time and memory, relative to C++ Nix. A missing figure is left
/// out.
pub(crate) struct Row {
    pub(crate) workload: String,
    meaning: String,
    pub(crate) cold_time: Option<f64>,
    pub(crate) warm_time: Option<f64>,
    cold_memory: Option<f64>,
    warm_memory: Option<f64>,
}

fn read(path: &PathBuf) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The fields of each line except the header. Lines that begin with `#` are comments.
fn lines(name: &str) -> Result<Vec<Vec<String>>, String> {
    let text = read(&project().join("docs").join(name))?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1);
    Ok(lines.map(|line| line.split(',').map(|field| field.trim().to_owned()).collect()).collect())
}

/// The lines of `docs/performance.csv`.
pub(crate) fn workloads() -> Result<Vec<Row>, String> {
    let row = |fields: Vec<String>| {
        let [workload, meaning, figures @ ..] = &fields[..] else { return Err("a line has too few fields".to_owned()) };
        let ratio = |index: usize| figures.get(index).and_then(|field| field.parse().ok());
        Ok(Row {
            workload: workload.clone(),
            meaning: meaning.clone(),
            cold_time: ratio(0),
            warm_time: ratio(1),
            cold_memory: ratio(2),
            warm_memory: ratio(3),
        })
    };
    lines("performance.csv")?.into_iter().map(row).collect()
}

/// Writes both tables.
pub(crate) fn write() -> Result<(), String> {
    let path = project().join("docs/performance.md");
    let page = between_marks(&read(&path)?, "workloads", &workload_table()?)?;
    let page = between_marks(&page, "growth", &growth_table()?)?;
    std::fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))
}

fn between_marks(page: &str, name: &str, table: &str) -> Result<String, String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let missing = || format!("the page lacks the mark '{name}'");
    let (before, rest) = page.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&end).ok_or_else(missing)?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

fn workload_table() -> Result<String, String> {
    let mut table = "| | what | time, first run | time, later run | memory, first run | memory, later run |\n\
                     |---|---|--:|--:|--:|--:|\n"
        .to_owned();
    for row in workloads()? {
        let ratios = [row.cold_time, row.warm_time, row.cold_memory, row.warm_memory]
            .map(|ratio| ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}")));
        let _ = writeln!(table, "| {} | {} | {} |", row.workload, row.meaning, ratios.join(" | "));
    }
    Ok(table)
}

/// The lines of each program, its own and the reference's, as one: times at `n`, and their growth up to `8n`.
fn growth_table() -> Result<String, String> {
    let mut table = "| program | n | Nivis at n | C++ Nix at n | Nivis at 8n | C++ Nix at 8n | Nivis ×8 | C++ Nix ×8 | ratio at 8n |\n\
                     |---|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for pair in lines("growth.csv")?.chunks(2) {
        let [own, reference] = pair else {
            return Err("docs/growth.csv has a program without its reference".to_owned());
        };
        let time = |fields: &[String], index: usize| -> f64 {
            fields.get(index).and_then(|field| field.parse().ok()).unwrap_or_default()
        };
        let (small, large) = ((time(own, 3), time(reference, 3)), (time(own, 6), time(reference, 6)));
        let _ = writeln!(
            table,
            "| [{name}](../benches/programs/{name}.nix) | {n} | {:.1} ms | {:.1} ms | {:.1} ms | {:.1} ms | ×{:.1} | ×{:.1} | {:.2} |",
            small.0,
            small.1,
            large.0,
            large.1,
            large.0 / small.0,
            large.1 / small.1,
            large.0 / large.1,
            name = own[0],
            n = own[1],
        );
    }
    Ok(table)
}
