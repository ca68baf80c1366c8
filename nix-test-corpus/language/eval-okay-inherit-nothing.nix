# inherit without names is allowed.
let
  inherit;
in
{ inherit; inherit ({ }); }
