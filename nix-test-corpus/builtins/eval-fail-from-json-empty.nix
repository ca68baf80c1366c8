# Nothing at all is no JSON value.
builtins.fromJSON ""
