# Negating the smallest integer is 0 minus it.
-(-9223372036854775807 - 1)
