# The closure of a relation, each key once.
map (x: x.key) (builtins.genericClosure {
  startSet = [ { key = 27; } ];
  operator = { key }: if key == 1 then [ ] else [ { key = if builtins.bitAnd key 1 == 0 then key / 2 else 3 * key + 1; } ];
}) == map (x: x.key) (builtins.genericClosure {
  startSet = [ { key = 27; } { key = 27; } ];
  operator = { key }: if key == 1 then [ ] else [ { key = if builtins.bitAnd key 1 == 0 then key / 2 else 3 * key + 1; } ];
})
