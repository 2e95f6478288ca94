"""`python -m harvester`, and what the console script calls."""

from harvester.cli import main

if __name__ == "__main__":
    main()
