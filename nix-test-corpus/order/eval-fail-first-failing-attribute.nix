# The error that is reported is that of the attribute whose name occurs first.
{ zebra = throw "zebra fails"; mouse = throw "mouse fails"; ant = 1; }
