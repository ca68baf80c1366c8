# The function of mapAttrs need not be evaluated before its calls are.
let
  choose = x: if x then (name: value: name + value) else throw "never";
in
[
  (builtins.mapAttrs (choose true) { a = "1"; })
  (builtins.attrNames (builtins.mapAttrs (throw "not needed") { a = 1; }))
  (builtins.mapAttrs (builtins.head [ choose ] true) { b = "2"; })
]
