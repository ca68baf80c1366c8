# The condition is shown in the form the parser gave it.
assert builtins.isString 1 && true;
"unreachable"
