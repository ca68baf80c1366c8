# groupBy keeps the order of the list within each group.
builtins.groupBy (x: if x < 3 then "small" else "large") [ 5 1 4 2 3 0 ]
