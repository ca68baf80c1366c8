# Functions without a name appear as anonymous lambdas.
(x: (y: throw "y is ${toString y}") (x * 2)) 21
