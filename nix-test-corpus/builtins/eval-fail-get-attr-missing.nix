# getAttr of a name that is not there.
builtins.getAttr "zzz" { a = 1; }
