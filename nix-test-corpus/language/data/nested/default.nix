"default of nested"
