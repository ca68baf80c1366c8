# The one quotient that does not fit: the smallest integer divided by -1.
(-9223372036854775807 - 1) / -1
