# Selection through nested sets, with defaults and tests for presence.
{ n ? 200000 }:
let
  deep = { a.b.c.d = 1; };
  step = sum: i: sum + deep.a.b.c.d + (deep.a.x or 0) + (if deep ? a.b.y then 1 else 0);
in
builtins.foldl' step 0 (builtins.genList (i: i) n)
