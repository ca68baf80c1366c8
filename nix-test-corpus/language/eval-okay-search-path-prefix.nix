# prefix=folder in the search path answers <prefix> and <prefix/...>.
[ (import <lib/answer.nix>) (baseNameOf <lib>) (import <answer.nix>) ]
