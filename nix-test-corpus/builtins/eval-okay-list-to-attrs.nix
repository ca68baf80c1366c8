# Of equal names the first one counts; other attributes are ignored.
builtins.listToAttrs [
  { name = "a"; value = "first"; extra = 1; }
  { name = "b c"; value = null; }
  { name = "a"; value = throw "second"; }
]
