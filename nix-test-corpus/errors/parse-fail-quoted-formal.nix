# Formals cannot be quoted.
{ "a" }: 1
