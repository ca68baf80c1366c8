# An interpolated value is inserted unchanged, whatever its own newlines.
let
  body = "line1\n      line2";
in
''
    begin
      ${body}
    end ${"a"}${"b"}
''
