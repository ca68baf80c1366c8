# - wants numbers.
"5" - 3
