# if needs then.
if true 1 else 2
