# Ordinary strings have no context.
[ (builtins.hasContext "text") (builtins.getContext "text") (builtins.unsafeDiscardStringContext "text") ]
