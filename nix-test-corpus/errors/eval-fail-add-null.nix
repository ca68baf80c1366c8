# null cannot be added to anything.
null + "x"
