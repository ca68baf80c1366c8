# Completions of nivis for bash. After Tab the program itself is asked what could come next; it runs nothing.
_nivis() {
    local line=${COMP_LINE:0:COMP_POINT} kind='' word rest current before=''
    local -a words
    read -ra words <<<"$line"
    case $line in *[[:space:]]) words+=('') ;; esac
    current=${words[${#words[@]} - 1]}
    # bash sees what follows a colon or an equals sign as a word of its own.
    case $current in *[:=]*) before=${current%"${current##*[:=]}"} ;; esac
    COMPREPLY=()
    while IFS=$'\t' read -r word rest; do
        if [ -z "$kind" ]; then kind=$word; else COMPREPLY+=("${word#"$before"}"); fi
    done < <(NIX_GET_COMPLETIONS=$((${#words[@]} - 1)) "${words[@]}" 2>/dev/null)
    case $kind in
        filenames) compopt -o filenames ;;
        attrs) compopt -o nospace ;;
    esac
}
complete -F _nivis nivis
