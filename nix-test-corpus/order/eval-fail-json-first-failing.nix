# toJSON goes through the names in byte order, so another attribute fails first.
builtins.toJSON { zebra = throw "zebra fails"; mouse = throw "mouse fails"; ant = 1; }
