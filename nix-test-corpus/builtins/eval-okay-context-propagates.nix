# Context follows through string operations.
let
  p = "/nix/store/00000000000000000000000000000000-a";
  q = "/nix/store/11111111111111111111111111111111-b";
  a = builtins.appendContext "aaa" { ${p}.path = true; };
  b = builtins.appendContext "bbb" { ${q}.path = true; };
  names = s: map (builtins.substring 44 1) (builtins.attrNames (builtins.getContext s));
in
{
  plus = names (a + b);
  interpolated = names "x${a}y";
  joined = names (builtins.concatStringsSep "," [ a b "c" ]);
  separator = names (builtins.concatStringsSep a [ "x" "y" ]);
  cut = names (builtins.substring 0 0 a);
  replaced = names (builtins.replaceStrings [ "x" ] [ b ] "axa");
  notReplaced = names (builtins.replaceStrings [ "q" ] [ b ] "axa");
  base = names (baseNameOf a);
  json = names (builtins.toJSON { x = a; y = [ b ]; });
  list = names (toString [ a b ]);
  discarded = names (builtins.unsafeDiscardStringContext (a + b));
  equal = a == "aaa";
}
