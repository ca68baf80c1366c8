# Functions have no order.
(x: x) > (x: x)
