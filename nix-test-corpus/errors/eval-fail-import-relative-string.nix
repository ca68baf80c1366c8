# A string must be an absolute path.
import "data/answer.nix"
