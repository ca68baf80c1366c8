# The same formal twice.
{ a, b, a }: a
