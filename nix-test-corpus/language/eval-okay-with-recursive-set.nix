# A with may name the set that is being defined, as long as evaluation terminates.
let
  pkgs = with pkgs; {
    a = 1;
    b = a + 1;
    c = [ a b ];
  };
in
pkgs
