"""Speed and memory, beside a bare Bolt app measured in the same run: `python -m tests.bench`."""
