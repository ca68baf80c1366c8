# Lengths around the block sizes of the algorithms.
let
  repeat = n: builtins.concatStringsSep "" (builtins.genList (_: "a") n);
  hash = t: n: builtins.substring 0 16 (builtins.hashString t (repeat n));
in
map (t: map (hash t) [ 55 56 63 64 65 111 112 127 128 129 1000 ]) [ "md5" "sha1" "sha256" "sha512" ]
