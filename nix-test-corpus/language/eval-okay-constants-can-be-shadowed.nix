# Because the constants are names, a binding may give them another meaning.
let
  true = "yes";
  null = 0;
in
[ true null (1 == 1) ]
