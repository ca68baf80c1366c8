# A transitive closure.
{ n ? 20000 }:
let
  next = { key }: if key < n then [ { key = key + 1; } { key = key + 7; } ] else [ ];
in
builtins.length (builtins.genericClosure { startSet = [ { key = 0; } ]; operator = next; })
