# A folder given with -I is searched for <name>.
[
  (import <answer.nix>)
  (import <nested/answer.nix>)
  (baseNameOf <answer.nix>)
]
