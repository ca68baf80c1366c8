# ? evaluates the value before it.
(throw "no value") ? a
