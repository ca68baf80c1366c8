# A pattern fills one slot per name; a default is a delayed value of the same frame. The whole has a slot before them.
whole@{ first, second ? first + 1, third ? whole.fourth or null, ... }:
[ first second third ]
