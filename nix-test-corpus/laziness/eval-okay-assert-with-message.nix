# The condition of an assert is evaluated before its body.
assert builtins.trace "condition" true;
builtins.trace "body" 1
