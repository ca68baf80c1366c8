# getEnv reads the environment; an unset variable is the empty string.
[ (builtins.getEnv "TEST_VAR") (builtins.getEnv "THIS_VARIABLE_IS_NOT_SET_ANYWHERE") ]
