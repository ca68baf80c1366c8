# A strict fold that makes a set at each step, and needs it no more at the next.
{ n ? 300000 }:
(builtins.foldl' (before: i: { sum = before.sum + i; last = [ i ]; }) { sum = 0; last = [ ]; } (builtins.genList (x: x) n)).sum
