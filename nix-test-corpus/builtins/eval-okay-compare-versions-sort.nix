# Sorting with compareVersions.
builtins.sort (a: b: builtins.compareVersions a b < 0) [ "1.10" "1.9" "1.9pre2" "1.9a" "1" "1.9.0" "2pre" "2" ]
