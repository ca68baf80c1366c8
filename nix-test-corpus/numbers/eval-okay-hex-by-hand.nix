# Writing a number in base 16.
let
  digits = [ "0" "1" "2" "3" "4" "5" "6" "7" "8" "9" "a" "b" "c" "d" "e" "f" ];
  hex = n: (if n < 16 then "" else hex (n / 16)) + builtins.elemAt digits (builtins.bitAnd n 15);
in
map hex [ 0 10 255 4096 3735928559 ]
