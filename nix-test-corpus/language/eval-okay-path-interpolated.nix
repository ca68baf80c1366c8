# Interpolation inside a path literal gives a path.
let
  name = "file";
  sub = "a/b";
in
[ /dir/${name}.txt /${sub}/c /x${name}/y${"z"} (builtins.typeOf ./${name}) ]
