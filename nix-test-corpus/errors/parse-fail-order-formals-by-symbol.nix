# Of two formals that are there twice, the one whose symbol is older is told.
{ zebra, map, zebra, map }: 1
