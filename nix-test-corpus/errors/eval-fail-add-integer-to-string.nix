# A string cannot take an integer.
"total: " + 5
