# builtins contains itself and can be extended.
let
  inherit (builtins.builtins.builtins) length;
  extended = builtins // { twice = x: x * 2; };
in
[ (length [ 1 2 ]) (extended.twice 4) (builtins ? twice) (builtins ? length) ]
