# Importing a file that is not there.
import ./data/no-such-file.nix
