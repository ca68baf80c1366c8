# Two different strings.
assert "left" == "right";
"unreachable"
