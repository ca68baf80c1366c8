# A syntax error in an imported file.
import ./data/broken.nix
