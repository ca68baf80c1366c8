# The flakes and other trees of a lock file, by the names of its nodes; each is made when somebody asks for it.
#
# A node says what it `isFlake`, which node each of its `inputs` is, the `dir` in its tree, and where that tree comes from:
# it is at hand (`tree`), a folder in the tree of another node (`parent`, `path`), or to be fetched (`locked`).
fetch: nodes:
let
  below = folder: name: if name == "" then folder else folder + "/" + name;

  places = builtins.mapAttrs (_: placeOf) nodes;

  placeOf =
    node:
    let
      parent = places.${node.parent};
      sourceInfo = node.tree or (if node ? parent then parent.sourceInfo else fetch node.locked);
      start = if node ? parent then below parent.outPath node.path else sourceInfo.outPath;
    in
    {
      inherit sourceInfo;
      outPath = below start node.dir;
    };

  everything = builtins.mapAttrs (name: node: (if node.isFlake then flakeIn else treeIn) places.${name} node) nodes;

  treeIn = place: _: place.sourceInfo // place;

  flakeIn =
    place: node:
    let
      file = import (place.outPath + "/flake.nix");
      inputs = builtins.mapAttrs (_: name: everything.${name}) node.inputs;
      outputs = file.outputs (inputs // { self = flake; });
      flake =
        outputs
        // place.sourceInfo
        // place
        // {
          _type = "flake";
          inherit inputs outputs;
        };
    in
    assert builtins.isFunction file.outputs;
    flake;
in
everything
