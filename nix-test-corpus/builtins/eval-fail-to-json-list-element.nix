# The trace leads to the element.
builtins.toJSON [ 1 [ 2 (throw "inside") ] ]
