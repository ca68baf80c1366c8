# Warnings are told before the error that ends the text.
f: [ (f or) f or f or ) ]
