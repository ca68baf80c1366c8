//! A parser of `.drv` files.

use super::derivation::{Derivation, InputDerivation, Output, Uses, Variable};
use super::path::StorePath;

type Bytes = Vec<u8>;

/// A derivation as written in its file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StoredDerivation {
    /// Its outputs.
    pub outputs: Vec<StoredOutput>,
    /// Paths of the derivations it uses, with the names of their outputs.
    pub input_derivations: Vec<(Bytes, StoredUses)>,
    /// Other paths it uses.
    pub input_sources: Vec<Bytes>,
    system: Bytes,
    builder: Bytes,
    arguments: Vec<Bytes>,
    environment: Vec<(Bytes, Bytes)>,
}

/// The used outputs of a derivation, as written in the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StoredUses {
    /// The names of the outputs.
    pub outputs: Vec<Bytes>,
    /// Outputs that are derivations themselves, with their own used outputs.
    pub nested: Vec<(Bytes, StoredUses)>,
}

impl StoredUses {
    fn borrowed(&self) -> Uses<'_> {
        Uses {
            outputs: self.outputs.iter().map(Vec::as_slice).collect(),
            nested: self.nested.iter().map(|(name, uses)| (&**name, uses.borrowed())).collect(),
        }
    }

    /// Calls `visit` with each used output and the derivation that has it, of which `derivation` is the first.
    pub fn visit(&self, derivation: &[u8], visit: &mut impl FnMut(&[u8], &[u8])) {
        self.outputs.iter().for_each(|output| visit(derivation, output));
        for (output, uses) in &self.nested {
            uses.visit(&[derivation, b"^", output].concat(), visit);
        }
    }
}

/// An output as written in the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StoredOutput {
    /// Its name.
    pub name: Bytes,
    /// Its path; empty if it is known only after the build.
    pub path: Bytes,
    /// Its hash method and algorithm, for example `r:sha256`; empty unless its contents are fixed or floating.
    pub algorithm: Bytes,
    /// The hash of its contents if they are fixed.
    pub hash: Bytes,
}

impl StoredDerivation {
    /// Parses a text. `None` if it is not in the form that this program writes.
    pub fn read(text: &[u8]) -> Option<Self> {
        let nested = text.strip_prefix(b"DrvWithVersion(\"xp-dyn-drv\",");
        let uses = if nested.is_some() { Reader::nested_uses } else { Reader::uses };
        let mut reader = Reader { rest: nested.or_else(|| text.strip_prefix(b"Derive("))? };
        let outputs = reader.list(Reader::output)?;
        reader.expect(b",")?;
        let input_derivations = reader.list(|reader| reader.pair(Reader::plain, uses))?;
        reader.expect(b",")?;
        let input_sources = reader.list(Reader::plain)?;
        reader.expect(b",")?;
        let system = reader.plain()?;
        reader.expect(b",")?;
        let builder = reader.string()?;
        reader.expect(b",")?;
        let arguments = reader.list(Reader::string)?;
        reader.expect(b",")?;
        let environment = reader.list(|reader| reader.pair(Reader::string, Reader::string))?;
        reader.expect(b")")?;
        let whole = Self { outputs, input_derivations, input_sources, system, builder, arguments, environment };
        reader.rest.is_empty().then_some(whole)
    }

    /// All paths it uses, sorted.
    pub fn references(&self) -> Vec<&[u8]> {
        let derivations = self.input_derivations.iter().map(|input| &*input.0);
        let mut all: Vec<_> = self.input_sources.iter().map(Vec::as_slice).chain(derivations).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The paths of the outputs.
    pub fn paths(&self) -> Vec<Option<StorePath>> {
        let path = |output: &StoredOutput| (!output.path.is_empty()).then(|| output.path.as_slice().into());
        self.outputs.iter().map(path).collect()
    }

    /// Makes it use only this output of a derivation.
    pub fn use_output(&mut self, derivation: &[u8], output: &[u8]) {
        let outputs = StoredUses { outputs: vec![output.to_vec()], nested: Vec::new() };
        match self.input_derivations.binary_search_by_key(&derivation, |input| &input.0) {
            Ok(index) => self.input_derivations[index].1 = outputs,
            Err(index) => self.input_derivations.insert(index, (derivation.to_vec(), outputs)),
        }
    }

    /// Replaces the paths of the outputs.
    pub fn set_paths(&mut self, paths: Vec<Option<StorePath>>) {
        for (output, path) in self.outputs.iter_mut().zip(paths) {
            output.path = path.map(Vec::from).unwrap_or_default();
            if let Some(variable) = self.environment.iter_mut().find(|variable| variable.0 == output.name) {
                variable.1.clone_from(&output.path);
            }
        }
    }

    /// The program that builds it.
    pub fn builder(&self) -> &[u8] {
        &self.builder
    }

    /// Replaces the arguments of the program.
    pub fn set_arguments(&mut self, arguments: Vec<Bytes>) {
        self.arguments = arguments;
    }

    /// The value of a variable.
    pub fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        let found = self.environment.binary_search_by_key(&name, |variable| &variable.0);
        found.ok().map(|index| &*self.environment[index].1)
    }

    /// Sets a variable, or removes it.
    pub fn set_variable(&mut self, name: &[u8], value: Option<Bytes>) {
        match (self.environment.binary_search_by_key(&name, |variable| &variable.0), value) {
            (Ok(index), Some(value)) => self.environment[index].1 = value,
            (Ok(index), None) => drop(self.environment.remove(index)),
            (Err(index), Some(value)) => self.environment.insert(index, (name.to_vec(), value)),
            (Err(_), None) => {}
        }
    }

    /// Replaces a text in the values of all variables.
    pub fn replace_text(&mut self, from: &[u8], to: &[u8]) {
        for (_, value) in &mut self.environment {
            while let Some(at) = memchr::memmem::find(value, from) {
                value.splice(at..at + from.len(), to.iter().copied());
            }
        }
    }

    /// Makes it use another path that is not an output.
    pub fn use_source(&mut self, path: &[u8]) {
        if let Err(index) = self.input_sources.binary_search_by_key(&path, |source| source) {
            self.input_sources.insert(index, path.to_vec());
        }
    }

    /// Leaves it to the inputs where its outputs lie, whatever decided that before.
    pub fn place_by_inputs(&mut self) {
        for index in 0..self.outputs.len() {
            let output = &mut self.outputs[index];
            (output.path, output.algorithm, output.hash) = Default::default();
            let name = output.name.clone();
            self.set_variable(&name, Some(Vec::new()));
        }
    }

    /// True if the paths of its outputs are computed from its inputs.
    pub fn is_by_inputs(&self) -> bool {
        self.outputs.iter().all(|output| output.algorithm.is_empty() && !output.path.is_empty())
    }

    /// The same derivation, with the kind of its outputs left open and their paths as plain texts in the environment.
    pub fn borrowed<'a>(&'a self, name: &'a [u8]) -> Derivation<'a> {
        Derivation {
            name,
            outputs: self.outputs.iter().map(|output| (&*output.name, Output::ByInputs)).collect(),
            input_derivations: self.input_derivations.iter().map(borrowed_input).collect(),
            input_sources: self.input_sources.iter().map(Vec::as_slice).collect(),
            system: &self.system,
            builder: &self.builder,
            arguments: self.arguments.iter().map(Vec::as_slice).collect(),
            environment: self.environment.iter().map(|(name, value)| (&**name, Variable::Text(value))).collect(),
        }
    }
}

impl StoredDerivation {
    /// The same derivation with open output paths in its environment too, for outputs whose paths are computed from
    /// its inputs.
    pub fn open<'a>(&'a self, name: &'a [u8]) -> Derivation<'a> {
        let mut derivation = self.borrowed(name);
        for (variable, value) in &mut derivation.environment {
            if let Some(index) = self.outputs.iter().position(|output| output.name == *variable) {
                *value = Variable::Output(index);
            }
        }
        derivation
    }
}

fn borrowed_input((path, uses): &(Bytes, StoredUses)) -> InputDerivation<'_> {
    InputDerivation { path, uses: uses.borrowed() }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn expect(&mut self, text: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn string(&mut self) -> Option<Bytes> {
        self.expect(b"\"")?;
        let mut text = Vec::new();
        loop {
            let length = self.rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            text.extend_from_slice(&self.rest[..length]);
            let quote = self.rest[length];
            self.rest = &self.rest[length + 1..];
            if quote == b'"' {
                return Some(text);
            }
            let (letter, rest) = self.rest.split_first()?;
            text.push(match letter {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                other => *other,
            });
            self.rest = rest;
        }
    }

    /// A text of the kind that is written as it is: a path, the name of an output, a hash, a system.
    fn plain(&mut self) -> Option<Bytes> {
        self.expect(b"\"")?;
        let length = self.rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        let text = self.rest[..length].to_vec();
        self.rest = self.rest[length..].strip_prefix(b"\"")?;
        Some(text)
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.expect(b"[")?;
        let mut items = Vec::new();
        while self.expect(b"]").is_none() {
            if !items.is_empty() {
                self.expect(b",")?;
            }
            items.push(item(self)?);
        }
        Some(items)
    }

    /// A text and another item, in parentheses.
    fn pair<T>(
        &mut self,
        first: impl FnOnce(&mut Self) -> Option<Bytes>,
        second: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<(Bytes, T)> {
        self.expect(b"(")?;
        let first = first(self)?;
        self.expect(b",")?;
        let second = second(self)?;
        self.expect(b")")?;
        Some((first, second))
    }

    fn uses(&mut self) -> Option<StoredUses> {
        Some(StoredUses { outputs: self.list(Self::plain)?, nested: Vec::new() })
    }

    /// Used outputs in the form of derivations that use outputs of outputs: those have a list of their own.
    fn nested_uses(&mut self) -> Option<StoredUses> {
        if self.rest.starts_with(b"[") {
            return self.uses();
        }
        self.expect(b"(")?;
        let outputs = self.list(Self::plain)?;
        self.expect(b",")?;
        let nested = self.list(|reader| reader.pair(Self::plain, Self::nested_uses))?;
        self.expect(b")")?;
        Some(StoredUses { outputs, nested })
    }

    fn output(&mut self) -> Option<StoredOutput> {
        self.expect(b"(")?;
        let name = self.plain()?;
        self.expect(b",")?;
        let path = self.plain()?;
        self.expect(b",")?;
        let algorithm = self.plain()?;
        self.expect(b",")?;
        let hash = self.plain()?;
        self.expect(b")")?;
        Some(StoredOutput { name, path, algorithm, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_written() {
        let text = br#"Derive([("out","/s/o","","")],[("/s/a.drv",["dev","out"])],["/s/x"],"s","b",["1","\n\"\\"],[("out","/s/o")])"#;
        let read = StoredDerivation::read(text).expect("a derivation");
        assert_eq!(read.outputs[0].path, b"/s/o");
        assert_eq!(
            read.input_derivations,
            [(
                b"/s/a.drv".to_vec(),
                StoredUses { outputs: vec![b"dev".to_vec(), b"out".to_vec()], nested: Vec::new() }
            )]
        );
        assert_eq!(read.arguments, [b"1".to_vec(), b"\n\"\\".to_vec()]);
        assert_eq!(read.borrowed(b"n").text(&read.paths()).as_ref(), text);
        let nested = br#"DrvWithVersion("xp-dyn-drv",[("out","","","")],[("/s/a.drv",(["o"],[("x",(["y"],[("z",["z"])]))]))],[],"s","b",[],[])"#;
        let read = StoredDerivation::read(nested).expect("a derivation");
        assert_eq!(read.borrowed(b"n").text(&read.paths()).as_ref(), nested);
        let mut used = Vec::new();
        read.input_derivations[0].1.visit(b"a", &mut |derivation, output| {
            used.push([derivation, b"!", output].concat());
        });
        assert_eq!(used, [&b"a!o"[..], b"a^x!y", b"a^x^z!z"]);
        assert_eq!(StoredDerivation::read(&text[..text.len() - 1]), None);
        assert_eq!(StoredDerivation::read(b"Derive([("), None);
        assert_eq!(StoredDerivation::read(br#"Derive([("out","/s/\\o","","")],[],[],"s","b",[],[])"#), None);
    }
}
