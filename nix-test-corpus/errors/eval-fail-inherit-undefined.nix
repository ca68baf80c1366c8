# Inheriting a name that is not in scope.
{ inherit nothing; }
