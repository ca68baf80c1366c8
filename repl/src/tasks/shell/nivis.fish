# Completions of nivis for fish. After Tab the program itself is asked what could come next; it runs nothing.
function __nivis_complete
    set -l words (commandline --cut-at-cursor --tokenize)
    set -l current (commandline --cut-at-cursor --current-token)
    set -l answer (env NIX_GET_COMPLETIONS=(count $words) $words "$current" 2>/dev/null)
    printf '%s\n' $answer[2..-1]
end
complete --command nivis --no-files --arguments '(__nivis_complete)'
