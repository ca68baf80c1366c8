# The order of pairs given to listToAttrs does not show in the set.
let
  pair = n: { name = n; value = "v${n}"; };
in
builtins.listToAttrs (map pair [ "c" "a" "b" ])
