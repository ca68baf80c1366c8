# An assert is checked only when its value is needed.
let
  bad = assert false; 1;
in
{ ok = builtins.length [ bad ]; caught = builtins.tryEval bad; }
