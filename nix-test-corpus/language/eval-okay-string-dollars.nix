# A dollar sign is special only directly before an opening brace.
let
  x = "value";
in
[ "$" "$$" "$x" "$${x}" "$$${x}" "a$" "\$" "{$}" "\${x}" "\$${x}" ]
