//! Rules for all lessons. That their answers are right is tested with the program.

use super::{LESSONS, Lesson, Remark, Step, find};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn each_file_is_in_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lessons");
    let files = folder.read_dir().expect("the folder of lessons").flatten();
    let files: BTreeSet<String> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    let lessons: BTreeSet<String> = LESSONS.iter().map(|lesson| format!("{}.md", lesson.name)).collect();
    assert_eq!(files, lessons);
}

#[test]
fn lessons_are_whole_and_fit_the_terminal() {
    for lesson in LESSONS {
        let (steps, _) = lesson.steps();
        assert!(!lesson.title().is_empty() && !steps.is_empty(), "{}", lesson.name);
        for step in &steps {
            assert!(step.text.contains('▸'), "{}: {}", lesson.name, step.text);
            assert!(!step.check.is_empty() && !step.answer.is_empty(), "{}: {}", lesson.name, step.text);
            assert!(!step.hint.is_empty(), "{} has no hint: {}", lesson.name, step.text);
            let is_whole = |remark: &Remark| !remark.condition.is_empty() && !remark.text.is_empty();
            assert!(step.remarks.iter().all(is_whole), "{}: {}", lesson.name, step.text);
        }
        let mut is_code = false;
        for line in lesson.text.lines() {
            is_code ^= line.starts_with("```");
            assert!(is_code || line.chars().count() <= 80, "{}: {line}", lesson.name);
        }
    }
}

#[test]
fn steps() {
    let text = "# T\n\nA\n\n```setup\nx = 1\n```\n\n```file a/b.nix\n1\n\n2\n```\n\n```repl\n1\n```\n\n> Do it.\n\n```check\nit\n```\n\n```answer\n2\n```\n\nB\n";
    let lesson = Lesson { name: "t", text };
    let step = Step {
        text: "A\n\n```file a/b.nix\n1\n\n2\n```\n\n```repl\n1\n```\n\n▸ Do it.".to_owned(),
        setup: "x = 1\n".to_owned(),
        check: "it\n".to_owned(),
        answer: "2\n".to_owned(),
        files: vec![("a/b.nix".to_owned(), "1\n\n2\n".to_owned())],
        ..Step::default()
    };
    assert_eq!(lesson.steps(), (vec![step], "B".to_owned()));
}

#[test]
fn finding() {
    assert_eq!(find("1").map(|lesson| lesson.name), Some("values"));
    assert_eq!(find("lazi").map(|lesson| lesson.name), Some("laziness"));
    assert!(find("0").is_none() && find("nothing").is_none());
}
