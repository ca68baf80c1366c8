# * wants numbers.
2 * null
