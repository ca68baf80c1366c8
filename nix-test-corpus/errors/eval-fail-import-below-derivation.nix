# So would one that a file is imported from.
import "${derivation { name = "x"; system = "s"; builder = "b"; }}/a.nix"
