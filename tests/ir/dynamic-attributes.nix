# Names known from the text make the set; computed names are added to it afterwards. A plain string in braces is known.
name: rec {
  a = 1;
  ${"b"} = a;
  ${name} = a;
  "c-${name}" = 2;
}
