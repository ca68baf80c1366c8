# inherit takes names, not paths.
x: { inherit x.y; }
