"""`python -m app` is `kpi`.

The process that paints charts runs this file again, as `__mp_main__`: it needs nothing of the
command line, which takes seconds to import.
"""

import sys


def main() -> None:
    """Run a command."""
    try:
        from app.cli import main as run  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
