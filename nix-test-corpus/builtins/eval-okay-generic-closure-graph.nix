# Walking a graph with cycles.
let
  graph = { a = [ "b" "c" ]; b = [ "d" ]; c = [ "d" "a" ]; d = [ "b" ]; e = [ ]; };
in
map (n: n.key) (builtins.genericClosure {
  startSet = [ { key = "a"; } ];
  operator = n: map (key: { inherit key; }) graph.${n.key};
})
