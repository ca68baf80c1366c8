# placeholder depends on the output's name only.
[ (builtins.placeholder "out") (builtins.placeholder "dev") (placeholder "out" == builtins.placeholder "out") ]
