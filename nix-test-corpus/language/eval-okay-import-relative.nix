# Paths in an imported file are relative to that file.
import ./data/nested/relative.nix
