# / wants numbers.
[ ] / 2
