# The failing operand of a sum is pointed at.
1 + throw "operand"
