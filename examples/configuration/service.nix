let
  listen = port: { host = "0.0.0.0"; inherit port; };
in
{
  name = "edge";
  listen = map listen [ 80 8080 ] ++ [ (listen 443 // { tls = true; }) ];
  workers = 2 * 8;
  level = "info";
  backend.http.url = "https://example.org";
  motd = ./motd.txt;
}
