# __overrides in a rec set replaces bindings, also for their siblings.
rec {
  a = 1;
  b = a + 1;
  __overrides = { a = 10; extra = "new"; };
}
