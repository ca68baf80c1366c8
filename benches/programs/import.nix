# Many small files, each imported twice. The runner writes them.
{ n ? 1000 }:
let
  file = i: import (<files> + "/${toString i}.nix") { value = i; };
in
builtins.foldl' (sum: i: sum + (file i).next + (file i).value) 0 (builtins.genList (i: i) n)
