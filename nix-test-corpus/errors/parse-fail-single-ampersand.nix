# & alone is no operator.
true & false
