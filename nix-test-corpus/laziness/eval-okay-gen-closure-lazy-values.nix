# genericClosure evaluates only the keys.
builtins.length (builtins.genericClosure {
  startSet = [ { key = 1; payload = throw "not looked at"; } ];
  operator = item: if item.key < 3 then [ { key = item.key + 1; payload = throw "nor this"; } ] else [ ];
})
