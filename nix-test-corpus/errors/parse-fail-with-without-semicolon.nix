# with needs a semicolon.
with { } 1
