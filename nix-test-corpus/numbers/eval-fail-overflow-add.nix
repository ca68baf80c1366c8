# Addition does not wrap around.
9223372036854775807 + 1
