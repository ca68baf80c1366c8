# import evaluates a file; a folder means its default.nix.
[
  (import ./data/answer.nix)
  (import ./data/nested)
  ((import ./data/function.nix) { greeting = "hi"; })
]
