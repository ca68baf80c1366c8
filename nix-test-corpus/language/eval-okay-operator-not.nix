# ! binds weaker than arithmetic and has-attr, tighter than comparison.
let
  set = { a = true; };
in
[ (!set ? b) (!set.a) (!false && false) (!(false && false)) (!!true) (!true == false) ]
