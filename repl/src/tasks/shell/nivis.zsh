#compdef nivis
# Completions of nivis for zsh. After Tab the program itself is asked what could come next; it runs nothing.
_nivis() {
    local kind line
    local -a answer found shown
    answer=("${(@f)$(NIX_GET_COMPLETIONS=$((CURRENT - 1)) "${(@Q)words[1,CURRENT]}" 2>/dev/null)}")
    kind=$answer[1]
    for line in "${(@)answer[2,-1]}"; do
        found+=("${line%%$'\t'*}")
        if [[ $line == *$'\t'?* ]]; then shown+=("${line%%$'\t'*}  -- ${line#*$'\t'}"); else shown+=("${line%%$'\t'*}"); fi
    done
    case $kind in
        filenames) compadd -f -a found ;;
        attrs) compadd -Q -S '' -a found ;;
        *) compadd -Q -l -d shown -a found ;;
    esac
}
if [[ $zsh_eval_context == *loadautofunc* ]]; then _nivis "$@"; else compdef _nivis nivis; fi
