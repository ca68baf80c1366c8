# The whole argument can be named before or after the pattern.
[
  ((args@{ a, ... }: [ a args.b ]) { a = 1; b = 2; })
  (({ a, ... }@args: [ a args.b ]) { a = 3; b = 4; })
]
