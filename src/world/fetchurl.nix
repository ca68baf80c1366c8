# `<nix/fetchurl.nix>`: a derivation that C++ Nix builds by itself, by downloading a file. Exactly these attributes make its
# store path.
{ url
, system ? ""
, hash ? ""
, md5 ? "", sha1 ? "", sha256 ? "", sha512 ? ""
, outputHash ?
    if hash != "" then hash
    else if sha512 != "" then sha512
    else if sha1 != "" then sha1
    else if md5 != "" then md5
    else sha256
, outputHashAlgo ?
    if hash != "" then ""
    else if sha512 != "" then "sha512"
    else if sha1 != "" then "sha1"
    else if md5 != "" then "md5"
    else "sha256"
, executable ? false
, unpack ? false
, name ? baseNameOf (toString url)
, impure ? false
}:
let
  proxies = [ "http_proxy" "https_proxy" "ftp_proxy" "all_proxy" "no_proxy" ];
  content = if impure then { __impure = true; } else { inherit outputHash outputHashAlgo; };
  always = {
    inherit name url executable unpack;
    system = "builtin";
    builder = "builtin:fetchurl";
    outputHashMode = if executable || unpack then "recursive" else "flat";
    preferLocalBuild = true;
    impureEnvVars = proxies;
    urls = [ url ];
  };
in
derivation (always // content)
