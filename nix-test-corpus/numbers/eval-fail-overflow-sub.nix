# Nor does subtraction.
-9223372036854775807 - 2
