# A name that the search path does not have.
import <no-such-entry/x.nix>
