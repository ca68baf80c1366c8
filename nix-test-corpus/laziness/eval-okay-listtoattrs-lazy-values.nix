# listToAttrs needs the names, not the values.
builtins.attrNames (builtins.listToAttrs [
  { name = "b"; value = throw "no"; }
  { name = "a"; value = throw "no"; }
])
