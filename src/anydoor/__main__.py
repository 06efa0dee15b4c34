"""`python -m anydoor` is the `anydoor` command."""

from anydoor.config.command import main

main()
