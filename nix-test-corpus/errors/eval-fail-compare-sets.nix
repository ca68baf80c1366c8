# Sets have no order.
{ a = 1; } <= { a = 2; }
