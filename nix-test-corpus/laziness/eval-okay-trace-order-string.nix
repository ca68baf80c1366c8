# The parts of a string are evaluated from left to right.
"${builtins.trace "one" "1"}-${builtins.trace "two" "2"}-${builtins.trace "three" "3"}"
