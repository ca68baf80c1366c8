# There is no unary multiplication.
* 2
