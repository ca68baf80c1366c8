# builtins.nixPath lists what was given with -I.
builtins.nixPath
