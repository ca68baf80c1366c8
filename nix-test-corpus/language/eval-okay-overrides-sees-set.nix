# __overrides may itself refer to the other attributes.
rec {
  name = "old";
  suffix = "!";
  text = name + suffix;
  __overrides.name = "new" + suffix;
}
