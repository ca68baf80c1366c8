# Formals are separated by commas.
{ a b }: a
