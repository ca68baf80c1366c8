# n NixOS systems in one evaluation, with a few services each.
{ n ? 8 }:
let
  system = number: import <nixpkgs/nixos/lib/eval-config.nix> {
    system = "x86_64-linux";
    modules = [
      {
        networking.hostName = "host${toString number}";
        boot.loader.grub.device = "/dev/sda";
        fileSystems."/" = { device = "/dev/sda1"; fsType = "ext4"; };
        services.openssh.enable = true;
        services.nginx.enable = true;
        services.postgresql.enable = true;
      }
    ];
  };
  path = number: (system number).config.system.build.toplevel.drvPath;
in
builtins.foldl' (sum: number: sum + builtins.stringLength (path number)) 0 (builtins.genList (number: number) n)
