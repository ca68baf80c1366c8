//! A page at a terminal: its blocks one after the other, each in lines that fit.

use super::Fence;
use nivis::codec::palette::{Look, NORMAL, Palette};
use nivis::codec::terminal::columns;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// Longer lines of prose are hard to read.
const WIDEST: usize = 90;
/// The least room for text, however far it is indented.
const LEAST: usize = 16;
/// The indentation of code.
const CODE: &str = "    ";

/// A word of prose with its style. The words of short code are one.
struct Word {
    text: String,
    style: &'static str,
    /// No space stands before it.
    is_joined: bool,
}

/// The page while it is laid out.
struct Pen {
    look: Look,
    width: usize,
    out: String,
    /// The text before the lines of each open block: of the first line, and of the others.
    indents: Vec<(String, String)>,
    /// The numbers of the open lists; `None` for those with bullets.
    lists: Vec<Option<u64>>,
    words: Vec<Word>,
    /// Text that ends without a space after it.
    is_joined: bool,
    styles: Vec<&'static str>,
    link: String,
    code: Option<(Fence, String)>,
    was_code: bool,
    cells: Vec<String>,
}

/// The page at a terminal.
pub(super) fn render(page: &str, look: Look) -> String {
    let width = look.width.unwrap_or(WIDEST).min(WIDEST);
    let mut pen = Pen {
        look,
        width,
        out: String::with_capacity(page.len() * 2),
        indents: Vec::new(),
        lists: Vec::new(),
        words: Vec::new(),
        is_joined: false,
        styles: Vec::new(),
        link: String::new(),
        code: None,
        was_code: false,
        cells: Vec::new(),
    };
    Parser::new_ext(page, Options::ENABLE_TABLES).for_each(|event| pen.event(event));
    pen.end_words();
    let text = pen.out.trim_start_matches('\n').trim_end();
    format!("{text}\n")
}

impl Pen {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => self.inline_code(&text),
            Event::SoftBreak => self.is_joined = false,
            Event::HardBreak => self.end_lines(),
            Event::Rule => {
                self.gap();
                let line = "─".repeat(self.width.min(20));
                self.line(&self.look.styled(|palette| palette.faint, &line));
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.gap();
                self.push_style(|palette| palette.title);
            }
            Tag::Paragraph if !self.is_block_begun() => self.gap(),
            Tag::BlockQuote(_) => {
                self.gap();
                self.indents.push(("▸ ".to_owned(), "  ".to_owned()));
            }
            Tag::CodeBlock(kind) => {
                self.end_words();
                let fence = match kind {
                    CodeBlockKind::Fenced(info) => Fence::of(&info),
                    CodeBlockKind::Indented => Fence::Other,
                };
                self.code = Some((fence, String::new()));
            }
            Tag::List(first) => {
                self.end_words();
                if self.lists.is_empty() {
                    self.gap();
                }
                self.lists.push(first);
            }
            Tag::Item => self.begin_item(),
            Tag::Emphasis => self.push_style(|palette| palette.emphasis),
            Tag::Strong => self.push_style(|palette| palette.title),
            Tag::Link { dest_url, .. } => self.link = dest_url.into_string(),
            Tag::Table(_) => self.gap(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.end_words();
                self.styles.pop();
            }
            TagEnd::Paragraph => self.end_words(),
            TagEnd::BlockQuote(_) => {
                self.end_words();
                self.indents.pop();
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Item => {
                self.end_words();
                self.indents.pop();
            }
            TagEnd::Emphasis | TagEnd::Strong => {
                self.styles.pop();
            }
            TagEnd::Link => {
                let url = std::mem::take(&mut self.link);
                let is_shown = self.words.last().is_some_and(|word| url.contains(&word.text));
                if url.contains("://") && !is_shown {
                    self.is_joined = false;
                    self.text(&format!("({url})"));
                }
            }
            TagEnd::TableCell => {
                let cell: Vec<_> = self.words.drain(..).map(|word| word.text).collect();
                self.cells.push(cell.join(" "));
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                let cells = std::mem::take(&mut self.cells).join("   ");
                self.text(&cells);
                self.end_words();
            }
            _ => {}
        }
    }

    fn push_style(&mut self, style: fn(Palette) -> &'static str) {
        self.styles.push(self.look.palette.map_or("", style));
    }

    fn begin_item(&mut self) {
        self.end_words();
        let sign = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_owned(),
        };
        let others = " ".repeat(columns(&sign));
        self.indents.push((sign, others));
    }

    /// True at the first paragraph of an item or quotation, whose sign is not written yet.
    fn is_block_begun(&self) -> bool {
        self.indents.last().is_some_and(|(first, others)| first != others)
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        let style = self.styles.last().copied().unwrap_or_default();
        self.is_joined &= !text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            self.words.push(Word { text: word.to_owned(), style, is_joined: self.is_joined });
            self.is_joined = false;
        }
        self.is_joined = !text.is_empty() && !text.ends_with(char::is_whitespace);
    }

    /// Code in prose: without colours it keeps its quotes. Short code is not divided.
    fn inline_code(&mut self, text: &str) {
        let style = self.look.palette.map_or("", |palette| palette.code);
        let text = if style.is_empty() { format!("`{text}`") } else { text.to_owned() };
        let room = self.width.saturating_sub(8);
        let words: Vec<&str> = if columns(&text) <= room { vec![&text] } else { text.split(' ').collect() };
        for word in words {
            self.words.push(Word { text: word.to_owned(), style, is_joined: self.is_joined });
            self.is_joined = false;
        }
        self.is_joined = true;
    }

    fn end_code(&mut self) {
        let Some((fence, code)) = self.code.take() else { return };
        let follows = self.was_code && !fence.lead().is_empty();
        if !follows {
            self.gap();
        }
        let mut lead = fence.lead();
        for line in code.lines() {
            let text = format!("{}{line}", std::mem::take(&mut lead));
            for line in divided(&text, self.room(CODE.len())) {
                let line = fence.styled(&line, self.look);
                self.line(&if line.is_empty() { line } else { format!("{CODE}{line}") });
            }
        }
        self.was_code = true;
    }

    /// The columns that are left beside the indentation and this.
    fn room(&self, beside: usize) -> usize {
        let taken: usize = self.indents.iter().map(|(_, others)| columns(others)).sum();
        self.width.saturating_sub(taken + beside).max(LEAST)
    }

    /// Writes the words so far as lines.
    fn end_words(&mut self) {
        if !self.words.is_empty() {
            self.end_lines();
        }
        self.is_joined = false;
    }

    fn end_lines(&mut self) {
        let (room, words) = (self.room(0), std::mem::take(&mut self.words));
        let (mut line, mut taken) = (String::new(), 0);
        for (index, word) in words.iter().enumerate() {
            let gap = usize::from(taken > 0 && !word.is_joined);
            // Joined texts stay together.
            let joined = words[index + 1..].iter().take_while(|next| next.is_joined).map(|next| columns(&next.text));
            let length = columns(&word.text) + joined.sum::<usize>();
            if taken > 0 && !word.is_joined && taken + gap + length > room {
                self.line(&std::mem::take(&mut line));
                taken = 0;
            } else if gap > 0 {
                line.push(' ');
                taken += 1;
            }
            taken += columns(&word.text);
            match word.style {
                "" => line.push_str(&word.text),
                style => line.push_str(&format!("{style}{}{NORMAL}", word.text)),
            }
        }
        self.line(&line);
        self.is_joined = false;
        self.was_code = false;
    }

    /// An empty line before a block, unless it is the first.
    fn gap(&mut self) {
        self.end_words();
        let outer: String = self.indents.iter().map(|(_, others)| others.as_str()).collect();
        self.out.push_str(outer.trim_end());
        self.out.push('\n');
    }

    fn line(&mut self, text: &str) {
        for (first, others) in &mut self.indents {
            self.out.push_str(first);
            first.clone_from(others);
        }
        self.out.push_str(text);
        self.out.push('\n');
    }
}

/// A line of code in lines that fit, the later ones indented further.
fn divided(line: &str, room: usize) -> Vec<String> {
    if columns(line) <= room {
        return vec![line.to_owned()];
    }
    let begin = line.len() - line.trim_start().len();
    let indent = if begin + 2 + LEAST > room { 0 } else { begin + 2 };
    let (mut lines, mut current, mut is_empty) = (Vec::new(), " ".repeat(begin), true);
    for word in line.trim_start().split(' ') {
        if !is_empty && columns(&current) + 1 + columns(word) > room {
            lines.push(std::mem::replace(&mut current, " ".repeat(indent)));
            is_empty = true;
        }
        current.push_str(if is_empty { "" } else { " " });
        current.push_str(word);
        is_empty = false;
    }
    lines.push(current);
    lines
}
