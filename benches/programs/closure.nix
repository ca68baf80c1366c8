# A transitive closure.
let
  next = { key }: if key < 20000 then [ { key = key + 1; } { key = key + 7; } ] else [ ];
in
builtins.length (builtins.genericClosure { startSet = [ { key = 0; } ]; operator = next; })
