# inherit cannot have computed names.
x: { inherit (x) ${"a" + "b"}; }
