# How the spellings of list access are read.
xs: [ (xs.0) (xs.list.0) (xs.0.1) (xs."0") (xs.${"0"}) (xs.${0}) (xs[0]) ]
