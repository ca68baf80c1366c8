# Global names without the builtins prefix.
[ (isNull null) (isNull 0) (toString true) (map (x: x) [ ]) (removeAttrs { a = 1; } [ "a" ]) (baseNameOf "/x") (dirOf "/x/y") ]
