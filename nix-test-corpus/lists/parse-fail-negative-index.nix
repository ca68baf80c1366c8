# A minus cannot follow the dot.
let xs = [ 1 ]; in xs.-1
