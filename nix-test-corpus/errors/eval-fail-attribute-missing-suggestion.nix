# Attributes with similar names are suggested.
let
  settings = { colour = "red"; color2 = "blue"; size = 1; };
in
settings.color
