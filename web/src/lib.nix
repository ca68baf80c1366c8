# A few functions for the page, in the spirit of nixpkgs' lib, written for it.
rec {
  id = x: x;
  const = x: _: x;
  flip = f: a: b: f b a;
  compose = f: g: x: f (g x);
  pipe = builtins.foldl' (x: f: f x);
  fix = f: let x = f x; in x;
  extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
  range = first: last: if first > last then [ ] else builtins.genList (n: first + n) (last - first + 1);
  sum = builtins.foldl' builtins.add 0;
  foldr = op: nul: list:
    let
      len = builtins.length list;
      go = n: if n == len then nul else op (builtins.elemAt list n) (go (n + 1));
    in
    go 0;
  last = list: builtins.elemAt list (builtins.length list - 1);
  reverse = list: let n = builtins.length list; in builtins.genList (i: builtins.elemAt list (n - i - 1)) n;
  take = n: list: builtins.genList (builtins.elemAt list) (min n (builtins.length list));
  min = a: b: if a < b then a else b;
  max = a: b: if a > b then a else b;
  mod = a: b: a - b * (a / b);
  concatMapStrings = f: list: builtins.concatStringsSep "" (map f list);
  optional = condition: value: if condition then [ value ] else [ ];
  optionalString = condition: text: if condition then text else "";
  mapAttrsToList = f: set: map (name: f name set.${name}) (builtins.attrNames set);
  nameValuePair = name: value: { inherit name value; };
  genAttrs = names: f: builtins.listToAttrs (map (name: nameValuePair name (f name)) names);
  filterAttrs = keep: set:
    builtins.removeAttrs set (builtins.filter (name: !keep name set.${name}) (builtins.attrNames set));
}
