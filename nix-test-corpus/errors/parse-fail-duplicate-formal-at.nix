# A formal with the name of the whole argument.
args@{ a, args }: a
