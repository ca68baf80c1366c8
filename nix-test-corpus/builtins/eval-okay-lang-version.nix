# The version of the language, and the store folder.
[ builtins.langVersion builtins.storeDir (builtins.compareVersions builtins.nixVersion "2.18" >= 0) ]
