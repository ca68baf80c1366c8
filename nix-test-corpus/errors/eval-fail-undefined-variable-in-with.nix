# Under a with, a missing name is noticed only when it is evaluated.
with { a = 1; };
[ a b ]
