# A function in a string is often a forgotten argument.
let
  describe = x: "it is ${x}";
in
"so: ${describe}"
