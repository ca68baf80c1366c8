# An inherited name that is also bound.
x: { inherit x; x = 1; }
