# inherit can take names from a with.
with { x = 1; y = 2; };
{ inherit x; z = { inherit y; }; }
