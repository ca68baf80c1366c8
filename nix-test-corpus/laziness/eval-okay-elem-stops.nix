# elem stops at the first equal element.
builtins.elem 2 [ 1 2 (throw "not reached") ]
