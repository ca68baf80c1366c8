# <x> calls whatever __findFile and __nixPath mean where it is written.
let
  __nixPath = [ "my" "path" ];
  __findFile = path: name: { inherit path name; };
in
<some/file>
