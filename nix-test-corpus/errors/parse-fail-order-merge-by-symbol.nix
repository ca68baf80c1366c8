# Merging goes by the order of symbols, which is that of their first use.
{ s = { p = 1; q = 2; }; s = { q = 3; p = 4; }; }
