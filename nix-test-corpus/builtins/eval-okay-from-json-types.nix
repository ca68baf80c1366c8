# Every kind of JSON value.
map builtins.fromJSON [ "null" "true" "0" "-12" "1.5" "1e3" "-0.0" "\"s\"" "[]" "{}" "[1, [2, {\"a\": null}]]" "  7  " ]
