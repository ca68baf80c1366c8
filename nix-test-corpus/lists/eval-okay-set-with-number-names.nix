# Only a set can have attributes named by numbers, always quoted.
let
  s = { "0" = "zero"; "1".x = "one"; };
in
[ s."0" s.${toString 0} s."1".x (s ? "1") (s."2" or "none") ]
