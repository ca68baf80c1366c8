# A dot, a space and a number are no selection.
let xs = [ 1 ]; in xs . 0
