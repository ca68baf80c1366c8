# length is for lists; strings have stringLength.
builtins.length "text"
