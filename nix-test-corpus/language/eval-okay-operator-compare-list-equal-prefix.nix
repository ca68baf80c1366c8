# Equal elements need not be comparable: only the first difference is ordered.
[ null { a = 1; } 1 ] < [ null { a = 1; } 2 ]
