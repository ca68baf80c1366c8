# A required argument is missing from the set.
let
  greet = { name, greeting }: "${greeting}, ${name}";
in
greet { name = "you"; }
