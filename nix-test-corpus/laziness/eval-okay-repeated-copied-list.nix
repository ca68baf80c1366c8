# Lists are repeated where the same variable is printed again, not where its list was passed on.
let
  list = builtins.genList (i: i) 3;
  others = builtins.filter (i: i > 5) list;
  optionals = condition: xs: if condition then xs else [ ];
  head = xs: builtins.elemAt xs 0;
in
if list == others then
  [ ]
else
  [
    {
      a = list ++ others;
      b = list;
      c = list;
      d = [ ] ++ list;
      e = list ++ list;
    }
    {
      a = list;
      b = optionals true list;
      c = if list == [ ] then others else list;
    }
    (rec {
      members = list ++ [ 3 ];
      again = {
        inherit members;
        all = [ members ];
      };
      once = members ++ others;
    })
    {
      x = let inner = [ 1 2 ]; in builtins.seq inner { a = inner; b = inner; c = inner ++ [ ]; };
      y = head [ list list (list ++ [ ]) ];
    }
  ]
