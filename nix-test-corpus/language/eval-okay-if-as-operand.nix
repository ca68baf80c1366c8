# In parentheses an if can be used like any operand.
[ (1 + (if true then 2 else 3)) (if 1 == 1 then [ ] else { }) ((if false then 1 else 2) * 10) ]
