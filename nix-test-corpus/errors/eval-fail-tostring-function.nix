# toString cannot show a function.
toString (x: x)
