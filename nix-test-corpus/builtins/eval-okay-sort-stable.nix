# Elements that compare equal keep their order.
map (x: x.id) (builtins.sort (a: b: a.k < b.k) [
  { k = 2; id = "2a"; } { k = 1; id = "1a"; } { k = 2; id = "2b"; } { k = 1; id = "1b"; }
  { k = 0; id = "0a"; } { k = 2; id = "2c"; } { k = 1; id = "1c"; }
])
