# Paths are made absolute while parsing; interpolated paths stay concatenations.
x: [ /a/./b/../c ./. ./sub/../sibling ./dir/${x}.nix /abs/${x}/y ]
