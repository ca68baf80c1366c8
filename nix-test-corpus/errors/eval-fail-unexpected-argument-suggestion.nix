# A misspelt argument comes with a suggestion.
let
  connect = { hostname, port ? 80 }: "${hostname}:${toString port}";
in
connect { hostname = "h"; prot = 81; }
