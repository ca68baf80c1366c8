# Literals are constants of the unit, and so are paths and the empty list. Parentheses, comments and spelling are gone.
[ 1 (007) 1.50 "text" ''
  indented
'' ./a/../b [ ] null true builtins ]
