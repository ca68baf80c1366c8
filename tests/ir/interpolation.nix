# Text and computed parts alternate in one node. A string without computed parts is a constant.
name: [ "plain" "${name}" "a ${name} b ${"c"}" ./dir/${name}.nix ''
  ${name}
    ''${no}
'' ]
