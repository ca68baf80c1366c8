# Parts of versions: at dots, dashes, and between digits and letters.
map builtins.splitVersion [ "1.2.3" "1.2pre4" "2024-01-02" "abc" "" "1..2" "v1.0-rc.1" "." ]
