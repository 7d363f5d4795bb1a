#compdef reel
# Completion of reel for zsh.
_reel() {
    local -a offers
    offers=("${(@f)$(reel complete -- "${(@)words[1,CURRENT]}" 2>/dev/null | sed -e 's/:/\\:/g' -e 's/	/:/')}")
    if [[ -n "${offers[*]}" ]]; then
        _describe reel offers
    else
        _files
    fi
}
if [[ "${funcstack[1]}" = _reel ]]; then
    _reel "$@"
else
    compdef _reel reel
fi
