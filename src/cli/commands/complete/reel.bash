# Completion of reel for bash.
_reel() {
    local IFS=$'\n'
    COMPREPLY=($(reel complete -- "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null | cut -f1))
}
complete -o default -F _reel reel
