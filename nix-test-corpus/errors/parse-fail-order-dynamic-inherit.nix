# A computed name that is inherited is told at once.
{ inherit ${"a" + "b"} }
