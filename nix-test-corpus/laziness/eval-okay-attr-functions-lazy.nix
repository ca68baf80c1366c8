# Functions on sets do not evaluate the values.
let
  s = { a = throw "a"; b = throw "b"; };
in
{
  names = builtins.attrNames s;
  count = builtins.length (builtins.attrValues s);
  rest = builtins.attrNames (removeAttrs s [ "a" ]);
  both = builtins.attrNames (builtins.intersectAttrs { b = throw "other b"; } s);
  has = builtins.hasAttr "a" s;
  cat = builtins.length (builtins.catAttrs "a" [ s s { } ]);
}
