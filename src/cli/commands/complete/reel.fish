# Completion of reel for fish.
complete -c reel -a '(reel complete -- (commandline -opc) (commandline -ct) 2>/dev/null)'
