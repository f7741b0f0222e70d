"""`python -m app` is `kpi`."""

from app.cli import main

main()
