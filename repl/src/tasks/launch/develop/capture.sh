# The builder of an environment: what a derivation's own builder would have after setup, written as JSON.
if [ -e "${NIX_ATTRS_SH_FILE-}" ]; then . "$NIX_ATTRS_SH_FILE"; fi
export IN_NIX_SHELL=impure dontAddDisableDepTrack=1
if [ -n "${stdenv-}" ]; then
    set -e
    . "$stdenv/setup"
fi
set +eu +o pipefail

# Listed before this file adds any. A build's bash may lack compgen.
_nivis_variables=$(declare -p)
_nivis_functions=$(declare -F)

# Prints a text as a string of JSON.
_nivis_string() {
    local _nivis_text=$1 _nivis_code _nivis_byte
    _nivis_text=${_nivis_text//\\/\\\\}
    _nivis_text=${_nivis_text//\"/\\\"}
    _nivis_text=${_nivis_text//$'\n'/\\n}
    _nivis_text=${_nivis_text//$'\t'/\\t}
    if [[ $_nivis_text == *[[:cntrl:]]* ]]; then
        for _nivis_code in 0{1,2,3,4,5,6,7,8,b,c,d,e,f} 1{0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f}; do
            printf -v _nivis_byte "\\x$_nivis_code"
            _nivis_text=${_nivis_text//"$_nivis_byte"/\\u00$_nivis_code}
        done
    fi
    printf '"%s"' "$_nivis_text"
}

# Prints a name and a colon, after a comma unless it is the first.
_nivis_key() {
    if [ "$_nivis_count" != 0 ]; then printf ,; fi
    _nivis_count=$((_nivis_count + 1))
    _nivis_string "$1"
    printf :
}

_nivis_list() {
    local _nivis_item _nivis_comma=
    printf '['
    for _nivis_item; do
        printf '%s' "$_nivis_comma"
        _nivis_string "$_nivis_item"
        _nivis_comma=,
    done
    printf ']'
}

_nivis_map() {
    local _nivis_item _nivis_count=0
    local -n _nivis_place=$1
    printf '{'
    for _nivis_item in "${!_nivis_place[@]}"; do
        _nivis_key "$_nivis_item"
        _nivis_string "${_nivis_place[$_nivis_item]}"
    done
    printf '}'
}

# Prints a variable of the kind that a line of `declare -p` tells.
_nivis_variable() {
    local _nivis_name=$1 _nivis_every="$1[@]"
    case $2 in
    x) printf '{"type":"exported","value":' && _nivis_string "${!_nivis_name}" ;;
    a) printf '{"type":"array","value":' && _nivis_list "${!_nivis_every}" ;;
    A) printf '{"type":"associative","value":' && _nivis_map "$_nivis_name" ;;
    *) printf '{"type":"var","value":' && _nivis_string "${!_nivis_name}" ;;
    esac
    printf '}'
}

# True for variables that each bash has of its own.
_nivis_is_own() {
    case $1 in
    _ | _nivis_* | BASH_* | COMP_* | DIRSTACK | EPOCHREALTIME | EPOCHSECONDS | EUID | FUNCNAME | GROUPS | HISTCMD) ;;
    HOSTNAME | PIPESTATUS | PWD | RANDOM | SECONDS | SHLVL) ;;
    *) return 1 ;;
    esac
}

_nivis_environment() {
    local _nivis_line _nivis_word _nivis_count=0
    printf '{"bashFunctions":{'
    while IFS= read -r _nivis_line; do
        case $_nivis_line in 'declare -f '*) ;; *) continue ;; esac
        _nivis_word=${_nivis_line#declare -f }
        _nivis_key "$_nivis_word"
        _nivis_line=$(declare -f "$_nivis_word")
        _nivis_line=${_nivis_line#*\{}
        _nivis_string "${_nivis_line%\}*}"
    done <<< "$_nivis_functions"
    printf '},"variables":{'
    _nivis_count=0
    while IFS= read -r _nivis_line; do
        # Those with other properties, such as those that can't be changed, are left out.
        case $_nivis_line in 'declare -'[-aAx]' '[a-zA-Z_]*) ;; *) continue ;; esac
        _nivis_word=${_nivis_line:11}
        _nivis_word=${_nivis_word%%=*}
        # A line may also be a part of a value.
        if [[ $_nivis_word == *[!a-zA-Z0-9_]* ]] || _nivis_is_own "$_nivis_word"; then continue; fi
        declare -p "$_nivis_word" > /dev/null 2>&1 || continue
        _nivis_key "$_nivis_word"
        _nivis_variable "$_nivis_word" "${_nivis_line:9:1}"
    done <<< "$_nivis_variables"
    printf '}'
    if [ -e "${NIX_ATTRS_SH_FILE-}" ]; then
        printf ',"structuredAttrs":{".attrs.json":'
        _nivis_string "$(< "$NIX_ATTRS_JSON_FILE")"
        printf ',".attrs.sh":'
        _nivis_string "$(< "$NIX_ATTRS_SH_FILE")"
        printf '}'
    fi
    printf '}'
}

# All outputs must exist; the first has the environment.
if [[ $(declare -p outputs 2> /dev/null) == 'declare -A'* ]]; then
    _nivis_outputs=("${outputs[@]}")
else
    _nivis_outputs=()
    for _nivis_name in ${outputs:-out}; do _nivis_outputs+=("${!_nivis_name}"); done
fi
for _nivis_output in "${_nivis_outputs[@]}"; do : > "$_nivis_output"; done
_nivis_environment > "${_nivis_outputs[0]}"
