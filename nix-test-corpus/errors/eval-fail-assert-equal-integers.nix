# A failed equality says what the two sides are.
assert 1 + 1 == 3;
"unreachable"
