# The right side of // is evaluated first.
(throw "left") // [ ]
