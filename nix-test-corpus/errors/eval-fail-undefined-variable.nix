# A name that is bound nowhere.
let
  known = 1;
in
knwon
