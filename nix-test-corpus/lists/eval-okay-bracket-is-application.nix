# xs[0] applies xs to a list.
(l: builtins.length l)[0 1 2]
