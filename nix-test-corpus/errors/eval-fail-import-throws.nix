# An error in an imported file.
import ./data/throwing.nix { reason = "because"; }
