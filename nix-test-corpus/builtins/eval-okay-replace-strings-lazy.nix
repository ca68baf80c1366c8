# A replacement is evaluated only if its pattern is found.
builtins.replaceStrings [ "a" "zzz" ] [ "A" (throw "not needed") ] "banana"
