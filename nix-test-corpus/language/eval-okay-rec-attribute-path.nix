# In a rec set, the first name of a path is in scope; the rest are plain sets.
rec {
  cfg.port = 80;
  cfg.host = "h";
  url = "${cfg.host}:${toString cfg.port}";
}
