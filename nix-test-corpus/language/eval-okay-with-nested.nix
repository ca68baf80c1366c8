# Of several with, the innermost that has the name wins.
with { a = "outer a"; b = "outer b"; };
with { a = "inner a"; };
[ a b ]
