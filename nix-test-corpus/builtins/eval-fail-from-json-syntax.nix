# JSON does not allow a trailing comma.
builtins.fromJSON "[1, 2, ]"
