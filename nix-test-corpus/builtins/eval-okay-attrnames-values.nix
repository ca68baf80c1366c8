# Names and values of sets, empty and not.
[ (builtins.attrNames { }) (builtins.attrValues { }) (builtins.attrNames { y = 1; x = 2; }) (builtins.attrValues { y = 1; x = 2; }) ]
