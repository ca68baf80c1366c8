# Functions cannot be written as JSON.
builtins.toJSON { a = 1; nested.f = x: x; }
