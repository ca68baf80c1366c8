# Addition is built in: a local __add does not change it.
let
  __add = a: b: "never";
in
1 + 2
