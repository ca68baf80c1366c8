# A filtered copy of a folder, in which each file becomes a source of its own. The runner writes the folder.
{ n ? 2000 }:
let
  source = builtins.path {
    path = <files> + "/sources-${toString n}";
    name = "source";
    filter = path: type: baseNameOf path != ".git";
  };
  copy = i: "${/. + builtins.unsafeDiscardStringContext source + "/${toString i}"}";
in
builtins.foldl' (sum: i: sum + builtins.stringLength (copy i)) 0 (builtins.genList (i: i) n)
