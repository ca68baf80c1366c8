# The type predicates, on one value of each type.
let
  values = [ 1 1.5 "s" true null [ ] { } (x: x) /p ];
  table = {
    inherit (builtins) isInt isFloat isString isBool isNull isList isAttrs isFunction isPath;
  };
in
builtins.mapAttrs (n: f: map f values) table
