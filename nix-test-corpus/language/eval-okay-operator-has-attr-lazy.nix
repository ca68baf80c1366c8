# ? does not evaluate the attribute it looks for.
{ a = throw "not needed"; } ? a
