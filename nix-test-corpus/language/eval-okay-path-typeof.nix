# Path literals are their own type, not strings.
map builtins.typeOf [ ./a /a ./a/b.nix ../x "/a" ]
