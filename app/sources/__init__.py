"""Where readings come from by themselves: a question is asked, and one number comes back.

`asking` is what the bot uses; it starts `child`, a process of its own for each question, and all
modules below that run in it.
"""
