"""Runs the command line as `python -m dlmap`."""

from dlmap.cli import main

if __name__ == "__main__":
    main()
