# deepSeq visits attributes in the order their names first occur.
builtins.deepSeq {
  violin = builtins.trace "violin" 1;
  cello = builtins.trace "cello" 2;
  alto = { flute = builtins.trace "flute" 3; bassoon = builtins.trace "bassoon" 4; };
} "done"
