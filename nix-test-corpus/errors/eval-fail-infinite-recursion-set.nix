# An attribute of a rec set that needs itself.
rec { a = b; b = a; }
