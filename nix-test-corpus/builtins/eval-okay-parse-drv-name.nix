# The version starts at the first dash that no letter follows.
map builtins.parseDrvName [ "hello-2.12" "my-tool-1.0-rc1" "no-version" "x-" "-1" "a-1b-2" "" "name-0x10" "lib-c-1.2" ]
