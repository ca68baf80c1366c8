# Defaults are bound in the order of symbols.
{ zebra ? missing1, map ? missing2 }: zebra
