# Keywords must be quoted as attribute names.
{ }.if
