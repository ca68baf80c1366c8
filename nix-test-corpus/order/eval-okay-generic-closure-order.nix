# genericClosure is breadth first and keeps the first of equal keys.
map (x: "${x.key}${x.from}") (builtins.genericClosure {
  startSet = [ { key = "a"; from = "0"; } { key = "b"; from = "0"; } ];
  operator = { key, ... }: if builtins.stringLength key > 1 then [ ] else [
    { key = key + "1"; from = key; }
    { key = "b"; from = key; }
    { key = "shared"; from = key; }
  ];
})
