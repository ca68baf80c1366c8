# The variable `or` is where its function begins.
x: [ (x 1 (2 or)) ]
