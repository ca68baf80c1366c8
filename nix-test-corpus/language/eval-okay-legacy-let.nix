# let { ... } evaluates to its attribute "body".
let {
  x = 20;
  y = 22;
  body = x + y;
}
