# The second interpolation of a string.
"${"a"}b${x: x}c"
