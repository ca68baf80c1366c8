# Recursion that branches: calls and small integers.
{ n ? 200 }:
let
  fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2);
in
builtins.foldl' (sum: i: sum + fib 15) 0 (builtins.genList (i: i) n)
