# Interpolations nest, and may hold quotes and braces of their own.
let
  name = "world";
in
"a ${"b ${"c ${name}"} ${({ x = "}"; }).x}"} d"
