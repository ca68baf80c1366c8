# The definition of the attribute that failed is shown.
let
  config = {
    port = throw "no port configured";
  };
in
config.port
