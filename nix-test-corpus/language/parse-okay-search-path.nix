# <x> is a call of __findFile.
[ <nixpkgs> <a/b.nix> ]
