//! Files that need not be parsed, because their lowered form is in a cache.
//!
//! A cached file behaves like a parsed one: its text is added to the sources, its warnings are shown, and its names
//! become symbols in the same order. So it is not visible whether a file was parsed.

use super::load::Inputs;
use crate::BUILD;
use crate::cache::{Cache, Entry, Key, StampId};
use crate::error::Result;
use crate::eval::Eval;
use crate::eval::unit::LoadedUnit;
use crate::heap::Value;
use crate::io::{Io, Stamp};
use crate::ir::Unit;
use crate::path::parent;
use crate::source::{Origin, SourceText, Text};
use crate::world::view::WorldView;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// A cache, and the salt of its keys.
#[derive(Debug)]
pub(crate) struct Caching {
    cache: Rc<dyn Cache>,
    salt: OnceCell<Salt>,
    /// The buffer that units are read into.
    room: RefCell<Vec<u8>>,
}

/// A digest of everything but the text that lowering depends on.
type Salt = [u8; 32];

impl Caching {
    pub(crate) fn new(cache: Rc<dyn Cache>) -> Self {
        Self { cache, salt: OnceCell::new(), room: RefCell::default() }
    }
}

fn key_of(salt: &Salt, text: &[u8]) -> Key {
    Key(blake3::keyed_hash(salt, text).into())
}

/// A text fetched on demand: from the cache, which has it unchanged, or else from its file.
fn stored_text(
    cache: Rc<dyn Cache>,
    world: Rc<WorldView>,
    salt: Salt,
    key: Key,
    path: Vec<u8>,
) -> impl Fn() -> Option<Vec<u8>> {
    move || {
        let is_it = |text: &Vec<u8>| key_of(&salt, text) == key;
        cache.text(&key).filter(is_it).or_else(|| world.read_file(&path).ok().filter(is_it))
    }
}

impl<'h> Eval<'h> {
    /// The thunk of a file's value.
    pub(in crate::eval) fn load_through_cache(&mut self, path: &[u8], caching: &'h Caching) -> Result<Value<'h>> {
        let unit = self.cached_unit(path, caching)?;
        Ok(self.instantiate(unit, &Inputs::default()))
    }

    fn cached_unit(&mut self, path: &[u8], caching: &'h Caching) -> Result<&'h LoadedUnit> {
        let salt = caching.salt.get_or_init(|| self.salt());
        let (place, status) = self.follow(path)?;
        let stamp = status.and_then(|status| self.stamp_id(status.stamp?, salt));
        if let Some(key) = stamp.and_then(|stamp| caching.cache.key(&stamp))
            && let Some((ir, text_len)) = find(caching, &key)
        {
            if let Some(stamp) = status.and_then(|status| status.stamp) {
                self.shared.world.rely_on(&place, stamp);
            }
            let text =
                stored_text(Rc::clone(&caching.cache), Rc::clone(&self.shared.world), *salt, key, place.into_owned());
            return self.link_found(path, ir, Text::later(text_len, text));
        }
        let text: Arc<[u8]> = self.read_file(path)?.into();
        let key = key_of(salt, &text);
        let unit = match find(caching, &key) {
            Some((ir, _)) => self.link_found(path, ir, Arc::clone(&text).into())?,
            None => {
                let source = self.shared.sources.add(Origin::File(path.to_vec()), Arc::clone(&text).into());
                let (ir, encoded) = self.lower_file(path, &source)?;
                if let Some(encoded) = encoded.or_else(|| ir.encode()) {
                    caching.cache.add(key, encoded, text);
                }
                self.link(ir, source, parent(path))?
            }
        };
        if let Some(stamp) = stamp {
            caching.cache.add_stamp(stamp, key);
        }
        Ok(unit)
    }

    fn link_found(&mut self, path: &[u8], ir: Unit, text: Text) -> Result<&'h LoadedUnit> {
        let source: Rc<SourceText> = self.shared.sources.add(Origin::File(path.to_vec()), text);
        self.tell_warnings(&source, &ir.warnings);
        self.link(ir, source, parent(path))
    }

    /// A fingerprint of the file's state; `None` if a later write could leave the same stamp.
    fn stamp_id(&self, stamp: Stamp, salt: &Salt) -> Option<StampId> {
        let looked_at = self.shared.world.statuses().since()?;
        let digest = stamp.is_settled(looked_at).then(|| blake3::keyed_hash(salt, &stamp.to_bytes()))?;
        digest.as_bytes().first_chunk().copied()
    }

    /// The digest of the options for lowering files.
    fn salt(&self) -> Salt {
        let inputs = Inputs::default();
        let options = self.file_options(b"", &inputs, |options| {
            format!("{BUILD} {:?} {} {:?}", options.home, options.pipe_operators, options.lints)
        });
        let mut hasher = blake3::Hasher::new();
        hasher.update(options.as_bytes());
        let globals = self.shared.globals.borrow();
        let mut globals: Vec<_> = globals.iter().map(|(symbol, root)| (*symbol, self.scope.root(*root))).collect();
        globals.sort_unstable_by_key(|(symbol, _)| *symbol);
        let members = self.shared.builtins_set.get().and_then(|root| self.scope.root(*root).as_attrs());
        let members = members.iter().flat_map(|set| set.iter()).map(|(symbol, value, _)| (symbol, value));
        for (symbol, value) in globals.into_iter().chain(members) {
            hasher
                .update(self.symbol_text(symbol))
                .update(&[0, self.builtin_arity(value).map_or(0, |arity| arity as u8 + 1)]);
        }
        hasher.finalize().into()
    }
}

/// The unit that a cache has under a key.
fn find(caching: &Caching, key: &Key) -> Option<(Unit, u32)> {
    /// The buffer is kept up to this size, in bytes.
    const USUAL: usize = 256 << 10;
    let mut room = caching.room.borrow_mut();
    let Entry { unit, text_len } = caching.cache.entry(key, &mut room)?;
    let unit = Unit::decode(unit);
    if unit.is_none() {
        caching.cache.refuse(key);
    }
    if room.len() > USUAL {
        *room = Vec::new();
    }
    Some((unit?, text_len))
}
