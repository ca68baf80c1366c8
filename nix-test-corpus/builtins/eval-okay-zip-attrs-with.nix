# zipAttrsWith merges a list of sets.
[
  (builtins.zipAttrsWith (name: values: { inherit name values; }) [ { a = 1; } { a = 2; b = 3; } ])
  (builtins.zipAttrsWith (n: vs: vs) [ ])
  (builtins.zipAttrsWith (n: vs: builtins.head vs) [ { x = "first"; } { x = "second"; } ])
]
