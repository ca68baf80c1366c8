# Values written as XML.
{ n ? 20000 }:
builtins.stringLength (builtins.toXML (builtins.genList (i: { name = "a<b"; value = i; }) n))
