# A fixed point of layered sets: later layers see and replace earlier ones.
let
  fix = f: let x = f x; in x;
  compose = layers: final: builtins.foldl' (prev: layer: prev // layer final prev) { } layers;
in
fix (compose [
  (final: prev: { version = "1.0"; name = "tool-${final.version}"; })
  (final: prev: { version = prev.version + ".1"; })
  (final: prev: { full = "${final.name} (${prev.version})"; })
])
