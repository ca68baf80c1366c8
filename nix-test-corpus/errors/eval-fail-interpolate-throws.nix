# An error inside an interpolation.
"a ${throw "inside"} b"
