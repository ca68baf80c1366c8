# The tree of a Git repository, in which each file becomes a source of its own. The runner makes the repository.
{ n ? 2000 }:
let
  source = builtins.fetchGit (<files> + "/sources-${toString n}");
  copy = i: "${/. + builtins.unsafeDiscardStringContext source.outPath + "/${toString i}"}";
in
builtins.foldl' (sum: i: sum + builtins.stringLength (copy i)) 0 (builtins.genList (i: i) n)
