# Numbers are not turned to strings by themselves.
"port: ${8080}"
