# Selection with names, strings, interpolations and defaults.
a: b: [ a.x a.x.y a."x y" a.${b} a."${b}" a."p${b}" (a.x or b) (a.x.y or b.z) ]
